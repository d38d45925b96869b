/* Remembers since when a file has had pending configurations and no run: its last one was killed, or none has
 * begun. Another run that is found killed, or any other state, begins this time anew.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "watch.h"

/* How long a restart may take: MPI takes about ten seconds to start on a large cluster. */
static const double restart_s = 30;

/* Whether the file has had no active run for long enough. */
static bool is_given_up(struct watch *watch, const struct look *look, double now_s)
{
    if (!watch->is_abandoned || watch->abandoned != look->run.id) {
        watch->is_abandoned = true;
        watch->abandoned = look->run.id;
        watch->abandoned_s = now_s;
    }
    return now_s - watch->abandoned_s >= restart_s;
}

bool watch_take(struct watch *watch, const struct look *look, double now_s)
{
    const struct ms_run_state *run = &look->run;
    bool never_begun, was_killed;

    if (!look->exists) {
        watch->is_abandoned = false;
        return false;
    }
    watch->was_there = true;
    if (look->by_status[MS_PENDING] == 0)
        return true;
    never_begun = run->activity == MS_RUN_NONE && run->id == 0;
    was_killed = run->activity == MS_RUN_KILLED || run->activity == MS_RUN_OTHER_NAME;
    if (was_killed || never_begun)
        return is_given_up(watch, look, now_s);
    watch->is_abandoned = false;
    return run->activity == MS_RUN_NONE;
}
