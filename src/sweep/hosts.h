/* Where the ranks are. */
#ifndef MOONSWEEP_SWEEP_HOSTS_H
#define MOONSWEEP_SWEEP_HOSTS_H

#include <mpi.h>

#include "moonsweep/error.h"

/* The hosts of all ranks, comma-separated, each once, in the order of ranks: *hosts on rank 0, which frees them,
 * NULL elsewhere. Collective. Errors, the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_hosts_gather(MPI_Comm comm, char **hosts, struct ms_error *err);

#endif
