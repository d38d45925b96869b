#define _XOPEN_SOURCE 700 /* sigaltstack */

/* The other process opens the file, sends what it finds (report.h), and ends. Want of memory and a corrupt file look
 * alike, since HDF5 1.10 crashes for either. They are told apart by errno, which a failed allocation sets to ENOMEM,
 * and by the checksums of the pages, which tell whether the structure is intact. */
#include "separate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hdf5.h>

#include "inspect.h"
#include "pages.h"
#include "report.h"

enum {
    COMPUTING_S = 5,                 /* of processor time, a thousand times what a result needs */
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

/* Reports how this process ends, and ends it without exit handlers, which belong to the process that was copied. */
static _Noreturn void report_end(int signal)
{
    static struct ms_report report;

    report.cause = errno;
    report.kind = MS_REPORT_ENDED;
    report.signal = signal;
    _exit(write(report_pipe, &report, sizeof report) == (ssize_t)sizeof report ? 0 : 1);
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

/* At the hard limit of processor time the system kills without a signal that can be handled. */
static void set_limits(void)
{
    const rlim_t used = address_space();

    lower_limit(RLIMIT_CORE, 0, 0);
    lower_limit(RLIMIT_CPU, COMPUTING_S, GRACE_S);
    if (used > 0)
        lower_limit(RLIMIT_AS, used + ADDRESS_SPACE, 0);
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

static _Noreturn void open_and_report(const char *path, int descriptor, int pipe)
{
    static struct ms_reader reader;
    struct ms_error err;
    enum ms_code code = MS_OK;
    bool is_sent;

    report_pipe = pipe;
    silence();
    set_limits();
    if (!install_reports())
        code = ms_fail_memory(&err, path, "to open it");
    if (code == MS_OK) {
        errno = 0;
        (void)H5dont_atexit();
        code = ms_inspect(path, descriptor, &reader, &err);
    }
    is_sent = code == MS_OK ? ms_report_send(pipe, &reader) : ms_report_send_error(pipe, &err);
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

/* Starts the other process, and sets *pipe to where its report comes from. */
static enum ms_code start(const char *path, int descriptor, int *report, pid_t *process, struct ms_error *err)
{
    int ends[2];

    if (pipe(ends) != 0)
        return ms_fail(err, ms_code_of_errno(errno, MS_NO_MEMORY),
                       "%s: creating a pipe to open it failed: %s", path, strerror(errno));
    *process = fork();
    if (*process == 0) {
        (void)close(ends[0]);
        open_and_report(path, descriptor, ends[1]);
    }
    (void)close(ends[1]);
    *report = ends[0];
    if (*process > 0)
        return MS_OK;
    if (errno == ENOMEM)
        (void)ms_fail_memory(err, path, "to start a process that opens it");
    else
        (void)ms_fail(err, MS_NO_MEMORY, "%s: starting a process that opens it failed: %s", path,
                      strerror(errno));
    (void)close(ends[0]);
    return MS_NO_MEMORY;
}

/* Receives the report and waits for the end of the process. */
static enum ms_code finish(const char *path, int descriptor, int report_from, pid_t process,
                           struct ms_reader *reader, struct ms_error *err)
{
    struct ms_report report = {.kind = MS_REPORT_FAILED};
    int status = 0;
    enum ms_code code = MS_OK;
    const bool is_reported = ms_report_receive(report_from, &report);

    if (is_reported && report.kind == MS_REPORT_OPENED)
        code = ms_report_receive_reader(report_from, path, &report, reader, err);
    (void)close(report_from);
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    if (!is_reported)
        return fail_silent(path, status, err);
    if (report.kind == MS_REPORT_ENDED)
        return fail_ended(path, descriptor, report.signal, report.cause, err);
    if (report.kind == MS_REPORT_FAILED && report.err.code == MS_NO_MEMORY)
        return fail_memory(path, descriptor, err);
    if (report.kind == MS_REPORT_FAILED) {
        *err = report.err;
        code = report.err.code;
    }
    return code;
}

enum ms_code ms_separate_open(const char *path, int descriptor, struct ms_reader *reader,
                              struct ms_error *err)
{
    int report = -1;
    pid_t process = -1;
    enum ms_code code = check_stack(path, LEAST_STACK_KIB, err);

    if (code == MS_OK)
        code = start(path, descriptor, &report, &process, err);
    if (code == MS_OK)
        code = finish(path, descriptor, report, process, reader, err);
    reader->file.descriptor = descriptor;
    if (code != MS_OK)
        return code;
    reader->file.path = strdup(path);
    return reader->file.path == NULL ? ms_fail_memory(err, path, "to open it") : MS_OK;
}
