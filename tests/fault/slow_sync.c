/* A preloaded library that simulates a disk that takes long to make a result durable:
 *
 *     MOONSWEEP_FAULT_FILE=/tmp/x/out.h5 SLOW_SYNC_MS=300 LD_PRELOAD=libslow_sync.so moonsweep run ...
 *
 * Every fsync and fdatasync of the result or its .part file takes SLOW_SYNC_MS longer, in any thread; with SLOW_SYNC_FROM=N
 * only the Nth of this process and later ones.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "preload.h"

/* The value of a variable; 0 if it is not set. */
static long number(const char *variable)
{
    const char *text = getenv(variable);

    return text == NULL ? 0 : strtol(text, NULL, 10);
}

int preload_before(struct preload_call *call)
{
    static atomic_long counted;
    const enum preload_file file = preload_file(call->path);
    const long ms = number("SLOW_SYNC_MS");
    const struct timespec delay = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000 * 1000};

    if (call->kind == PRELOAD_SYNC && (file == PRELOAD_RESULT || file == PRELOAD_PART) &&
        atomic_fetch_add(&counted, 1) + 1 >= number("SLOW_SYNC_FROM"))
        (void)nanosleep(&delay, NULL);
    return 0;
}

void preload_after(const struct preload_call *call, int64_t result)
{
    (void)call;
    (void)result;
}
