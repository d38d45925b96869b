/* Opening a file in a process of its own, which may crash: HDF5 (1.10) follows damaged metadata wherever it leads. What
 * it survives there it survives here, for it does the same again; our own reading of the values comes after it, so a
 * mistake of ours is never taken for the file's. Nor is a stack that is too small: a crash for want of it says nothing of
 * the file. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verify_state.h"

enum {
    COMPUTING_S = 60,      /* of processor time: damaged lists may lead round and round */
    ROOM_BYTES = 64 << 20, /* enough to look at the structure of any file of ours */
    LEAST_STACK_KIB = 64,  /* half of it is used */
    AMPLE_STACK_KIB = 1024 /* even where a compiler or a library needs several times as much */
};

/* Opening follows all that this program follows later. */
static enum ms_code follow_structure(const char *path, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    enum ms_code code = ms_reader_open(path, &reader, err);

    ms_reader_close(reader);
    return code;
}

/* Where HDF5 asked for memory by a damaged number, there is enough for what the file holds. */
static void look_at_memory(const char *path, struct ms_error *err)
{
    struct ms_error reason = *err;
    void *room = malloc(ROOM_BYTES);

    if (room != NULL)
        (void)ms_fail(err, MS_BAD_INPUT,
                      "%s: its structure is corrupt: HDF5 asks for more memory than there is (%.700s)", path,
                      reason.text);
    free(room);
}

/* The other process: tells by its pipe what came of it. It must not leave a core, nor run what is due at exit. */
static _Noreturn void probe(const char *path, int pipe)
{
    static const struct rlimit no_core = {0, 0}, computing = {COMPUTING_S, COMPUTING_S};
    struct ms_error err = {.code = MS_OK};

    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)setrlimit(RLIMIT_CPU, &computing);
    if (follow_structure(path, &err) == MS_NO_MEMORY)
        look_at_memory(path, &err);
    _exit(write(pipe, &err, sizeof err) == (ssize_t)sizeof err ? 0 : 1);
}

/* MS_OK where the stack may have so many KiB; where it may not, that is the error. */
static enum ms_code check_stack(const char *path, rlim_t kib, struct ms_error *err)
{
    struct rlimit stack;

    if (getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur == RLIM_INFINITY ||
        stack.rlim_cur / 1024 >= kib)
        return MS_OK;
    return ms_fail(err, MS_NO_MEMORY,
                   "%s: the stack is too small to say whether the file is damaged: it is limited to %llu KiB "
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
        return ms_fail(err, MS_INTERNAL, "%s: the process that was to open it first ended with status %d",
                       path, WEXITSTATUS(status));
    default:
        return ms_fail(err, MS_INTERNAL, "%s: the process that was to open it first was ended: %s", path,
                       strsignal(signal));
    }
}

enum ms_code ms_verify_probe(const char *path, struct ms_error *err)
{
    struct ms_error said;
    int ends[2], status = 0;
    ssize_t got;
    pid_t child;

    if (check_stack(path, LEAST_STACK_KIB, err) != MS_OK)
        return MS_NO_MEMORY;
    if (pipe(ends) != 0)
        return ms_fail(err, MS_NO_MEMORY, "%s: no pipe to another process: %s", path, strerror(errno));
    child = fork();
    if (child == 0)
        probe(path, ends[1]);
    (void)close(ends[1]);
    if (child < 0) {
        (void)close(ends[0]);
        return ms_fail(err, MS_NO_MEMORY, "%s: no other process to open it first: %s", path, strerror(errno));
    }
    do
        got = read(ends[0], &said, sizeof said);
    while (got < 0 && errno == EINTR);
    (void)close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (got != (ssize_t)sizeof said)
        return judge(path, status, err);
    if (said.code != MS_OK)
        *err = said;
    return said.code;
}
