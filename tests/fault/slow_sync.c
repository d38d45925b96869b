/* A preloaded library that simulates a disk that takes long to make a result durable:
 *
 *     MOONSWEEP_FAULT_FILE=/tmp/x/out.h5 SLOW_SYNC_MS=300 LD_PRELOAD=libslow_sync.so moonsweep run ...
 *
 * Every fsync and fdatasync of the result or its .part file takes SLOW_SYNC_MS longer, in any thread. */
#include <stdlib.h>
#include <time.h>

#include "preload.h"

int preload_before(struct preload_call *call)
{
    const char *text = getenv("SLOW_SYNC_MS");
    const enum preload_file file = preload_file(call->path);
    const long ms = text == NULL ? 0 : strtol(text, NULL, 10);
    const struct timespec delay = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000 * 1000};

    if (call->kind == PRELOAD_SYNC && (file == PRELOAD_RESULT || file == PRELOAD_PART))
        (void)nanosleep(&delay, NULL);
    return 0;
}

void preload_after(const struct preload_call *call, int64_t result)
{
    (void)call;
    (void)result;
}
