/* The text of a lock file: who holds the lock, in lines that begin with a word.
 *
 *     host H, process P, job J, since T         for people; the job of a batch system, or none
 *     run R                                     the id of the run
 *     slurm job J, attempt N, task A, cluster C the job of Slurm, if there is one
 *     silent ...                                which ranks give no sign of life, if there are any
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_IDENTITY_H
#define MOONSWEEP_STORE_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/lock.h"

/* The longest text of a lock file. */
enum { MS_IDENTITY_BYTES = 2048, MS_ATTEMPT_NAME = 64 };

/* An attempt at a job of Slurm. Slurm starts a job again, with the same id, when it has ended the earlier attempt, or has
 * given up the nodes on which that ran. */
struct ms_attempt {
    char job[MS_ATTEMPT_NAME];     /* empty: not a job of Slurm */
    char task[MS_ATTEMPT_NAME];    /* in a job array; otherwise "none" */
    char cluster[MS_ATTEMPT_NAME]; /* of several clusters with one file system; otherwise "none" */
    long restarts;                 /* 0 in the first attempt */
};

struct ms_identity {
    char holder[MS_LOCK_HOLDER]; /* the first line, in printable characters; empty: unknown */
    uint64_t run_id;             /* 0: unknown */
    struct ms_attempt attempt;
    char silent[MS_LOCK_SILENT]; /* empty: no rank */
};

/* Describes this process, which holds the lock for the run of this id. */
void ms_identity_of_this(uint64_t run_id, struct ms_identity *identity);

/* Writes the text of a lock file; returns its length. */
int ms_identity_format(const struct ms_identity *identity, char text[MS_IDENTITY_BYTES]);

/* Reads the text of a lock file. Returns false, with what could be read, if it is not empty and no run has written it. */
bool ms_identity_parse(const char *text, struct ms_identity *identity);

/* The name of this host. */
void ms_identity_host(size_t room, char *host);

/* Whether `attempt` is a later attempt at the same job of Slurm than `earlier`. */
bool ms_attempt_is_later(const struct ms_attempt *attempt, const struct ms_attempt *earlier);

#endif
