/* Averages over all finished leases. A lease reports the seconds of its training apart from all others, so each unknown
 * is a quotient of two sums.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "lease_speed.h"

/* Assumed until a lease is finished: the speed of the portable kernel with FMA (91 us for a tanh iteration of 50 units
 * and 1600 samples; AVX-512 takes 0.29e-9). */
static const double first_seconds_per_work = 1.3e-9;

/* Assumed until a lease is finished that is no slice: an evaluation, a row, and the calls around them. */
static const double first_beside_s = 0.0001;

/* Assumed until a slice is finished: two flushes of a slow disk. */
static const double first_slice_s = 0.010;

void ms_lease_speed_learn(struct ms_lease_speed *speed, const struct ms_finish *finish, int64_t trajectories,
                          bool is_slice)
{
    const double beside_s = finish->seconds > finish->train_s ? finish->seconds - finish->train_s : 0;

    if (finish->work > 0 && finish->train_s > 0) {
        speed->work += finish->work;
        speed->train_s += finish->train_s;
    }
    if (is_slice) {
        speed->slices++;
        speed->slice_s += beside_s;
    } else {
        speed->trajectories += (double)trajectories;
        speed->beside_s += beside_s;
    }
}

double ms_lease_speed_per_work(const struct ms_lease_speed *speed)
{
    return speed->work > 0 ? speed->train_s / speed->work : first_seconds_per_work;
}

double ms_lease_speed_seconds(const struct ms_lease_speed *speed, double work, int64_t trajectories)
{
    const double beside_s = speed->trajectories > 0 ? speed->beside_s / speed->trajectories : first_beside_s;

    return work * ms_lease_speed_per_work(speed) + (double)trajectories * beside_s;
}

double ms_lease_speed_slice_s(const struct ms_lease_speed *speed)
{
    return speed->slices > 0 ? speed->slice_s / speed->slices : first_slice_s;
}
