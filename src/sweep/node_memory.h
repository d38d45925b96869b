/* Memory that the processes of a machine share.
 *
 * MPI_Win_allocate_shared is not used. Open MPI 4.1 puts the memory into a file in /dev/shm, which has 64 MB in many
 * containers. If that is not enough, the call fails on one rank of the machine, and the others wait for ever; and as the
 * space is not reserved, a rank that uses it may be ended by SIGBUS. The memory here is in no file system that could be
 * small, has no name that a killed run could leave, and is reserved before it is used.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_NODE_MEMORY_H
#define MOONSWEEP_SWEEP_NODE_MEMORY_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>

/* Collective over the ranks of a machine: makes memory of so many bytes, all zero, on the first of them, which may write to
 * it, as the others may if is_written; they map it otherwise for reading. /proc/PID/maps shows it by its name. Returns
 * NULL on a rank that has none, because there is not enough, or the system cannot share it. */
void *ms_node_memory_share(MPI_Comm node, const char *name, size_t bytes, bool is_written);

/* May be called with NULL. */
void ms_node_memory_free(void *memory, size_t bytes);

#endif
