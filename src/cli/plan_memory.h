/* How much memory a sweep needs, by calculation.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PLAN_MEMORY_H
#define MOONSWEEP_CLI_PLAN_MEMORY_H

#include "moonsweep/job.h"
#include "moonsweep/samples.h"

/* Bytes, of which a rank never needs noticeably more. */
struct plan_memory {
    int64_t samples;    /* once on each machine: its ranks share them */
    int64_t rank;       /* of each rank besides the samples */
    int64_t first_rank; /* of rank 0 besides the samples */
};

/* train: [grid.n_datasets] the training sets, of which only the sizes are read. */
struct plan_memory plan_memory_of(const struct ms_job *job, const struct ms_dataset *datasets,
                                  const struct ms_samples *train);

#endif
