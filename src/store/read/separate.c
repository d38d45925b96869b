/* Opens a file in a separate process, which may crash: HDF5 1.10 follows corrupt metadata without checks.
 * What does not crash there does not crash here, since this process repeats the same calls. Our own
 * reading of the values comes later, so a mistake of ours is never taken for a corrupt file; neither is a
 * crash for want of stack. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verify_state.h"

enum {
    COMPUTING_S = 60,      /* of processor time: corrupt lists may be circular */
    ROOM_BYTES = 64 << 20, /* enough to read the structure of any result */
    LEAST_STACK_KIB = 64,  /* half of it is used */
    AMPLE_STACK_KIB = 1024 /* even if a compiler or a library needs several times as much */
};

/* Opening reads all the structure that this program reads later. */
static enum ms_code open_structure(const char *path, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    enum ms_code code = ms_reader_open(path, &reader, err);

    ms_reader_close(reader);
    return code;
}

/* After HDF5 has run out of memory: if there is enough memory for any result, HDF5 took the size from a
 * corrupt number. */
static void check_memory(const char *path, struct ms_error *err)
{
    struct ms_error reason = *err;
    void *room = malloc(ROOM_BYTES);

    if (room != NULL)
        (void)ms_fail(err, MS_BAD_INPUT,
                      "%s: its structure is corrupt: HDF5 requests more memory than is available (%.700s)",
                      path, reason.text);
    free(room);
}

/* The other process: it writes the outcome to the pipe. It must neither dump core nor run exit handlers. */
static _Noreturn void probe(const char *path, int pipe)
{
    static const struct rlimit no_core = {0, 0}, computing = {COMPUTING_S, COMPUTING_S};
    struct ms_error err = {.code = MS_OK};

    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)setrlimit(RLIMIT_CPU, &computing);
    if (open_structure(path, &err) == MS_NO_MEMORY)
        check_memory(path, &err);
    _exit(write(pipe, &err, sizeof err) == (ssize_t)sizeof err ? 0 : 1);
}

/* Returns MS_OK if the stack may be that large, and reports an error otherwise. */
static enum ms_code check_stack(const char *path, rlim_t kib, struct ms_error *err)
{
    struct rlimit stack;

    if (getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur == RLIM_INFINITY ||
        stack.rlim_cur / 1024 >= kib)
        return MS_OK;
    return ms_fail(
        err, MS_NO_MEMORY,
        "%s: the stack is too small to tell whether the file is corrupt: it is limited to %llu KiB "
        "(ulimit -s); allow at least %d KiB",
        path, (unsigned long long)(stack.rlim_cur / 1024), AMPLE_STACK_KIB);
}

static enum ms_code judge(const char *path, int status, struct ms_error *err)
{
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (signal == SIGSEGV && check_stack(path, AMPLE_STACK_KIB, err) != MS_OK)
        return MS_NO_MEMORY;
    switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGABRT:
    case SIGFPE:
    case SIGILL:
        return ms_fail(err, MS_BAD_INPUT, "%s: its structure is corrupt: HDF5 crashed reading it (%s)", path,
                       strsignal(signal));
    case SIGXCPU:
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s: its structure is corrupt: HDF5 did not finish reading it within 60 s of processor time",
            path);
    case 0:
        return ms_fail(err, MS_INTERNAL, "%s: the process that opens it first exited with status %d", path,
                       WEXITSTATUS(status));
    default:
        return ms_fail(err, MS_INTERNAL, "%s: the process that opens it first was killed: %s", path,
                       strsignal(signal));
    }
}

enum ms_code ms_verify_probe(const char *path, struct ms_error *err)
{
    struct ms_error reported;
    int ends[2], status = 0;
    ssize_t got;
    pid_t child;

    if (check_stack(path, LEAST_STACK_KIB, err) != MS_OK)
        return MS_NO_MEMORY;
    if (pipe(ends) != 0)
        return ms_fail(err, MS_NO_MEMORY, "%s: creating a pipe failed: %s", path, strerror(errno));
    child = fork();
    if (child == 0)
        probe(path, ends[1]);
    (void)close(ends[1]);
    if (child < 0) {
        (void)close(ends[0]);
        return ms_fail(err, MS_NO_MEMORY, "%s: starting a process to open it failed: %s", path,
                       strerror(errno));
    }
    do
        got = read(ends[0], &reported, sizeof reported);
    while (got < 0 && errno == EINTR);
    (void)close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (got != (ssize_t)sizeof reported)
        return judge(path, status, err);
    if (reported.code != MS_OK)
        *err = reported;
    return reported.code;
}
