/* How long leases take, learned from those that are finished: the seconds per unit of work, those that each trajectory
 * takes besides its training (its evaluation and its row), and what the end of a slice costs (its checkpoint, and
 * reading it).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_LEASE_SPEED_H
#define MOONSWEEP_CORE_LEASE_SPEED_H

#include "moonsweep/plan.h"

/* Zeros at first. */
struct ms_lease_speed {
    double work, train_s;
    double trajectories, beside_s; /* of leases that are no slices */
    double slices, slice_s;
};

/* Takes a finished lease of so many trajectories into account. */
void ms_lease_speed_learn(struct ms_lease_speed *speed, const struct ms_finish *finish, int64_t trajectories,
                          bool is_slice);

/* The estimated seconds of training that a unit of work takes. */
double ms_lease_speed_per_work(const struct ms_lease_speed *speed);

/* The estimated seconds that so much work of so many trajectories takes. */
double ms_lease_speed_seconds(const struct ms_lease_speed *speed, double work, int64_t trajectories);

/* The estimated seconds that a slice takes besides its training. */
double ms_lease_speed_slice_s(const struct ms_lease_speed *speed);

#endif
