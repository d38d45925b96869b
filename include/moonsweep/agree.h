/* Collective errors: a step that can fail on one rank alone ends the same way on all.
 *
 *     enum ms_code code = rank == 0 ? create_the_file(err) : MS_OK;
 *     code = ms_agree(comm, code, err);
 *     if (code != MS_OK) goto cleanup;      // on every rank, with the same code and sentence
 *
 * Ranks that come early sleep, so it also serves as a barrier that burns no core. */
#ifndef MOONSWEEP_AGREE_H
#define MOONSWEEP_AGREE_H

#include <mpi.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Collective over comm. code: how the step went on this rank, with err filled where it is not MS_OK. Returns
 * MS_OK if it went well everywhere; otherwise the code of the lowest rank that failed, with its sentence in
 * every rank's err, preceded by "rank R on HOST: " when that rank is not 0. */
enum ms_code ms_agree(MPI_Comm comm, enum ms_code code, struct ms_error *err);

/* Puts "rank R on HOST: " before err's sentence: for errors that begin on one rank, whose machine matters. */
void ms_agree_sign(MPI_Comm comm, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
