/* Looks for the terminal of a stream. A launcher is recognized by the name of the parent process, or of its
 * parent if MPICH's proxy is between; its descriptor with the same number is then opened by its name in
 * /proc, and closed again if it is not a terminal.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80, USUAL_ROWS = 24 };

/* How the names of the programs begin that start ranks and copy their output: mpirun, mpiexec.hydra and so on. */
static const char *const launchers[] = {"mpirun", "mpiexec", "orterun", "prterun"};

/* MPICH's launcher starts a process with this name, and that starts the ranks. */
static const char proxy[] = "hydra_pmi_proxy";

/* A process: the first 15 characters of its program's name, and its parent. */
struct process {
    char name[32];
    long parent;
};

/* Reads /proc/PID/status; the name is empty and the parent 0 if it cannot be read. */
static struct process read_process(long pid)
{
    struct process process = {0};
    char path[64], line[256];
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%ld/status", pid);
    file = fopen(path, "r");
    if (file == NULL)
        return process;
    while (process.parent == 0 && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "Name:\t", 6) == 0)
            (void)snprintf(process.name, sizeof process.name, "%.31s", line + 6);
        if (strncmp(line, "PPid:\t", 6) == 0)
            process.parent = strtol(line + 6, NULL, 10);
    }
    (void)fclose(file);
    return process;
}

/* Returns the process that has started this one as a rank and copies its output; 0 if there is none. */
static long find_launcher(void)
{
    long pid = getppid();
    struct process process = read_process(pid);

    if (strcmp(process.name, proxy) == 0) {
        pid = process.parent;
        process = read_process(pid);
    }
    for (size_t i = 0; i < sizeof launchers / sizeof launchers[0]; i++)
        if (strncmp(process.name, launchers[i], strlen(launchers[i])) == 0)
            return pid;
    return 0;
}

/* Returns the descriptor if it is a terminal; otherwise closes it and returns -1. */
static int terminal_or_none(int descriptor)
{
    if (descriptor >= 0 && !isatty(descriptor)) {
        (void)close(descriptor);
        return -1;
    }
    return descriptor;
}

static int terminal_of_launcher(long pid, int descriptor)
{
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%ld/fd/%d", pid, descriptor);
    return terminal_or_none(open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC));
}

int ms_terminal_open(FILE *stream)
{
    struct stat status;
    const int descriptor = fileno(stream);
    const long launcher = find_launcher();

    if (descriptor < 0 || fstat(descriptor, &status) != 0 || S_ISREG(status.st_mode))
        return -1;
    /* Some launchers give each rank a pseudo-terminal, which does not tell where the output is shown. */
    if (launcher != 0)
        return terminal_of_launcher(launcher, descriptor);
    return terminal_or_none(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
}

void ms_terminal_close(int terminal)
{
    if (terminal >= 0)
        (void)close(terminal);
}

static bool is_set(const char *value)
{
    return value != NULL && value[0] != '\0';
}

bool ms_terminal_is_live_with(bool is_terminal, const char *term, const char *no_color)
{
    return is_terminal && is_set(term) && strcmp(term, "dumb") != 0 && !is_set(no_color);
}

bool ms_terminal_is_live(int terminal)
{
    return ms_terminal_is_live_with(terminal >= 0, getenv("TERM"), getenv("NO_COLOR"));
}

void ms_terminal_size(int terminal, int *columns, int *rows)
{
    struct winsize size = {0};

    if (terminal >= 0)
        (void)ioctl(terminal, TIOCGWINSZ, &size);
    *columns = size.ws_col > 0 ? size.ws_col : USUAL_COLUMNS;
    *rows = size.ws_row > 0 ? size.ws_row : USUAL_ROWS;
}
