/* A preloaded library that lets machines lack memory for the samples that ranks share (src/sweep/node_memory.c), or keeps
 * ranks from finding it:
 *
 *     NO_SHARED_MEMORY=reserve|map LD_PRELOAD=libno_shared_memory.so mpirun -n 3 moonsweep run ...
 *
 * With `reserve` nothing can be reserved; with `map` rank 1 may not open the samples of another process. Each failure is
 * recorded as a line of the file NO_SHARED_MEMORY_LOG.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload.h"

static int fail(int cause)
{
    const char *log = getenv("NO_SHARED_MEMORY_LOG");
    const int file = log != NULL ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;

    if (file < 0 || write(file, "failed\n", 7) != 7)
        abort();
    (void)close(file);
    return cause;
}

/* Whether a path of /proc leads to the samples. MPI may share memory in the same way. */
static bool leads_to_samples(const char *path)
{
    char target[64] = "";

    return strncmp(path, "/proc/", 6) == 0 && readlink(path, target, sizeof target - 1) > 0 &&
           strstr(target, "memfd:moonsweep-samples") != NULL;
}

int preload_before(struct preload_call *call)
{
    const char *wish = getenv("NO_SHARED_MEMORY");

    if (wish == NULL || call->path == NULL)
        return 0;
    if (strcmp(wish, "reserve") == 0 && call->kind == PRELOAD_ALLOCATE &&
        strstr(call->path, "memfd:moonsweep-samples") != NULL)
        return fail(ENOSPC);
    if (strcmp(wish, "map") == 0 && call->kind == PRELOAD_OPEN && preload_rank() == 1 &&
        leads_to_samples(call->path))
        return fail(EACCES);
    return 0;
}

void preload_after(const struct preload_call *call, int64_t result)
{
    (void)call;
    (void)result;
}
