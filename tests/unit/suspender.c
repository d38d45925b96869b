/* Forks a process that suspends and continues this one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "suspender.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

static void sleep_s(double seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds};

    left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
    while (nanosleep(&left, &left) != 0)
        ;
}

struct suspender suspender_start(double after_s, double for_s)
{
    const pid_t target = getpid();
    struct suspender suspender = {.pid = fork()};

    ck_assert_int_ge(suspender.pid, 0);
    if (suspender.pid == 0) {
        sleep_s(after_s);
        (void)kill(target, SIGSTOP);
        sleep_s(for_s);
        (void)kill(target, SIGCONT);
        _exit(0);
    }
    return suspender;
}

bool suspender_is_over(const struct suspender *suspender)
{
    const pid_t ended = waitpid(suspender->pid, NULL, WNOHANG);

    ck_assert_int_ge(ended, 0);
    return ended == suspender->pid;
}
