/* A preloaded library that leaves the process in another floating-point environment, as libraries that were built with
 * -Ofast do: numbers are rounded upwards and subnormal numbers are flushed to zero. It does so twice: when it is loaded,
 * before main, and at the end of MPI_Init_thread, which may load libraries. On standard error it says so.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <fenv.h>
#include <mpi.h>
#include <string.h>
#include <unistd.h>

#if defined __SSE2__
#include <xmmintrin.h>
#endif

static void spoil(const char *when)
{
    (void)fesetround(FE_UPWARD);
#if defined __SSE2__
    _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
    if (write(STDERR_FILENO, when, strlen(when)) < 0)
        _exit(1);
}

__attribute__((constructor)) static void spoil_at_start(void)
{
    spoil("spoiled at the start\n");
}

__attribute__((visibility("default"))) int MPI_Init_thread(int *argc, char ***argv, int required,
                                                           int *provided)
{
    int (*init)(int *, char ***, int, int *);
    void *const found = dlsym(RTLD_NEXT, "MPI_Init_thread");
    int code;

    memcpy(&init, &found, sizeof init);
    code = init(argc, argv, required, provided);
    spoil("spoiled by MPI\n");
    return code;
}
