#include "stop_signal.h"

#include <stdbool.h>
#include <stddef.h>

static volatile sig_atomic_t stop;

static void set_stop(int number)
{
    (void)number;
    stop = 1;
}

static bool is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

const volatile sig_atomic_t *stop_signal_watch(void)
{
    static const int numbers[] = {SIGUSR1, SIGTERM, SIGINT, SIGHUP, SIGXCPU};
    struct sigaction action = {.sa_handler = set_stop, .sa_flags = SA_RESTART};

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!is_ignored(numbers[i]))
            (void)sigaction(numbers[i], &action, NULL);
    return &stop;
}
