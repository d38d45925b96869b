/* How an error that began on another rank than 0 says so. */
#ifndef MOONSWEEP_SWEEP_AGREE_H
#define MOONSWEEP_SWEEP_AGREE_H

#include <mpi.h>

#include "moonsweep/error.h"

/* Puts "rank R on HOST: " before err's sentence, unless this is rank 0 of comm, which speaks for the whole.
 */
void ms_agree_sign(MPI_Comm comm, struct ms_error *err);

#endif
