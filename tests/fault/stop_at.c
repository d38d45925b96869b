/* A preloaded library that suspends a rank (SIGSTOP) at a chosen system call on its result file, so that a test can
 * kill it at exactly that instant:
 *
 *     MOONSWEEP_FAULT_FILE=/tmp/x/out.h5 STOP_AT=0:2:1:17:0:4096:1 LD_PRELOAD=libstop_at.so moonsweep run ...
 *
 * STOP_AT=RANK:KIND:FILE:NTH:FROM:TO:OVER chooses the NTH call of the rank, counted from 1, with this enum preload_kind
 * (-1: any but reads) on this enum preload_file; of reads and writes, only those that begin at one of the bytes
 * FROM .. TO - 1 count. The rank is suspended before the call is made (OVER = 0) or after it has returned (1).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "preload.h"

enum { WISH_RANK, WISH_KIND, WISH_FILE, WISH_NTH, WISH_FROM, WISH_TO, WISH_OVER, WISH_NUMBERS };

/* Reads STOP_AT and returns whether it is set. A misspelt value ends the process, or it would look as if the chosen
 * call had never come. */
static bool read_wish(long long wish[WISH_NUMBERS])
{
    const char *text = getenv("STOP_AT");
    char *end;

    if (text == NULL)
        return false;
    for (int i = 0; i < WISH_NUMBERS; i++, text = end + 1) {
        wish[i] = strtoll(text, &end, 10);
        if (end == text || *end != (i + 1 < WISH_NUMBERS ? ':' : '\0'))
            abort();
    }
    return true;
}

static bool matches(const long long wish[WISH_NUMBERS], const struct preload_call *call)
{
    bool is_transfer = call->kind == PRELOAD_READ || call->kind == PRELOAD_WRITE;

    return wish[WISH_RANK] == preload_rank() && (int)preload_file(call->path) == wish[WISH_FILE] &&
           (wish[WISH_KIND] < 0 ? call->kind != PRELOAD_READ : (int)call->kind == wish[WISH_KIND]) &&
           (!is_transfer || (call->offset >= wish[WISH_FROM] && call->offset < wish[WISH_TO]));
}

/* Counts the matching calls of all threads, and suspends the whole process at the chosen one. */
static void look(const struct preload_call *call, int is_over)
{
    static atomic_llong counted;
    long long wish[WISH_NUMBERS];

    if (read_wish(wish) && wish[WISH_OVER] == is_over && matches(wish, call) &&
        atomic_fetch_add(&counted, 1) + 1 == wish[WISH_NTH])
        (void)kill(getpid(), SIGSTOP);
}

int preload_before(struct preload_call *call)
{
    look(call, 0);
    return 0;
}

void preload_after(const struct preload_call *call, int64_t result)
{
    (void)result;
    look(call, 1);
}
