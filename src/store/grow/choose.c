/* Chooses rows for the members, then the state from which training continues, and then the iteration count to
 * which it is trained until the offer has something again.
 *
 * The rules of the job decide anew where the trajectory ends. The rule about costs follows from the costs of the older
 * result. The rule about a target needs the accuracy at every iteration at which the job evaluates: it is that of a row,
 * or known to be too low because the older job had the same rule or a stricter one, and was trained further. Where it is
 * not known, nothing beyond is taken. The rule about time has no result that is a function of the job: states are taken
 * while their processor time is below the limit, and an end by time only if both limits are the same.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "choose.h"

/* A choice in progress. */
struct choosing {
    const struct ms_offer *offer;
    const struct ms_end_rules *rules;
    const struct ms_choose_for *of;
    struct ms_choice *choice;
    int64_t from; /* what was chosen so far leads to this iteration */
    int64_t next; /* the first member that has no row yet */
};

/* ---- the states of an offer ----------------------------------------------------------------------------- */

/* Returns the number of states with fewer iterations. */
static int64_t count_below(const struct ms_offer *offer, int64_t iterations)
{
    int64_t from = 0, to = offer->n_states;

    while (from < to) {
        const int64_t middle = from + (to - from) / 2;

        if (offer->states[middle].iterations < iterations)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Returns the state with that many iterations; NULL: there is none. */
static const struct ms_offer_state *find_state(const struct ms_offer *offer, int64_t iterations)
{
    const int64_t place = count_below(offer, iterations);

    return place < offer->n_states && offer->states[place].iterations == iterations ? &offer->states[place]
                                                                                    : NULL;
}

/* ---- the rules of the job ------------------------------------------------------------------------------- */

static bool has_target(const struct ms_end_rules *rules)
{
    return rules->target_dev_accuracy > 0;
}

/* Whether the job evaluates after so many iterations, even without a member there. */
static bool is_evaluated(const struct ms_end_rules *rules, int64_t iterations)
{
    return has_target(rules) && rules->every > 0 && iterations % rules->every == 0;
}

/* Whether the older job would have ended a trajectory wherever this job does so because of its accuracy. */
static bool is_stricter(const struct ms_end_rules *older, const struct ms_end_rules *rules)
{
    return has_target(older) && older->target_dev_accuracy <= rules->target_dev_accuracy &&
           older->every > 0 && rules->every % older->every == 0;
}

/* Whether the job finds no accuracy that ends the trajectory between two iterations, without both; there is no member
 * between them, and the older trajectory was trained to `to`. */
static bool is_clear(const struct choosing *choosing, int64_t from, int64_t to)
{
    const struct ms_end_rules *rules = choosing->rules;
    const struct ms_offer_state *state;

    if (!has_target(rules) || rules->every == 0 || is_stricter(choosing->offer->older_rules, rules))
        return true;
    for (int64_t at = from - from % rules->every + rules->every; at < to; at += rules->every) {
        state = find_state(choosing->offer, at);
        if (state == NULL || state->dev_accuracy >= rules->target_dev_accuracy)
            return false;
    }
    return true;
}

static bool is_in_time(const struct ms_end_rules *rules, double cpu_seconds)
{
    return rules->max_seconds == 0 || cpu_seconds < rules->max_seconds;
}

/* Returns the rule that ends the trajectory in a state that it reaches; is_member: a member has its iteration count. */
static enum ms_ended_by end_in(const struct choosing *choosing, const struct ms_offer_state *state,
                               bool is_member)
{
    const struct ms_end_rules *rules = choosing->rules, *older = choosing->offer->older_rules;

    if (state->iterations == choosing->offer->patience_end)
        return MS_ENDED_BY_PATIENCE;
    if (has_target(rules) && (is_member || is_evaluated(rules, state->iterations)) &&
        state->dev_accuracy >= rules->target_dev_accuracy)
        return MS_ENDED_BY_TARGET;
    return state->is_end_by_time && rules->max_seconds > 0 && rules->max_seconds == older->max_seconds
               ? MS_ENDED_BY_TIME
               : MS_ENDED_BY_NOTHING;
}

/* ---- rows ----------------------------------------------------------------------------------------------- */

/* Gives a row to all members that have none. */
static void choose_rest(struct choosing *choosing, int64_t row, enum ms_ended_by by)
{
    struct ms_choice *choice = choosing->choice;

    choice->n_done = choosing->next;
    choice->by = by;
    choice->rows += choosing->of->count - choosing->next;
    while (choosing->next < choosing->of->count)
        choice->row[choosing->next++] = row;
}

static int64_t next_count(const struct choosing *choosing)
{
    return choosing->of->members[choosing->next].iterations;
}

static bool has_next(const struct choosing *choosing)
{
    return choosing->next < choosing->of->count && next_count(choosing) <= choosing->of->limit;
}

/* Chooses rows for the next members, which have the same count, and for all others if the trajectory ends there. Returns
 * false if the offer has none. */
static bool choose_done(struct choosing *choosing)
{
    const int64_t count = next_count(choosing);
    const struct ms_offer_state *state = find_state(choosing->offer, count);
    enum ms_ended_by by;

    if (state == NULL || count > choosing->offer->patience_end || !is_clear(choosing, choosing->from, count))
        return false;
    by = end_in(choosing, state, true);
    if (by != MS_ENDED_BY_TIME && !is_in_time(choosing->rules, state->cpu_seconds))
        return false;
    for (; choosing->next < choosing->of->count && next_count(choosing) == count; choosing->choice->rows++)
        choosing->choice->row[choosing->next++] = state->row;
    choosing->choice->n_done = choosing->next;
    choosing->from = count;
    if (by != MS_ENDED_BY_NOTHING)
        choose_rest(choosing, state->row, by);
    return true;
}

/* Chooses the state before the next member in which a rule ends the trajectory, if there is one. */
static bool choose_end(struct choosing *choosing)
{
    const struct ms_offer *offer = choosing->offer;

    for (int64_t i = count_below(offer, choosing->from + 1); i < offer->n_states; i++) {
        const struct ms_offer_state *state = &offer->states[i];
        enum ms_ended_by by;

        if (state->iterations >= next_count(choosing) || state->iterations > offer->patience_end ||
            !is_clear(choosing, choosing->from, state->iterations))
            return false;
        by = end_in(choosing, state, false);
        if (by != MS_ENDED_BY_TIME && !is_in_time(choosing->rules, state->cpu_seconds))
            return false;
        if (by != MS_ENDED_BY_NOTHING) {
            choose_rest(choosing, state->row, by);
            return true;
        }
    }
    return false;
}

/* Chooses the row at which the trajectory diverged before the next member, if there is one. */
static bool choose_diverged(struct choosing *choosing)
{
    const struct ms_offer *offer = choosing->offer;
    const int64_t at = offer->diverged_at;

    if (offer->diverged < 0 || at < choosing->from || at >= next_count(choosing) ||
        at >= offer->patience_end || offer->trajectory->costs.count > choosing->of->cost_room ||
        !is_clear(choosing, choosing->from, at + 1) || !is_in_time(choosing->rules, offer->diverged_cpu_s))
        return false;
    choose_rest(choosing, offer->diverged, MS_ENDED_BY_NOTHING);
    return true;
}

/* ---- where training continues --------------------------------------------------------------------------- */

/* Whether training may continue from a state before the next member, and before the rule about costs ends it. */
static bool is_start(const struct choosing *choosing, int64_t iterations, double cpu_seconds)
{
    return iterations > choosing->from && iterations > choosing->choice->start &&
           iterations < next_count(choosing) && iterations < choosing->offer->patience_end &&
           is_in_time(choosing->rules, cpu_seconds) && is_clear(choosing, choosing->from, iterations);
}

/* Chooses the state with the most iterations. A state at an iteration count of the job would be a row (C4), and one where
 * its accuracy decides whether the trajectory ends must have been evaluated. */
static void choose_start(struct choosing *choosing)
{
    const struct ms_offer *offer = choosing->offer;
    struct ms_choice *choice = choosing->choice;

    for (int64_t i = count_below(offer, next_count(choosing)) - 1; i >= 0 && choice->start == 0; i--) {
        const struct ms_offer_state *state = &offer->states[i];

        if (state->iterations <= choosing->from)
            break;
        if (is_start(choosing, state->iterations, state->cpu_seconds) &&
            end_in(choosing, state, false) != MS_ENDED_BY_TARGET) {
            choice->start = state->iterations;
            choice->start_row = state->row;
        }
    }
    if (is_start(choosing, offer->slot.iteration, offer->slot.cpu_seconds) &&
        !is_evaluated(choosing->rules, offer->slot.iteration)) {
        choice->start = offer->slot.iteration;
        choice->start_row = -1;
    }
}

/* Returns the smallest iteration after `after` at which the offer has something; INT64_MAX: nothing. */
static int64_t first_after(const struct ms_offer *offer, int64_t after)
{
    const int64_t place = count_below(offer, after + 1);
    int64_t first = place < offer->n_states ? offer->states[place].iterations : INT64_MAX;

    if (offer->slot.iteration > after && offer->slot.iteration < first)
        first = offer->slot.iteration;
    if (offer->diverged >= 0 && offer->diverged_at > after && offer->diverged_at < first)
        first = offer->diverged_at;
    return first;
}

/* Chooses the last of the members that must be trained before the offer has something again. */
static void choose_goal(struct choosing *choosing)
{
    const struct ms_choose_for *of = choosing->of;
    const int64_t first = first_after(choosing->offer, next_count(choosing));
    int64_t goal = next_count(choosing);

    for (int64_t i = choosing->next; i < of->count && of->members[i].iterations < first; i++)
        goal = of->members[i].iterations;
    if (first < INT64_MAX && goal <= of->limit && goal < choosing->offer->patience_end &&
        is_clear(choosing, goal, first))
        choosing->choice->goal = goal;
}

void ms_choose(const struct ms_offer *offer, const struct ms_choose_for *for_, struct ms_choice *choice)
{
    struct choosing choosing = {
        .offer = offer, .rules = offer->rules, .of = for_, .choice = choice, .from = for_->from};

    *choice = (struct ms_choice){.row = choice->row, .start_row = -1};
    for (int64_t i = 0; i < for_->count; i++)
        choice->row[i] = -1;
    while (choosing.next < for_->count && next_count(&choosing) <= for_->from)
        choosing.next++;
    choice->n_done = choosing.next;
    while (has_next(&choosing) && choose_done(&choosing))
        ;
    if (!has_next(&choosing) || choose_end(&choosing) || choose_diverged(&choosing))
        return;
    choose_start(&choosing);
    choose_goal(&choosing);
}
