/* Derives everything from the work that is left, which is 0 if more was trained and spared than was left at
 * the start.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/work.h"

#include <math.h>

double ms_work_left(const struct ms_work *work)
{
    return fmax(work->left_at_start - work->trained - work->spared, 0);
}

double ms_work_fraction(const struct ms_work *work)
{
    return work->whole > 0 ? (work->whole - ms_work_left(work)) / work->whole : 1;
}

double ms_work_left_s(const struct ms_work *work)
{
    return work->trained > 0 ? ms_work_left(work) / work->trained * work->seconds : (double)NAN;
}
