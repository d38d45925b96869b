/* The hosts on which the ranks run. */
#ifndef MOONSWEEP_SWEEP_HOSTS_H
#define MOONSWEEP_SWEEP_HOSTS_H

#include <mpi.h>

#include "moonsweep/error.h"

/* Sets *hosts to the hosts of all ranks, separated by commas, each once, in the order of ranks, on rank 0, which frees
 * it; to NULL elsewhere. Collective. Errors, the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_hosts_gather(MPI_Comm comm, char **hosts, struct ms_error *err);

#endif
