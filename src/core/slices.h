/* How long a rank may train a trajectory while others wait.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_SLICES_H
#define MOONSWEEP_CORE_SLICES_H

#include <stdint.h>

/* What is known when a trajectory is given to a rank. Times are expected ones. */
struct ms_slice_view {
    double now_s, end_s; /* end_s: when the sweep could end at the earliest */
    double seconds;      /* that the trajectory takes to its end */
    double waiting_s;    /* that the longest of those which wait then takes */
    int64_t waiting;     /* how many wait then, at least 1 */
    int64_t trainers;
    double least_s; /* of a slice */
};

/* Zero at first. */
struct ms_slices {
    double release_s; /* the latest time at which the end of a slice is expected */
};

/* Returns the seconds of the slice that is to be given; INFINITY: the trajectory is to be trained to its end. */
double ms_slices_seconds(struct ms_slices *slices, const struct ms_slice_view *view);

/* Multiplies by `change` the time from now_s on within which slices are expected to end. */
void ms_slices_rescale(struct ms_slices *slices, double change, double now_s);

#endif
