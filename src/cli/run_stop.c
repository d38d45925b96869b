/* How a step of `moonsweep run` that lasts long is stopped by a signal or the time limit.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "run.h"

/* Data is made, and the file created, for so long even if the time limit is shorter: a short limit is for training. */
static const double least_time_limit_s = 10;

void run_leave_begin(const struct run *run, struct ms_leave *leave)
{
    ms_leave_begin(leave, run->comm, run->stop);
    leave->deadline_s = run->started_s + fmax(run->arguments->time_limit_s, least_time_limit_s);
}

enum ms_code run_leave_end(struct run *run, struct ms_leave *leave, enum ms_code code, struct ms_error *err)
{
    code = ms_leave_end(leave, code, err);
    run->is_late = ms_leave_is_late(leave);
    return code;
}

enum ms_code run_fail_stopped(const struct run *run, const char *step, struct ms_error *err)
{
    return ms_fail(err, MS_WORK_LEFT,
                   "%s: stopped by %s while %s, nothing was written; run the same command %s",
                   run->arguments->job, run->is_late ? "its time limit" : "a signal", step,
                   run->is_late ? "with a longer time limit" : "again");
}
