#include "stop_signal.h"

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "moonsweep/error.h"

static volatile sig_atomic_t stop;

static void set_stop(int number)
{
    (void)number;
    stop = 1;
}

/* Set before the handler that uses it: a handler may call few functions. */
static int stopped_status;

static void end(int number)
{
    static const char sentence[] =
        "moonsweep: stopped by a signal before MPI had started, nothing was written; "
        "run the same command again\n";

    ssize_t written = write(STDERR_FILENO, sentence, sizeof sentence - 1);

    (void)number;
    (void)written; /* without a reader of the sentence, the status says it */
    _exit(stopped_status);
}

static bool is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Sets the handler of all signals that stop a sweep, except of those that are ignored. */
static void handle_by(void (*handler)(int))
{
    static const int numbers[] = {SIGUSR1, SIGTERM, SIGINT, SIGHUP, SIGXCPU};
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!is_ignored(numbers[i]))
            (void)sigaction(numbers[i], &action, NULL);
}

void stop_signal_end_at_once(void)
{
    stopped_status = ms_exit_status(MS_WORK_LEFT);
    handle_by(end);
}

const volatile sig_atomic_t *stop_signal_watch(void)
{
    handle_by(set_stop);
    return &stop;
}
