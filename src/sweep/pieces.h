/* Broadcasts arrays of any size.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_PIECES_H
#define MOONSWEEP_SWEEP_PIECES_H

#include <mpi.h>
#include <stddef.h>

/* Collective: sends bytes[count] from rank 0 of comm to the others. */
void ms_pieces_broadcast(MPI_Comm comm, void *bytes, size_t count);

#endif
