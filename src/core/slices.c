/* The slack of the longest trajectory that waits is how long it can wait without making the sweep end later. A
 * trajectory that is shorter is trained to its end. Otherwise ranks are released one after another, such that a rank for
 * each trajectory that waits, but no more than there are ranks, is released within half of the slack. Half, because
 * times are only expected. All together this is McNaughton's wrap-around rule (1959), by which a preemptive schedule
 * takes no longer than the longest trajectory or the mean load of the ranks, with about two slices per rank; only that
 * every slice looks again at what has become of the expectations.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "slices.h"

#include <math.h>

/* The part of the slack within which a trajectory is trained to its end, and that within which ranks are released. */
static const double whole_part = 0.8, release_part = 0.5;

/* The least slack, as a part of the time that is left: the precision that is aimed at. */
static const double least_slack = 0.01;

double ms_slices_seconds(struct ms_slices *slices, const struct ms_slice_view *view)
{
    const double left_s = view->end_s - view->now_s;
    const double slack_s = fmax(left_s - view->waiting_s, least_slack * left_s);
    const int64_t releases = view->waiting < view->trainers ? view->waiting : view->trainers;
    double release_s, seconds;

    if (view->seconds <= whole_part * slack_s)
        return (double)INFINITY;
    release_s = fmax(slices->release_s, view->now_s) + release_part * slack_s / (double)releases;
    seconds = fmax(release_s - view->now_s, view->least_s);
    if (view->seconds - view->waiting_s >
        seconds) /* until then, the trajectory would be given to the rank again */
        seconds = view->seconds - view->waiting_s;
    else
        slices->release_s = release_s;
    /* A rest that would be too short for a slice is trained, too. */
    return view->seconds <= seconds + view->least_s ? (double)INFINITY : seconds;
}

void ms_slices_rescale(struct ms_slices *slices, double change, double now_s)
{
    if (slices->release_s > now_s)
        slices->release_s = now_s + (slices->release_s - now_s) * change;
}
