/* What a sweep will need, as `moonsweep plan` says it: memory, core-seconds, and the time that it takes on different
 * numbers of ranks.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PLAN_TIMES_H
#define MOONSWEEP_CLI_PLAN_TIMES_H

#include <stdio.h>

#include "plan_memory.h"
#include "plan_ranks.h"

struct plan_times {
    const struct ms_job *job;
    struct plan_memory memory;
    struct plan_rounds rounds; /* owned */
    struct plan_ranks ranks;
};

/* What the command line says of ranks. */
struct plan_wish {
    int32_t ranks; /* 0: the fewest that take at most within_s, or without that what tools/cores.sh says */
    double within_s;
    int32_t node_ranks; /* of each node; 0: as many as tools/cores.sh says */
};

/* Measures some networks of the job, and simulates its sweep. The caller frees times, also after an error; the job
 * must outlive them. Errors: MS_BAD_USAGE (no number of ranks takes so little, or the environment names an unknown
 * instruction set or number of threads per core), MS_NO_MEMORY. */
enum ms_code plan_times_make(const struct ms_job *job, const struct ms_dataset *datasets,
                             const struct plan_wish *wish, struct plan_times *times, struct ms_error *err);
void plan_times_free(struct plan_times *times);

/* Writes figures, one on each line; then a blank line and a table of numbers of ranks, and what they say as sentences. */
void plan_times_write_text(FILE *file, const struct plan_times *times);

/* Writes the table of numbers of ranks. */
void plan_times_write_csv(FILE *file, const struct plan_times *times);

/* Writes members of a JSON object, each with a comma before it. */
void plan_times_write_json(FILE *file, const struct plan_times *times);

#endif
