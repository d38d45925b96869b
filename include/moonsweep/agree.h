/* Collective errors: if a step fails on any rank, it fails with the same error on all ranks.
 *
 *     enum ms_code code = rank == 0 ? create_the_file(err) : MS_OK;
 *     code = ms_agree(comm, code, err);
 *     if (code != MS_OK) goto cleanup;      // on every rank, with the same code and sentence
 *
 * Ranks that arrive early sleep, so this also serves as a barrier that does not occupy a core.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_AGREE_H
#define MOONSWEEP_AGREE_H

#include <mpi.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Collective over comm. code: the result of the step on this rank, with err filled if it is not MS_OK. Returns MS_OK if
 * the step succeeded on every rank; otherwise the code of the lowest rank that failed, with its message in err on every
 * rank, preceded by "rank R on HOST: " if that rank is not 0. */
enum ms_code ms_agree(MPI_Comm comm, enum ms_code code, struct ms_error *err);

/* Puts "rank R on HOST: " before the message of err, for errors for which the machine matters. */
void ms_agree_sign(MPI_Comm comm, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
