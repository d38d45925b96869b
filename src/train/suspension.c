/* Decides by two clocks: how much time has passed between two looks, and how much processor time the thread
 * has used. A look reads the second one only if its last reading is some time ago, since that takes a system
 * call; a shorter gap is never a suspension.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/suspension.h"

#include "moonsweep/clock.h"

static const double least_gap_s = 1, most_processor_share = 0.5;

/* A look makes no system call unless this much time has passed since the last reading. So the processor time of a gap
 * includes at most this much that was spent before the gap began. */
static const double read_interval_s = 0.05;

double ms_suspension_of_gap(double gap_s, double processor_s)
{
    if (gap_s < least_gap_s || processor_s >= most_processor_share * gap_s)
        return 0;
    return gap_s - processor_s;
}

void ms_suspension_begin(struct ms_suspension *suspension, double now_s, double processor_s)
{
    suspension->looked_s = suspension->read_s = now_s;
    suspension->processor_s = processor_s;
}

/* Reads the processor time and returns how much the thread has used since the last reading. */
static double read_processor(struct ms_suspension *suspension, double now_s)
{
    const double before_s = suspension->processor_s;

    suspension->processor_s = ms_clock_thread_s();
    suspension->read_s = now_s;
    return suspension->processor_s - before_s;
}

double ms_suspension_look(struct ms_suspension *suspension, double now_s)
{
    double gap_s = now_s - suspension->looked_s;

    suspension->looked_s = now_s;
    if (now_s - suspension->read_s < read_interval_s)
        return 0;
    return ms_suspension_of_gap(gap_s, read_processor(suspension, now_s));
}
