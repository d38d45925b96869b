/* Sends what describes a data set from rank 0 to the other ranks: all but its samples, which are laid out and shared by
 * moonsweep/share_samples.h.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SHARE_H
#define MOONSWEEP_SHARE_H

#include <mpi.h>

#include "moonsweep/data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Collective: dataset is that of rank 0 on every rank afterwards, but X and y are NULL on the other ranks. The caller
 * frees it, also after an error. Errors, the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_share_dataset(MPI_Comm comm, struct ms_dataset *dataset, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
