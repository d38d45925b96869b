#include "moonsweep/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80, USUAL_ROWS = 24 };

/* Names, as in /proc/PID/comm, of the programs that start ranks and copy their output. */
static const char *const launchers[] = {"mpirun", "mpiexec", "orterun", "prterun"};

/* Whether process pid runs one of the launchers. */
static bool is_launcher(long pid)
{
    char path[64], name[32] = "";
    FILE *file;
    bool read;

    (void)snprintf(path, sizeof path, "/proc/%ld/comm", pid);
    file = fopen(path, "r");
    if (file == NULL)
        return false;
    read = fgets(name, sizeof name, file) != NULL;
    (void)fclose(file);
    name[strcspn(name, "\n")] = '\0';
    for (size_t i = 0; read && i < sizeof launchers / sizeof launchers[0]; i++)
        if (strcmp(name, launchers[i]) == 0)
            return true;
    return false;
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
    int descriptor = fileno(stream);

    if (descriptor < 0 || fstat(descriptor, &status) != 0 || S_ISREG(status.st_mode))
        return -1;
    /* Some launchers give each rank a pseudo-terminal, which does not tell where the output is shown. */
    if (is_launcher(getppid()))
        return terminal_of_launcher(getppid(), descriptor);
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
