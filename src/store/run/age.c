/* Reads the processor time, which takes a system call, only if enough time has passed.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "age.h"

#include "moonsweep/clock.h"

static const double due_cpu_s = 0.5, due_s = 2;

void ms_age_begin(struct ms_age *age)
{
    if (!age->waits)
        *age = (struct ms_age){
            .waits = true, .since_s = ms_clock_monotonic_s(), .since_cpu_s = ms_clock_thread_s()};
}

void ms_age_end(struct ms_age *age)
{
    age->waits = false;
}

bool ms_age_is_due_after(double elapsed_s, double cpu_s)
{
    return elapsed_s >= due_s || cpu_s >= due_cpu_s;
}

bool ms_age_is_due(const struct ms_age *age)
{
    double elapsed_s;

    if (!age->waits)
        return false;
    elapsed_s = ms_clock_monotonic_s() - age->since_s;
    return elapsed_s >= due_cpu_s && ms_age_is_due_after(elapsed_s, ms_clock_thread_s() - age->since_cpu_s);
}
