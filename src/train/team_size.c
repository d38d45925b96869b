/* The two sizes take turns in the order A B B A A B, so that a machine that becomes slower or faster meanwhile
 * favours neither, and the medians count, so that a stretch that was interrupted does not decide.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "team_size.h"

#include <stdbool.h>

enum { STRETCHES = 2 * MS_TEAM_SIZE_ROUNDS };

/* Between comparisons. */
static const int64_t shortest_term = 60, longest_term = 2000;

/* So much of the time of a smaller team a larger one may take. */
static const double gain = 0.95;

/* A team that is slower than one process was for so many stretches in a row is compared with that. */
enum { SLOW_MOST = 3 };

void ms_team_size_begin(struct ms_team_size *size)
{
    *size = (struct ms_team_size){.kept = 1, .term = shortest_term};
}

int32_t ms_team_size_useful(int32_t members, int32_t segments)
{
    const int32_t largest_share = (segments + members - 1) / members;

    return (segments + largest_share - 1) / largest_share;
}

static void begin_comparison(struct ms_team_size *size, int32_t rival)
{
    size->rival = rival;
    size->stretch = 0;
    size->slow = 0;
    if (size->compared < size->available)
        size->compared = size->available;
}

/* The sizes that are tried, in turns: all, none besides the leader, half as many, twice as many. Returns 0 if there is
 * none but the one that is kept. */
static int32_t next_rival(struct ms_team_size *size)
{
    for (int tries = 0; tries < 4; tries++) {
        const int32_t rivals[] = {size->available, 1, (size->kept + 1) / 2, 2 * size->kept};
        const int32_t rival = rivals[size->turn++ % 4];

        if (rival != size->kept && rival <= size->available)
            return rival;
    }
    return 0;
}

/* Takes note of how many are available now. */
static void take_available(struct ms_team_size *size, int32_t available)
{
    size->available = available;
    if (size->kept > available || size->rival > available) { /* members have left */
        size->kept = size->kept > available ? available : size->kept;
        size->rival = 0;
        size->term = size->left = shortest_term;
    }
    if (available > size->compared && size->rival == 0) { /* that many were never tried */
        size->left = 0;
        size->turn = 0;
    }
}

int32_t ms_team_size_next(struct ms_team_size *size, int32_t available)
{
    take_available(size, available);
    if (size->rival == 0 && size->left <= 0 && available > 1) {
        const int32_t rival = next_rival(size);

        if (rival > 0)
            begin_comparison(size, rival);
    }
    if (size->rival == 0)
        return size->kept;
    return (size->stretch + 1) / 2 % 2 == 0 ? size->kept : size->rival;
}

static double median(const double values[MS_TEAM_SIZE_ROUNDS])
{
    const double a = values[0], b = values[1], c = values[2];

    if ((a <= b) == (b <= c))
        return b;
    return (b <= a) == (a <= c) ? a : c;
}

static void decide(struct ms_team_size *size)
{
    const double kept_s = median(size->seconds[0]), rival_s = median(size->seconds[1]);
    const bool is_larger = size->rival > size->kept;
    const bool is_quicker = is_larger ? rival_s < gain * kept_s : gain * rival_s < kept_s;

    if (size->kept == 1 || size->rival == 1)
        size->alone_s = size->kept == 1 ? kept_s : rival_s;
    if (is_quicker)
        size->kept = size->rival;
    if (is_quicker)
        size->term = shortest_term;
    else if (size->term < longest_term)
        size->term *= 2;
    size->left = size->term;
    size->rival = 0;
}

static void note_of_comparison(struct ms_team_size *size, double seconds)
{
    const bool is_rival = (size->stretch + 1) / 2 % 2 != 0;

    size->seconds[is_rival][size->stretch / 2] = seconds;
    size->stretch++;
    if (size->stretch == STRETCHES)
        decide(size);
}

void ms_team_size_note(struct ms_team_size *size, double seconds)
{
    if (size->rival > 0) {
        note_of_comparison(size, seconds);
        return;
    }
    size->left--;
    size->slow = size->kept > 1 && seconds > size->alone_s ? size->slow + 1 : 0;
    if (size->slow >= SLOW_MOST)
        begin_comparison(size, 1);
}
