/* One copy of laid-out samples for all ranks of a machine: rank 0 lays them out, and the ranks of each machine map the
 * same memory. A rank that cannot map it has its own copy; results are the same.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SHARE_SAMPLES_H
#define MOONSWEEP_SHARE_SAMPLES_H

#include <mpi.h>
#include <stddef.h>

#include "moonsweep/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_shared_samples {
    struct ms_samples samples; /* to be read only; freed by ms_share_samples_free, not by ms_samples_free */
    void *mapped;              /* owned: the memory that ranks share; NULL: samples owns its memory */
    size_t bytes;              /* of it */
};

/* Collective: shared has the samples of rank 0 on every rank afterwards. made: on rank 0, the samples, which are taken
 * over and become empty, also after an error; ignored on other ranks. The caller frees shared. Errors, the same on every
 * rank: MS_NO_MEMORY. */
enum ms_code ms_share_samples(MPI_Comm comm, struct ms_samples *made, struct ms_shared_samples *shared,
                              struct ms_error *err);
void ms_share_samples_free(struct ms_shared_samples *shared);

#ifdef __cplusplus
}
#endif

#endif
