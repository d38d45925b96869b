/* One copy of laid-out samples for all ranks of a machine: the ranks of each machine map the same memory, into which rank 0
 * lays them out. A rank that cannot map it has its own copy; results are the same.
 *
 *     struct ms_samples sizes = ms_samples_sizes(&data, precision);              // rank 0
 *     ms_share_samples_open(comm, &sizes, &shared, err)
 *     ms_samples_fill(&shared.samples, &data, stop, err)                         // rank 0
 *     ms_share_samples_send(comm, &shared, err)
 *     ms_share_samples_free(&shared)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SHARE_SAMPLES_H
#define MOONSWEEP_SHARE_SAMPLES_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_shared_samples {
    struct ms_samples samples; /* freed by ms_share_samples_free, not by ms_samples_free */
    void *mapped;              /* owned: the memory that ranks share; NULL: samples owns its memory */
    size_t bytes;              /* of it */
    bool is_holder;            /* this rank receives the samples for those that map the same memory */
};

/* Collective: makes the memory for samples of these sizes (ms_samples_sizes), which are those of rank 0 and ignored on other
 * ranks. The caller frees shared. Errors, the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_share_samples_open(MPI_Comm comm, const struct ms_samples *sizes,
                                   struct ms_shared_samples *shared, struct ms_error *err);

/* Collective: every rank has the samples afterwards that rank 0 has laid out in shared->samples, to be read only. Errors,
 * the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_share_samples_send(MPI_Comm comm, struct ms_shared_samples *shared, struct ms_error *err);
void ms_share_samples_free(struct ms_shared_samples *shared);

#ifdef __cplusplus
}
#endif

#endif
