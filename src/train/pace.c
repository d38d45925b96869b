#include "pace.h"

#include "moonsweep/clock.h"

static const double look_interval_s = 250e-6;

/* The clock may run on while another process has the core: one slow look must not shrink the stride to
 * nothing, and one quick one must not grow it past what a slower network can do in time. */
static const double grow_at_most = 2, shrink_at_most = 4;

void ms_pace_start(struct ms_pace *pace, ms_tick *tick, void *context)
{
    pace->tick = tick;
    pace->context = context;
    if (pace->stride == 0)
        pace->stride = 1;
    pace->credit = tick ? pace->stride : INT64_MAX;
    pace->away_s = pace->away_cpu_s = pace->suspended_s = 0;
    pace->started_s = pace->looked_s = pace->ticked_s = ms_clock_monotonic_s();
    ms_suspension_begin(&pace->suspension, pace->started_s);
}

double ms_pace_seconds(struct ms_pace *pace)
{
    double now = ms_clock_monotonic_s();

    pace->suspended_s += ms_suspension_look(&pace->suspension, now);
    return now - pace->started_s - pace->away_s - pace->suspended_s;
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

bool ms_pace_look(struct ms_pace *pace)
{
    const double now = ms_clock_monotonic_s();
    bool stop = false;

    pace->stride = adapt(pace->stride, now - pace->looked_s);
    pace->credit = pace->stride;
    pace->looked_s = now;
    pace->suspended_s += ms_suspension_look(&pace->suspension, now);
    if (now - pace->ticked_s >= look_interval_s) {
        const double cpu_before_s = ms_clock_thread_s();

        stop = pace->tick(pace->context);
        pace->away_cpu_s += ms_clock_thread_s() - cpu_before_s;
        pace->looked_s = pace->ticked_s = ms_clock_monotonic_s();
        pace->away_s += pace->ticked_s - now;
        ms_suspension_begin(&pace->suspension, pace->ticked_s);
    }
    return stop;
}
