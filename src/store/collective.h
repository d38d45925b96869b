/* Agreeing on errors: a rank that fails must not leave the others waiting in the next collective call. */
#ifndef MOONSWEEP_STORE_COLLECTIVE_H
#define MOONSWEEP_STORE_COLLECTIVE_H

#include <mpi.h>

#include "moonsweep/error.h"

/* Collective. Returns MS_OK where every rank passed MS_OK; else, everywhere, the code and err of the lowest
 * rank that failed, preceded by "rank R on HOST: " where that is not 0. */
enum ms_code ms_collective_code(MPI_Comm comm, enum ms_code code, struct ms_error *err);

#endif
