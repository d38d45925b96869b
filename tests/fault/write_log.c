/* Records what is done to a result file, by all ranks, in an order that can be trusted. To be preloaded:
 *
 *     MOONSWEEP_FAULT_FILE=/tmp/x/out.h5 WRITE_LOG=/tmp/x.log LD_PRELOAD=libwrite_log.so moonsweep run ...
 *
 * Every call that changes the result or its names, or makes them durable, is two records: one appended before it is
 * made, one after it returned. An append is one system call, which those of other processes and threads do not divide,
 * so the order of the log is that of time: where the second record of a write stands before the first one of a sync, the
 * write was over when the sync began. Syncs are made by another thread than writes (src/store/run/flusher.c), and a
 * write may begin while one is under way: a record says which thread it is of. write_log.py reads it. */
#define _GNU_SOURCE /* gettid */

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "preload.h"

/* As in the log; `bytes` bytes of data follow the first record of a write. */
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

/* At the first call, by whichever thread makes it. */
static void open_log(void)
{
    const char *path = getenv("WRITE_LOG");

    if (path != NULL)
        log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

/* A log with a hole would prove nothing: the process ends. */
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
        /* Data in several pieces is not kept: such a write must not pass for one that is. */
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
