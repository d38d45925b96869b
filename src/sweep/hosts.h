/* The hosts on which the ranks run.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_HOSTS_H
#define MOONSWEEP_SWEEP_HOSTS_H

#include <mpi.h>

#include "moonsweep/error.h"

/* Sets *names on rank 0 to the names of the hosts of all ranks [ranks][MS_HOST_BYTES], and elsewhere to that of rank 0
 * [1][MS_HOST_BYTES]. The caller frees it. Collective. Errors, the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_hosts_gather(MPI_Comm comm, char **names, struct ms_error *err);

/* Returns names [ranks][MS_HOST_BYTES] separated by commas, each once, in the order of ranks. The caller frees it. NULL:
 * there is no memory. */
char *ms_hosts_join(int ranks, const char *names);

#endif
