#include "offer.h"

/* Returns the number of done rows with fewer iterations. */
static int64_t count_below(const struct ms_offer *offer, int64_t iterations)
{
    int64_t from = 0, to = offer->n_done;

    while (from < to) {
        const int64_t middle = from + (to - from) / 2;

        if (offer->done[middle].iterations < iterations)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Returns the position of the done row with that many iterations; -1: there is none. */
static int64_t find_done(const struct ms_offer *offer, int64_t iterations)
{
    const int64_t place = count_below(offer, iterations);

    return place < offer->n_done && offer->done[place].iterations == iterations ? offer->done[place].row : -1;
}

/* Whether all configurations from `next` iterations on diverged, and no update of `from` iterations is missing. */
static bool has_diverged(const struct ms_offer *offer, int64_t cost_room, int64_t from, int64_t next)
{
    return offer->diverged >= 0 && offer->diverged_at >= from && offer->diverged_at < next &&
           offer->trajectory->costs.count <= cost_room;
}

/* Chooses the state with the most iterations after `from` and before the iteration count that must be trained next. A
 * state at an iteration count of the job would be a row (C4). */
static void choose_start(const struct ms_offer *offer, int64_t from, int64_t next,
                         struct ms_offer_choice *choice)
{
    const int64_t below = count_below(offer, next);

    if (below > 0 && offer->done[below - 1].iterations > from) {
        choice->start = offer->done[below - 1].iterations;
        choice->start_row = offer->done[below - 1].row;
    }
    if (offer->slot.iteration > from && offer->slot.iteration > choice->start &&
        offer->slot.iteration < next) {
        choice->start = offer->slot.iteration;
        choice->start_row = -1;
    }
}

void ms_offer_choose(const struct ms_offer *offer, const struct ms_grid_member *members, int64_t count,
                     int64_t cost_room, int64_t from, struct ms_offer_choice *choice)
{
    int64_t next = 0;

    *choice = (struct ms_offer_choice){.row = choice->row, .start_row = -1};
    for (int64_t i = 0; i < count; i++)
        choice->row[i] = -1;
    while (next < count && members[next].iterations <= from)
        next++;
    while (next < count && find_done(offer, members[next].iterations) >= 0) {
        choice->row[next] = find_done(offer, members[next].iterations);
        choice->rows++;
        from = members[next++].iterations;
    }
    if (next == count)
        return;
    if (!has_diverged(offer, cost_room, from, members[next].iterations)) {
        choose_start(offer, from, members[next].iterations, choice);
        return;
    }
    choice->rows += count - next;
    for (; next < count; next++)
        choice->row[next] = offer->diverged;
}
