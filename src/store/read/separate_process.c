/* First what the other process does, then how its end is judged, and last how this process starts it and
 * waits for it.
 *
 * The other process sends what it finds (report.h), and ends. A lack of memory and a corrupt file look alike,
 * since HDF5 1.10 crashes for either. They are told apart by errno, which a failed allocation sets to ENOMEM,
 * and by the checksums of the pages of a result, which tell whether the structure is intact.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* sigaltstack */

#include "separate_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hdf5.h>

#include "pages.h"
#include "report.h"

enum {
    LOOK_MS = 20,                    /* between two looks at a stop request */
    COMPUTING_S = 5,                 /* of processor time, a thousand times what a result needs */
    BYTES_A_SECOND = 4 << 20,        /* that are decompressed and converted, on a slow machine */
    GRACE_S = 1,                     /* until a process that does not answer the signal is killed */
    ADDRESS_SPACE = 256 << 20,       /* bytes, in addition to what this process uses */
    ROOM_BYTES = 64 << 20,           /* enough to read the structure of any result */
    LEAST_STACK_KIB = 64,            /* half of it is used */
    AMPLE_STACK_KIB = 1024,          /* even if a compiler or a library needs several times as much */
    ALTERNATE_STACK_BYTES = 64 << 10 /* for the signal handler */
};

/* ---- the other process ------------------------------------------------------------------------------ */

/* What a signal handler needs. It belongs to the other process. */
static int report_pipe;

/* Reports how this process ends, and ends it without exit handlers, which belong to the process that was copied. Under
 * AddressSanitizer a function that does not return would allocate memory first, for which it would wait forever if the
 * signal has interrupted an allocation. */
__attribute__((no_sanitize("address"))) static _Noreturn void report_end(int signal)
{
    _exit(ms_report_send_ended(report_pipe, signal, errno) ? 0 : 1);
}

static void report_exit(void)
{
    report_end(0);
}

/* Lets signals and exit be reported. A stack that has overflowed cannot hold the handler. */
static bool install_reports(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU};
    static unsigned char stack[ALTERNATE_STACK_BYTES];
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_flags = SA_ONSTACK, .sa_handler = report_end};
    sigset_t wanted;
    bool is_ok = sigaltstack(&alternate, NULL) == 0 && sigemptyset(&wanted) == 0;

    for (size_t i = 0; is_ok && i < sizeof signals / sizeof signals[0]; i++)
        is_ok = sigaction(signals[i], &action, NULL) == 0 && sigaddset(&wanted, signals[i]) == 0;
    return is_ok && sigprocmask(SIG_UNBLOCK, &wanted, NULL) == 0 && atexit(report_exit) == 0;
}

/* Returns the bytes of address space that this process uses; 0 if the system does not tell. */
static rlim_t address_space(void)
{
    char text[64];
    const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    const ssize_t got = file < 0 ? -1 : read(file, text, sizeof text - 1);

    if (file >= 0)
        (void)close(file);
    if (got <= 0)
        return 0;
    text[got] = '\0';
    return (rlim_t)strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Lowers a limit; a lower one remains. The hard limit is at least `apart` above the soft one, if that leaves any. */
static void lower_limit(int resource, rlim_t soft, rlim_t apart)
{
    struct rlimit limit;

    if (getrlimit(resource, &limit) != 0)
        return;
    limit.rlim_max = limit.rlim_max < soft + apart ? limit.rlim_max : soft + apart;
    limit.rlim_cur = limit.rlim_cur < soft ? limit.rlim_cur : soft;
    if (limit.rlim_max > apart && limit.rlim_cur > limit.rlim_max - apart)
        limit.rlim_cur = limit.rlim_max - apart;
    (void)setrlimit(resource, &limit);
}

/* The limits of the user, which the other process keeps to. */
static struct rlimit given_processor, given_memory;

/* At the hard limit of processor time the system kills without a signal that can be handled. */
static void set_limits(bool is_growing)
{
    const rlim_t used = address_space();

    lower_limit(RLIMIT_CORE, 0, 0);
    if (getrlimit(RLIMIT_CPU, &given_processor) != 0 || getrlimit(RLIMIT_AS, &given_memory) != 0)
        return;
    if (is_growing) {
        (void)ms_separate_process_allow(0);
        return;
    }
    lower_limit(RLIMIT_CPU, COMPUTING_S, GRACE_S);
    if (used > 0)
        lower_limit(RLIMIT_AS, used + ADDRESS_SPACE, 0);
}

/* Sets a soft limit, which is at most the one that the user has given. */
static bool set_soft(int resource, const struct rlimit *given, rlim_t wanted)
{
    const bool is_allowed = wanted <= given->rlim_cur;
    const struct rlimit limit = {.rlim_cur = is_allowed ? wanted : given->rlim_cur,
                                 .rlim_max = given->rlim_max};

    (void)setrlimit(resource, &limit);
    return is_allowed;
}

bool ms_separate_process_allow(size_t bytes)
{
    const rlim_t used = address_space();
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) == 0)
        (void)set_soft(RLIMIT_CPU, &given_processor,
                       (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 2) + COMPUTING_S +
                           (rlim_t)bytes / BYTES_A_SECOND);
    return used == 0 || set_soft(RLIMIT_AS, &given_memory, used + ADDRESS_SPACE + (rlim_t)bytes) ||
           used + (rlim_t)bytes <= given_memory.rlim_cur;
}

/* The C library and HDF5 print what they find wrong in a corrupt file or without memory. */
static void silence(void)
{
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (nothing < 0)
        return;
    (void)dup2(nothing, STDOUT_FILENO);
    (void)dup2(nothing, STDERR_FILENO);
}

static _Noreturn void work_and_end(const struct ms_separate_work *work, const char *path, int pipe)
{
    struct ms_error err;
    bool is_sent;

    report_pipe = pipe;
    silence();
    set_limits(work->is_growing);
    if (!install_reports()) {
        (void)ms_fail_memory(&err, path, "to open it");
        is_sent = ms_report_send_error(pipe, &err);
    } else {
        errno = 0;
        (void)H5dont_atexit();
        is_sent = work->run(work->context, pipe);
    }
    _exit(is_sent ? 0 : 1);
}

/* ---- judging ---------------------------------------------------------------------------------------- */

static void visit(void *context, const struct ms_pages_damage *damage)
{
    bool *is_intact = context;

    *is_intact &= damage->id != MS_PAGES_STRUCTURE;
}

/* Returns whether the structure is known to be intact from the checksums of its pages. */
static bool is_structure_intact(const char *path, int descriptor)
{
    enum ms_pages_state state = MS_PAGES_NONE;
    bool is_intact = true;
    struct ms_error err;

    return ms_pages_check(path, descriptor, visit, &is_intact, &state, &err) == MS_OK &&
           state != MS_PAGES_NONE && is_intact;
}

/* After an allocation failed in the other process: if this one has enough memory for any result, and the structure is
 * not known to be intact, HDF5 took the size from a corrupt number. */
static enum ms_code fail_memory(const char *path, int descriptor, struct ms_error *err)
{
    void *room = malloc(ROOM_BYTES);
    const bool has_room = room != NULL;

    free(room);
    if (has_room && descriptor < 0)
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s: its structure is corrupt: HDF5 requests more memory to read it than its values need", path);
    if (has_room && !is_structure_intact(path, descriptor))
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: its structure is corrupt: HDF5 requests more memory to read it than any result "
                       "needs",
                       path);
    return ms_fail_memory(err, path, "to open it");
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

/* A limit of the user may end the other process before it has computed for too long. */
static enum ms_code fail_computing(const char *path, struct ms_error *err)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_CPU, &limit) == 0 && limit.rlim_cur <= COMPUTING_S)
        return ms_fail(err, MS_NO_MEMORY,
                       "%s: the processor time is limited to %llu s (ulimit -t), too little to tell whether "
                       "the file is corrupt; allow more than %d s",
                       path, (unsigned long long)limit.rlim_cur, COMPUTING_S);
    return ms_fail(
        err, MS_BAD_INPUT,
        "%s: its structure is corrupt: HDF5 did not finish reading it within %d s of processor time", path,
        COMPUTING_S);
}

/* Fails because the other process was ended by a signal (0: none), with errno `cause`. */
static enum ms_code fail_ended(const char *path, int descriptor, int signal, int cause, struct ms_error *err)
{
    if (signal == SIGXCPU)
        return fail_computing(path, err);
    if (cause == ENOMEM)
        return fail_memory(path, descriptor, err);
    if (signal == SIGSEGV && check_stack(path, AMPLE_STACK_KIB, err) != MS_OK)
        return MS_NO_MEMORY;
    if (signal == 0)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: its structure is corrupt: HDF5 ended the process that reads it", path);
    return ms_fail(err, MS_BAD_INPUT, "%s: its structure is corrupt: HDF5 crashed reading it (%s)", path,
                   strsignal(signal));
}

/* Fails because the other process ended without a report, with the status of waitpid. */
static enum ms_code fail_silent(const char *path, int status, struct ms_error *err)
{
    if (WIFSIGNALED(status))
        return ms_fail(err, MS_INTERNAL, "%s: the process that opens it was killed: %s", path,
                       strsignal(WTERMSIG(status)));
    return ms_fail(err, MS_INTERNAL, "%s: the process that opens it exited with status %d", path,
                   WEXITSTATUS(status));
}

/* ---- this process ----------------------------------------------------------------------------------- */

enum ms_code ms_separate_process_start(const char *path, const struct ms_separate_work *work,
                                       struct ms_separate_process *process, struct ms_error *err)
{
    int ends[2];
    enum ms_code code = check_stack(path, LEAST_STACK_KIB, err);

    if (code != MS_OK)
        return code;
    if (pipe(ends) != 0)
        return ms_fail(err, ms_code_of_errno(errno, MS_NO_MEMORY),
                       "%s: creating a pipe to open it failed: %s", path, strerror(errno));
    *process = (struct ms_separate_process){.id = fork(), .pipe = ends[0]};
    if (process->id == 0) {
        (void)close(ends[0]);
        work_and_end(work, path, ends[1]);
    }
    (void)close(ends[1]);
    if (process->id > 0)
        return MS_OK;
    if (errno == ENOMEM)
        (void)ms_fail_memory(err, path, "to start a process that opens it");
    else
        (void)ms_fail(err, MS_NO_MEMORY, "%s: starting a process that opens it failed: %s", path,
                      strerror(errno));
    (void)close(ends[0]);
    return MS_NO_MEMORY;
}

bool ms_separate_process_wait(const struct ms_separate_process *process, const struct ms_stop_request *stop)
{
    struct pollfd from = {.fd = process->pipe, .events = POLLIN};

    for (;;) {
        const int ready = poll(&from, 1, LOOK_MS);

        if (stop != NULL && stop->is_asked(stop->context))
            return false;
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
    }
}

void ms_separate_process_kill(const struct ms_separate_process *process)
{
    (void)kill(process->id, SIGKILL);
}

int ms_separate_process_end(struct ms_separate_process *process)
{
    int status = 0;

    (void)close(process->pipe);
    while (waitpid(process->id, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

enum ms_code ms_separate_process_fail(const char *path, int descriptor, const struct ms_report *report,
                                      int status, struct ms_error *err)
{
    if (report == NULL)
        return fail_silent(path, status, err);
    if (report->kind == MS_REPORT_ENDED)
        return fail_ended(path, descriptor, report->signal, report->cause, err);
    if (report->err.code == MS_NO_MEMORY && descriptor >= 0)
        return fail_memory(path, descriptor, err);
    *err = report->err;
    return report->err.code;
}
