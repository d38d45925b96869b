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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where other processes find the memory. It is sent as bytes. */
struct ms_node_memory_place {
    int64_t process, descriptor; /* descriptor -1: there is none */
    uint64_t device, inode;      /* a process with the same number in another namespace has other memory */
    uint64_t bytes;
};

/* Makes memory of so many bytes, and sets *place. /proc/PID/maps shows it by its name. Returns NULL if there is not enough, or
 * the system cannot share it. */
void *ms_node_memory_make(const char *name, size_t bytes, struct ms_node_memory_place *place);

/* Forgets how others find it, after they have mapped it; the memory remains. */
void ms_node_memory_close(struct ms_node_memory_place *place);

/* Maps the memory of another process, for reading, or also for writing. Returns NULL if that is not possible. */
void *ms_node_memory_map(const struct ms_node_memory_place *place, bool is_written);

/* May be called with NULL. */
void ms_node_memory_free(void *memory, size_t bytes);

#endif
