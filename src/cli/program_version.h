/* What `moonsweep --version` says: everything a report about a result needs. */
#ifndef MOONSWEEP_CLI_PROGRAM_VERSION_H
#define MOONSWEEP_CLI_PROGRAM_VERSION_H

#include <stdio.h>

/* Version and commit, the version of the numbers, MPI and HDF5, one a line. Needs no MPI_Init. */
void program_version_write(FILE *file);

#endif
