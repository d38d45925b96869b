/* What `moonsweep run` does when ranks give no sign of life.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "moonsweep/lock.h"
#include "output.h"
#include "run.h"

/* A tell of struct ms_sweep_watch. It is said with --quiet as well, and `moonsweep status` reads it in the lock file. */
static void tell(void *context, const char *sentence, const char *state)
{
    struct run *run = context;

    (void)fprintf(stderr, "moonsweep: %s\n", sentence);
    (void)fflush(stderr);
    if (state != NULL && run->lock != NULL)
        ms_lock_note_silent(run->lock, state);
}

/* A give_up of struct ms_sweep_watch. The launcher kills what does not end by itself, suspended processes too. */
static void give_up(void *context, const struct ms_sweep_summary *summary, bool is_own,
                    const struct ms_error *err)
{
    struct run *run = context;
    struct ms_error end = *err;
    enum ms_code code = err->code;

    if (summary != NULL && !is_own) { /* otherwise its file system may not answer */
        run->outcome.summary = *summary;
        ms_lock_release(run->lock);
        if (code == MS_WORK_LEFT)
            code = run_report(run, code, &end);
    }
    output_error(&end);
    MPI_Abort(run->comm, ms_exit_status(code));
    _Exit(ms_exit_status(code)); /* if MPI_Abort returns */
}

struct ms_sweep_watch run_watch(struct run *run)
{
    return (struct ms_sweep_watch){
        .rank_timeout_s = run->arguments->rank_timeout_s,
        .tell = tell,
        .tell_context = run,
        .give_up = give_up,
        .give_up_context = run,
    };
}
