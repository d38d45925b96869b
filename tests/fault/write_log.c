/* A preloaded library that records what all ranks do to a result file, in the order of time:
 *
 *     MOONSWEEP_FAULT_FILE=/tmp/x/out.h5 WRITE_LOG=/tmp/x.log LD_PRELOAD=libwrite_log.so moonsweep run ...
 *
 * Every call that changes the result or its names, or makes them durable, is logged as two records: one before it is
 * made and one after it has returned. A record is appended by one system call, which other processes and threads cannot
 * interrupt, so the log is in the order of time: if the second record of a write comes before the first one of a sync,
 * the write had returned when the sync began. A separate thread syncs (src/store/run/flusher.c), and writes may begin
 * meanwhile, so a record contains its thread. write_log.py reads the log.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* gettid */

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "preload.h"

/* The format of the log. The first record of a write is followed by `bytes` bytes of data. */
struct record {
    uint32_t kind, file; /* enum preload_kind, enum preload_file */
    uint32_t is_over;    /* 0 before the call, 1 after it */
    int32_t process, thread;
    int32_t padding; /* 0 */
    uint64_t inode;  /* 0: there is none */
    int64_t offset, bytes, result;
};

static int log_fd = -1;
static pthread_once_t log_once = PTHREAD_ONCE_INIT;

/* Called once, by the thread that makes the first call. */
static void open_log(void)
{
    const char *path = getenv("WRITE_LOG");

    if (path != NULL)
        log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

/* Ends the process if it fails, because an incomplete log would prove nothing. */
static void append(const struct record *record, const void *data, size_t bytes)
{
    const struct iovec parts[] = {{(void *)record, sizeof *record}, {(void *)data, bytes}};

    (void)pthread_once(&log_once, open_log);
    if (log_fd < 0 || writev(log_fd, parts, 2) != (ssize_t)(sizeof *record + bytes))
        abort();
}

static uint64_t inode_of(const struct preload_call *call, int64_t result)
{
    int fd = call->kind == PRELOAD_OPEN ? (int)result : call->fd;
    struct stat status;

    if (fd >= 0)
        return fstat(fd, &status) == 0 ? status.st_ino : 0;
    return lstat(call->path, &status) == 0 ? status.st_ino : 0;
}

static bool is_recorded(const struct preload_call *call)
{
    enum preload_file file = preload_file(call->path);

    return file != PRELOAD_LOCK && file != PRELOAD_OTHER && call->kind != PRELOAD_READ &&
           call->kind != PRELOAD_CLOSE;
}

static struct record record_of(const struct preload_call *call, bool is_over, int64_t result)
{
    return (struct record){
        .kind = call->kind,
        .file = preload_file(call->path),
        .is_over = is_over,
        .process = (int32_t)getpid(),
        .thread = (int32_t)gettid(),
        .inode = inode_of(call, result),
        .offset = call->offset,
        .bytes = (int64_t)call->bytes,
        .result = result,
    };
}

int preload_before(struct preload_call *call)
{
    struct record record;

    if (is_recorded(call)) {
        /* A write of several pieces has no data here, and cannot be logged. */
        if (call->kind == PRELOAD_WRITE && call->data == NULL)
            abort();
        record = record_of(call, false, -1);
        append(&record, call->data, call->data == NULL ? 0 : call->bytes);
    }
    return 0;
}

void preload_after(const struct preload_call *call, int64_t result)
{
    struct record record;

    if (is_recorded(call)) {
        record = record_of(call, true, result);
        append(&record, NULL, 0);
    }
}
