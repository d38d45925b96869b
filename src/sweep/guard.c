/* Watches rank 0 by the clock of this process, less the time for which this process was suspended itself and
 * could receive nothing. Without a give_up the limit is infinite: then a silence is only reported.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "guard.h"

#include <stdio.h>

#include "mailbox.h"
#include "moonsweep/clock.h"

const double ms_guard_sign_interval_s = 0.25;

/* The monotonic time without that of suspensions. */
static double awake_s(struct ms_guard *guard)
{
    const double now_s = ms_clock_monotonic_s();

    guard->suspended_s += ms_suspension_look(&guard->suspension, now_s);
    return now_s - guard->suspended_s;
}

void ms_guard_begin(struct ms_guard *guard, const struct ms_sweep_spec *spec)
{
    const double now_s = ms_clock_monotonic_s();
    int rank, ranks;

    MPI_Comm_rank(spec->comm, &rank);
    MPI_Comm_size(spec->comm, &ranks);
    *guard = (struct ms_guard){.spec = rank == ranks - 1 && rank != MS_COORDINATOR_RANK ? spec : NULL};
    guard->limits = ms_alive_limits(spec->watch.give_up != NULL ? spec->watch.rank_timeout_s : 0,
                                    ms_guard_sign_interval_s);
    guard->alive = ms_alive_begin(now_s);
    ms_suspension_begin(&guard->suspension, now_s, ms_clock_thread_s());
}

/* Reports something about rank 0. what: the rest of the sentence, with the seconds of silence. */
static void tell(const struct ms_guard *guard, const char *what, double silent_s)
{
    const struct ms_sweep_watch *watch = &guard->spec->watch;
    char sentence[512];
    int length;

    if (watch->tell == NULL)
        return;
    length = snprintf(sentence, sizeof sentence, "rank %d%s%s, which coordinates the run, ",
                      MS_COORDINATOR_RANK, watch->hosts != NULL ? " on " : "",
                      watch->hosts != NULL ? watch->hosts : "");
    (void)snprintf(sentence + length, sizeof sentence - (size_t)length, "%s %.0f s", what, silent_s);
    watch->tell(watch->tell_context, sentence, NULL);
}

void ms_guard_sign(struct ms_guard *guard)
{
    double silent_s;

    if (guard->spec == NULL)
        return;
    silent_s = ms_alive_sign(&guard->alive, awake_s(guard));
    if (silent_s > 0)
        tell(guard, "is alive again after", silent_s);
}

void ms_guard_look(struct ms_guard *guard)
{
    struct ms_error err;
    double now_s;

    if (guard->spec == NULL)
        return;
    now_s = awake_s(guard);
    if (ms_alive_falls_silent(&guard->alive, &guard->limits, now_s))
        tell(guard, "has given no sign of life for", now_s - guard->alive.sign_s);
    if (!ms_alive_is_lost(&guard->alive, &guard->limits, now_s))
        return;
    tell(guard, "is lost: the run ends, so that it can be started again, after a silence of",
         now_s - guard->alive.sign_s);
    (void)ms_fail(&err, MS_WORK_LEFT, "%s", "stopped because rank 0 gives no sign of life");
    guard->spec->watch.give_up(guard->spec->watch.give_up_context, NULL, true, &err);
}
