/* Measures the rate of a rank over windows in which it has work, of at least two seconds except for a first
 * one that is shorter; while it has none, the window begins anew. A rank that reports no progress counts as
 * slower, the longer this lasts. What is left takes as long as all ranks together need for it, or as long as
 * the slowest one needs for what it holds, whichever is more.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "pace.h"

#include <math.h>
#include <stdbool.h>

/* Ranks report a few times a second; over a shorter interval the rate would jump. */
static const double window_length_s = 2;

/* After so many seconds without progress a rank is named. */
static const double stalled_after_s = 10;

struct ms_pace ms_pace_begin(double now_s)
{
    return (struct ms_pace){.window_s = now_s, .moved_s = now_s};
}

/* The work that the rank still has to do. A rank that repeats lost iterations does more than it was given. */
static double held(const struct ms_pace *pace)
{
    return fmax(pace->given - pace->done, 0);
}

static void begin_window(struct ms_pace *pace, double now_s)
{
    pace->window_s = now_s;
    pace->window_done = pace->done;
}

void ms_pace_give(struct ms_pace *pace, double work, double now_s)
{
    if (held(pace) == 0) { /* it was idle, which says nothing about its speed */
        begin_window(pace, now_s);
        pace->moved_s = now_s;
    }
    pace->given += work;
}

void ms_pace_report(struct ms_pace *pace, double done, double now_s)
{
    const double elapsed_s = now_s - pace->window_s, gained = done - pace->window_done;
    bool is_idle;

    if (done > pace->done)
        pace->moved_s = now_s;
    pace->done = done;
    is_idle = held(pace) == 0;
    if (gained > 0 && (elapsed_s >= window_length_s || (is_idle && pace->rate == 0 && elapsed_s > 0))) {
        pace->rate = gained / elapsed_s;
        begin_window(pace, now_s);
    } else if (is_idle) {
        begin_window(pace, now_s);
    }
}

/* The work per second at present; 0 if it is not known. A rank that has done nothing for longer than a window is slower
 * than it was. */
static double rate_now(const struct ms_pace *pace, double now_s)
{
    const double elapsed_s = now_s - pace->window_s;

    if (pace->rate > 0)
        return elapsed_s <= window_length_s
                   ? pace->rate
                   : fmin(pace->rate,
                          fmax(pace->done - pace->window_done, pace->rate * window_length_s) / elapsed_s);
    return elapsed_s > 0 ? (pace->done - pace->window_done) / elapsed_s : 0;
}

double ms_pace_left_s(const struct ms_pace *paces, int32_t ranks, double left, double now_s)
{
    double together = 0, longest_s = 0;

    for (int32_t rank = 0; rank < ranks; rank++) {
        const double rate = held(&paces[rank]) > 0 ? rate_now(&paces[rank], now_s) : 0;

        if (rate <= 0)
            continue;
        together += rate;
        longest_s = fmax(longest_s, held(&paces[rank]) / rate);
    }
    return together > 0 ? fmax(left / together, longest_s) : (double)NAN;
}

int32_t ms_pace_stalled(const struct ms_pace *paces, int32_t ranks, double now_s, double *seconds)
{
    int32_t stalled = -1;

    *seconds = stalled_after_s;
    for (int32_t rank = 0; rank < ranks; rank++)
        if (held(&paces[rank]) > 0 && now_s - paces[rank].moved_s > *seconds) {
            *seconds = now_s - paces[rank].moved_s;
            stalled = rank;
        }
    return stalled;
}
