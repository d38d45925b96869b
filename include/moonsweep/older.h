/* Older results, whose configurations a run takes over instead of training them again (moonsweep run --from).
 *
 *     ms_older_open("old.h5", &spec, "new.h5", &older, err)
 *     ms_older_match(older, &use, &spec, &match, err)             // before anything is created
 *     ...
 *     ms_older_take(older, &use, writer, &scan, &taken, err)      // rank 0, after the run has begun
 *     ms_older_close(older)
 *
 * Nothing of an older result is believed without its checksums: each row is compared with them and with its costs, once
 * with those in its own file, and once with those in the new file, before it is committed there. The older file may be
 * written by a run at the same time, since final rows never change.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_OLDER_H
#define MOONSWEEP_OLDER_H

#include <signal.h>

#include "moonsweep/end_rules.h"
#include "moonsweep/reader.h"
#include "moonsweep/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_older;

/* Opens an older result for reading, for the result of spec, which is going to be at `beside`. If another program has
 * stored its variables in other layouts, their values are copied to a file without a name in the folder of `beside`
 * first, whose space ms_older_close frees. spec->stop may end this. Errors: those of ms_reader_open, MS_CANNOT_CREATE
 * (there is no room for the copy), MS_WORK_LEFT (stopped). */
enum ms_code ms_older_open(const char *path, const struct ms_writer_spec *spec, const char *beside,
                           struct ms_older **older, struct ms_error *err);

/* older may be NULL. */
void ms_older_close(struct ms_older *older);

/* The older result as a reader, which belongs to it. */
struct ms_reader *ms_older_reader(struct ms_older *older);

/* How an older result is used. */
struct ms_older_use {
    const struct ms_grid *grid;                     /* that of its job */
    const struct ms_end_rules *older_rules, *rules; /* those of its job, and those of the job */
    const char *name; /* of the file, for /runs; NULL: not to be stored, nor are hosts and commands */
    const volatile sig_atomic_t *stop; /* ends ms_older_take early; may be NULL */
};

/* What an older result contains for a job. */
struct ms_older_match {
    int64_t final;      /* its rows with a final status */
    int64_t damaged;    /* those of trajectories of the job that do not match their checksums */
    int64_t outside;    /* those that are of no trajectory of the job */
    int64_t other_data; /* those of data sets that the job does not have; they are not counted as outside */
    /* Configurations of the job that can be taken over, unless halving drops their trajectories */
    int64_t rows;
    /* Trajectories of the job that can continue from a state between two of its iteration counts */
    int64_t starts;
};

/* Finds out what the older result contains for the job of spec. It reads and verifies all rows of the job's
 * trajectories, and their costs. The samples of spec are needed only here. Errors: MS_BAD_INPUT (the file contradicts
 * its job), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_older_match(struct ms_older *older, const struct ms_older_use *use,
                            const struct ms_writer_spec *spec, struct ms_older_match *match,
                            struct ms_error *err);

/* What was taken over. */
struct ms_older_taken {
    int64_t rows;      /* configurations */
    int64_t starts;    /* trajectories that continue from a state between two iteration counts */
    int64_t differing; /* trajectories whose costs in the new file are others: nothing was taken */
};

/* How far each trajectory of the job is taken over. */
struct ms_older_goals {
    const int64_t *limit; /* [trajectories] up to this iteration count; 0: not at all */
    /* [trajectories] in and out: is lowered to the iteration count after which more can be taken over */
    int64_t *goal;
};

/* Takes over what the new file does not have yet, makes it durable, and updates scan. Rank 0 calls it after
 * ms_writer_reopen, and before any rank begins a trajectory or while none trains. Rows that follow a gap are not taken:
 * the gap must be trained first, to the goal. Errors: those of ms_older_match and ms_writer_flush. */
enum ms_code ms_older_take(struct ms_older *older, const struct ms_older_use *use, struct ms_writer *writer,
                           struct ms_writer_scan *scan, const struct ms_older_goals *goals,
                           struct ms_older_taken *taken, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
