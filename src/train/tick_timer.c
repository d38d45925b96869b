/* Adapts the stride, the number of chunks between two readings of the clock, after each reading, by a factor
 * within limits. The time of ticks and of suspensions is summed up separately, and is not time of the
 * work. */
#include "tick_timer.h"

#include "moonsweep/clock.h"

static const double look_interval_s = 250e-6;

/* While another process has the core, the clock advances without any work being done. So one slow look must not shrink
 * the stride to nothing, and one fast look must not make it too long for a slower network. */
static const double grow_at_most = 2, shrink_at_most = 4;

void ms_tick_timer_start(struct ms_tick_timer *timer, ms_tick *tick, void *context)
{
    timer->tick = tick;
    timer->context = context;
    if (timer->stride == 0)
        timer->stride = 1;
    timer->credit = tick ? timer->stride : INT64_MAX;
    timer->is_over = false;
    timer->away_s = timer->away_cpu_s = timer->suspended_s = 0;
    timer->started_s = timer->looked_s = timer->ticked_s = ms_clock_monotonic_s();
    ms_suspension_begin(&timer->suspension, timer->started_s);
}

double ms_tick_timer_seconds(struct ms_tick_timer *timer)
{
    double now = ms_clock_monotonic_s();

    timer->suspended_s += ms_suspension_look(&timer->suspension, now);
    return now - timer->started_s - timer->away_s - timer->suspended_s;
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
    const double cpu_before_s = ms_clock_thread_s();

    timer->is_over = timer->tick(timer->context);
    timer->away_cpu_s += ms_clock_thread_s() - cpu_before_s;
    timer->ticked_s = ms_clock_monotonic_s();
    timer->looked_s += timer->ticked_s - now;
    timer->away_s += timer->ticked_s - now;
    ms_suspension_begin(&timer->suspension, timer->ticked_s);
}

static void tick_if_due(struct ms_tick_timer *timer, double now)
{
    timer->suspended_s += ms_suspension_look(&timer->suspension, now);
    if (now - timer->ticked_s >= look_interval_s)
        call_tick(timer, now);
}

bool ms_tick_timer_tick(struct ms_tick_timer *timer)
{
    const double now = ms_clock_monotonic_s();

    timer->suspended_s += ms_suspension_look(&timer->suspension, now);
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
