/* A file that ranks share: bytes in and out of it through MPI-IO, all of them or an error with its cause.
 *
 *     ms_shared_open(path, &shared, &reason)
 *     ms_shared_write(shared, offset, bytes, from, &reason)
 *     ms_shared_close(&shared)
 *
 * Each rank opens it for itself: in Open MPI one rank that cannot, be it for want of a descriptor, makes all the others
 * wait for ever in a collective opening. HDF5 says where a variable lies (it is contiguous) and takes no part in moving
 * its rows: its driver for MPI-IO takes what could not be read for zeros, rewrites the superblock when it closes a file,
 * and crashes if that fails. */
#ifndef MOONSWEEP_STORE_SHARED_H
#define MOONSWEEP_STORE_SHARED_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* The cause of a failure, in the system's or the MPI library's words. */
struct ms_shared_reason {
    enum ms_code code; /* MS_IO_ERROR, MS_NO_MEMORY or MS_NO_PERMISSION */
    char text[MPI_MAX_ERROR_STRING];
};

/* Before MPI_Init: chooses how Open MPI keeps the file pointer that ranks may share, unless the user has (mpirun --mca
 * sharedfp, or the environment). We never use that pointer, but by default a file opens only if a semaphore for it can be
 * made, /dev/shm/sem.OMPIO_NAME: not with a name of one character or of 244, in a /dev/shm that is full or read-only, or
 * beside another user's file of the same name. "individual" needs two empty files beside the result and does without
 * where it cannot make them. Other MPI libraries do not look at the variable. */
void ms_shared_prepare(void);

/* Opens an existing file for reading and writing; false with the reason. */
bool ms_shared_open(const char *path, MPI_File *shared, struct ms_shared_reason *reason);

/* Harmless on MPI_FILE_NULL. */
void ms_shared_close(MPI_File *shared);

/* Moves bytes at offset. A transfer that is cut short is gone on with; false, with the reason, where it cannot be: part
 * of the bytes may have been moved then. */
bool ms_shared_read(MPI_File shared, uint64_t offset, size_t bytes, void *to,
                    struct ms_shared_reason *reason);
bool ms_shared_write(MPI_File shared, uint64_t offset, size_t bytes, const void *from,
                     struct ms_shared_reason *reason);

#endif
