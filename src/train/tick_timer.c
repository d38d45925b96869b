/* Adapts the stride, the number of chunks between two readings of the clock, after each reading, by a factor
 * within limits. The time of ticks and of suspensions is summed up separately, and is not time of the
 * work.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "tick_timer.h"

#include <math.h>

#include "moonsweep/clock.h"

static const double look_interval_s = 500e-6;

/* While another process has the core, the clock advances without any work being done. So one slow look must not shrink
 * the stride to nothing, and one fast look must not make it too long for a slower network. */
static const double grow_at_most = 2, shrink_at_most = 4;

/* The processor time of the thread, which takes a system call, if it is wanted. */
static double cpu_s(const struct ms_tick_timer *timer)
{
    return timer->is_timed ? ms_clock_thread_s() : 0;
}

static void look_for_suspension(struct ms_tick_timer *timer, double now)
{
    if (timer->is_timed)
        timer->suspended_s += ms_suspension_look(&timer->suspension, now);
}

void ms_tick_timer_start(struct ms_tick_timer *timer, ms_tick *tick, void *context)
{
    timer->tick = tick;
    timer->context = context;
    timer->credit = tick ? timer->stride : INT64_MAX;
    timer->is_over = false;
    timer->away_s = timer->away_cpu_s = timer->suspended_s = 0;
    timer->started_s = timer->looked_s = timer->ticked_s = ms_clock_monotonic_s();
    timer->started_cpu_s = cpu_s(timer);
    ms_suspension_begin(&timer->suspension, timer->started_s, timer->started_cpu_s);
}

double ms_tick_timer_seconds(struct ms_tick_timer *timer)
{
    double now = ms_clock_monotonic_s();

    look_for_suspension(timer, now);
    return now - timer->started_s - timer->away_s - timer->suspended_s;
}

double ms_tick_timer_cpu_seconds(const struct ms_tick_timer *timer)
{
    return fmax(cpu_s(timer) - timer->started_cpu_s - timer->away_cpu_s, 0);
}

static int64_t adapt(int64_t stride, double elapsed_s)
{
    double factor = elapsed_s > 0 ? look_interval_s / elapsed_s : grow_at_most;

    if (factor > grow_at_most)
        factor = grow_at_most;
    if (factor < 1 / shrink_at_most)
        factor = 1 / shrink_at_most;
    stride = (int64_t)((double)stride * factor);
    return stride > 0 ? stride : 1;
}

/* Calls the tick. The time spent in it is none of the work since the last look. */
static void call_tick(struct ms_tick_timer *timer, double now)
{
    const double cpu_before_s = cpu_s(timer);
    double cpu_after_s;

    timer->is_over = timer->tick(timer->context);
    cpu_after_s = cpu_s(timer);
    timer->away_cpu_s += cpu_after_s - cpu_before_s;
    timer->ticked_s = ms_clock_monotonic_s();
    timer->looked_s += timer->ticked_s - now;
    timer->away_s += timer->ticked_s - now;
    ms_suspension_begin(&timer->suspension, timer->ticked_s, cpu_after_s);
}

static void tick_if_due(struct ms_tick_timer *timer, double now)
{
    look_for_suspension(timer, now);
    if (now - timer->ticked_s >= look_interval_s)
        call_tick(timer, now);
}

bool ms_tick_timer_tick(struct ms_tick_timer *timer)
{
    const double now = ms_clock_monotonic_s();

    look_for_suspension(timer, now);
    if (timer->tick != NULL)
        call_tick(timer, now);
    return timer->is_over;
}

bool ms_tick_timer_look(struct ms_tick_timer *timer)
{
    const double now = ms_clock_monotonic_s();

    if (timer->is_over)
        return true;
    timer->stride = adapt(timer->stride, now - timer->looked_s);
    timer->credit = timer->stride;
    timer->looked_s = now;
    tick_if_due(timer, now);
    return timer->is_over;
}

bool ms_tick_timer_look_within(void *context)
{
    struct ms_tick_timer *timer = context;

    if (timer->tick != NULL && !timer->is_over)
        tick_if_due(timer, ms_clock_monotonic_s());
    if (timer->is_over)
        timer->credit = 1; /* the next look follows the next chunk */
    return timer->is_over;
}
