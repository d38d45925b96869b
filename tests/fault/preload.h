/* The system calls on files, seen by a library that is preloaded into every rank. preload.c takes the place of the C
 * library's functions; what is to come of them is said by two functions that the library defines:
 *
 *     int preload_before(struct preload_call *call) { return is_the_one(call) ? ENOSPC : 0; }
 *     void preload_after(const struct preload_call *call, int64_t result) {}
 *
 *     MOONSWEEP_FAULT_FILE=/tmp/x/out.h5 LD_PRELOAD=libwrite_log.so moonsweep run job.yaml -o /tmp/x/out.h5
 *
 * They may call whatever they like: what they call themselves is not seen. */
#ifndef MOONSWEEP_TESTS_FAULT_PRELOAD_H
#define MOONSWEEP_TESTS_FAULT_PRELOAD_H

#include <stddef.h>
#include <stdint.h>

enum preload_kind {
    PRELOAD_OPEN, /* result: the descriptor */
    PRELOAD_READ, /* result of these two: how many bytes */
    PRELOAD_WRITE,
    PRELOAD_TRUNCATE,
    PRELOAD_ALLOCATE,
    PRELOAD_SYNC, /* fsync or fdatasync; of a folder: its entries */
    PRELOAD_CLOSE,
    PRELOAD_RENAME,
    PRELOAD_UNLINK,
    PRELOAD_KINDS
};

/* A call that is about to be made, or was just made. */
struct preload_call {
    enum preload_kind kind;
    const char
        *path; /* of the file: as given (rename: the old name), or the present name of the descriptor's */
    int fd;    /* -1: by path */
    int64_t offset;   /* of a transfer or an allocation; truncate: the new size; else 0 */
    size_t bytes;     /* of a transfer or an allocation; else 0 */
    const void *data; /* [bytes] to be written in one piece; else NULL */
};

/* What a library defines. Returns 0 to let the call be made, or an errno for it to fail with. A transfer is cut short
 * by a smaller call->bytes. */
int preload_before(struct preload_call *call);

/* What a library defines. result is what the call returned, -1 if it failed. errno is kept for the caller. */
void preload_after(const struct preload_call *call, int64_t result);

/* The files that matter to a sweep, of which MOONSWEEP_FAULT_FILE is the result: its absolute path without links. */
enum preload_file {
    PRELOAD_RESULT,
    PRELOAD_PART,   /* OUT.h5.part */
    PRELOAD_LOCK,   /* OUT.h5.lock */
    PRELOAD_FOLDER, /* that the result is in */
    PRELOAD_OTHER
};
enum preload_file preload_file(const char *path);

/* This process's rank in MPI_COMM_WORLD, by the environment; 0 alone. */
int preload_rank(void);

#endif
