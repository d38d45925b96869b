/* Makes a memory file (memfd_create), which the other processes of the machine open as /proc/PID/fd/N while
 * its maker keeps it open, and map. They compare its device, inode and size, since in another
 * container the same path may lead to something else. Any failure means that there is no shared memory, and
 * is no error.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fallocate, memfd_create */
#include "node_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pieces.h"
#include "wait.h"

/* Where other processes find the memory. It is sent as bytes. */
struct place {
    int64_t process, descriptor; /* descriptor -1: there is none */
    uint64_t device, inode;      /* a process with the same number in another namespace has other memory */
    uint64_t bytes;
};

/* Huge pages make training on millions of samples faster, where the system allows them for shared memory. */
static void *map(int file, size_t bytes, int protection)
{
    void *memory = mmap(NULL, bytes, protection, MAP_SHARED, file, 0);

    if (memory == MAP_FAILED)
        return NULL;
#ifdef MADV_HUGEPAGE
    (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

/* A file of more bytes than the user allows (ulimit -f) would end the process by a signal. */
static bool may_have(size_t bytes)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && (rlim_t)bytes <= limit.rlim_cur;
}

static bool reserve(int file, size_t bytes)
{
    int failed;

    do
        failed = fallocate(file, 0, 0, (off_t)bytes);
    while (failed != 0 && errno == EINTR);
    return failed == 0;
}

/* Makes memory, and sets *place. Returns NULL if there is not enough, or the system cannot share it. */
static void *make(const char *name, size_t bytes, struct place *place)
{
    const int file = may_have(bytes) ? memfd_create(name, MFD_CLOEXEC) : -1;
    struct stat status;
    void *memory = NULL;

    *place = (struct place){.descriptor = -1};
    if (file < 0)
        return NULL;
    if (reserve(file, bytes) && fstat(file, &status) == 0)
        memory = map(file, bytes, PROT_READ | PROT_WRITE);
    if (memory == NULL) {
        (void)close(file);
        return NULL;
    }
    *place = (struct place){.process = getpid(),
                            .descriptor = file,
                            .device = status.st_dev,
                            .inode = status.st_ino,
                            .bytes = bytes};
    return memory;
}

/* Maps the memory of another process, for reading, or also for writing. Returns NULL if that is not possible. */
static void *map_that_of(const struct place *place, bool is_written)
{
    char path[64];
    struct stat status;
    void *memory = NULL;
    int file;

    if (place->descriptor < 0)
        return NULL;
    (void)snprintf(path, sizeof path, "/proc/%lld/fd/%lld", (long long)place->process,
                   (long long)place->descriptor);
    file = open(path, (is_written ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return NULL;
    if (fstat(file, &status) == 0 && (uint64_t)status.st_dev == place->device &&
        (uint64_t)status.st_ino == place->inode && (uint64_t)status.st_size == place->bytes)
        memory = map(file, (size_t)place->bytes, is_written ? PROT_READ | PROT_WRITE : PROT_READ);
    (void)close(file);
    return memory;
}

void *ms_node_memory_share(MPI_Comm node, const char *name, size_t bytes, bool is_written)
{
    struct place place = {.descriptor = -1};
    void *memory = NULL;
    MPI_Request opened;
    int rank;

    MPI_Comm_rank(node, &rank);
    if (rank == 0)
        memory = make(name, bytes, &place);
    ms_pieces_broadcast(node, &place, sizeof place);
    if (rank != 0)
        memory = map_that_of(&place, is_written);
    MPI_Ibarrier(node, &opened);
    ms_wait_request(&opened); /* all have opened it */
    if (rank == 0 && place.descriptor >= 0)
        (void)close((int)place.descriptor);
    return memory;
}

void ms_node_memory_free(void *memory, size_t bytes)
{
    if (memory != NULL)
        (void)munmap(memory, bytes);
}
