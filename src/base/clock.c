/* Reads each clock by clock_gettime, as seconds in a double: seconds since 1970 are exact to less than a
 * microsecond in it. A sleep that a signal interrupts is repeated for the time that is left.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/clock.h"

#include <errno.h>
#include <math.h>
#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double ms_clock_monotonic_s(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double ms_clock_wall_s(void)
{
    return seconds(CLOCK_REALTIME);
}

void ms_clock_utc(double wall_s, char text[MS_CLOCK_UTC_BYTES])
{
    const time_t whole = (time_t)wall_s;
    struct tm utc;

    if (gmtime_r(&whole, &utc) == NULL || strftime(text, MS_CLOCK_UTC_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        text[0] = '\0';
}

double ms_clock_thread_s(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}

void ms_clock_sleep(double seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds};

    left.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}
