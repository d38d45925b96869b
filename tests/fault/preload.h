/* Intercepts the system calls on files, in a library that is preloaded into every rank. preload.c replaces the C
 * library's functions. The library defines two functions that are called before and after each call:
 *
 *     int preload_before(struct preload_call *call) { return is_the_one(call) ? ENOSPC : 0; }
 *     void preload_after(const struct preload_call *call, int64_t result) {}
 *
 *     MOONSWEEP_FAULT_FILE=/tmp/x/out.h5 LD_PRELOAD=libwrite_log.so moonsweep run job.yaml -o /tmp/x/out.h5
 *
 * The calls that these two functions make are not intercepted.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_FAULT_PRELOAD_H
#define MOONSWEEP_TESTS_FAULT_PRELOAD_H

#include <stddef.h>
#include <stdint.h>

enum preload_kind {
    PRELOAD_OPEN, /* result: the descriptor */
    PRELOAD_READ, /* result of PRELOAD_READ and PRELOAD_WRITE: how many bytes */
    PRELOAD_WRITE,
    PRELOAD_TRUNCATE,
    PRELOAD_ALLOCATE,
    PRELOAD_SYNC, /* fsync or fdatasync, of a file or of a folder's entries */
    PRELOAD_CLOSE,
    PRELOAD_RENAME,
    PRELOAD_UNLINK,
    PRELOAD_KINDS
};

/* A call that is about to be made or has just returned. */
struct preload_call {
    enum preload_kind kind;
    const char *path; /* as passed (rename: the old name), or the present name of the descriptor's file */
    int fd;           /* -1: the call has a path, no descriptor */
    int64_t offset;   /* of a transfer or an allocation; truncate: the new size; else 0 */
    size_t bytes;     /* of a transfer or an allocation; else 0 */
    const void *data; /* [bytes] of a write in one piece; else NULL */
};

/* Defined by the library. Returns 0 to let the call be made, or the errno that it fails with. It may reduce call->bytes
 * to make a transfer short. */
int preload_before(struct preload_call *call);

/* Defined by the library. result is what the call returned, -1 if it failed. errno is preserved for the caller. */
void preload_after(const struct preload_call *call, int64_t result);

/* The files of a sweep. MOONSWEEP_FAULT_FILE is the absolute path of the result, without symbolic links. */
enum preload_file {
    PRELOAD_RESULT,
    PRELOAD_PART,   /* OUT.h5.part */
    PRELOAD_LOCK,   /* OUT.h5.lock */
    PRELOAD_FOLDER, /* the folder of the result */
    PRELOAD_OTHER
};
enum preload_file preload_file(const char *path);

/* Returns this process's rank in MPI_COMM_WORLD, read from the environment, or 0 without MPI. */
int preload_rank(void);

#endif
