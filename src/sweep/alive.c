/* Compares the time since the last sign of life with the two limits. A silence is found once: is_silent
 * remains set until the next sign.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "alive.h"

#include <math.h>

static const double most_silent_s = 60, least_silent_s = 1, silent_share = 0.1, least_intervals = 4;

struct ms_alive_limits ms_alive_limits(double lost_s, double interval_s)
{
    const double least_s = fmax(least_silent_s, least_intervals * interval_s);
    const double most_s = fmax(most_silent_s, least_s);

    if (lost_s <= 0)
        return (struct ms_alive_limits){.silent_s = most_s, .lost_s = (double)INFINITY};
    return (struct ms_alive_limits){.silent_s = fmin(fmax(silent_share * lost_s, least_s), most_s),
                                    .lost_s = fmax(lost_s, least_s)};
}

struct ms_alive ms_alive_begin(double now_s)
{
    return (struct ms_alive){.sign_s = now_s};
}

double ms_alive_sign(struct ms_alive *alive, double now_s)
{
    const double silent_s = alive->is_silent ? now_s - alive->sign_s : 0;

    *alive = ms_alive_begin(now_s);
    return silent_s;
}

bool ms_alive_falls_silent(struct ms_alive *alive, const struct ms_alive_limits *limits, double now_s)
{
    if (alive->is_silent || now_s - alive->sign_s < limits->silent_s)
        return false;
    alive->is_silent = true;
    return true;
}

bool ms_alive_is_lost(const struct ms_alive *alive, const struct ms_alive_limits *limits, double now_s)
{
    return now_s - alive->sign_s >= limits->lost_s;
}
