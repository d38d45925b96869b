/* Sleeps by nanosleep, and tests a request in between. A signal ends a sleep early, so that the caller can
 * react to it; for a request this only means an earlier test.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "wait.h"

#include <time.h>

enum { FIRST_NS = 50 * 1000, REQUEST_LIMIT_NS = 5 * 1000 * 1000, LONGEST_NS = 50 * 1000 * 1000, PART = 16 };

struct ms_wait ms_wait_begin(long limit_ns)
{
    return (struct ms_wait){.next_ns = FIRST_NS, .limit_ns = limit_ns};
}

struct ms_wait ms_wait_begin_patiently(long limit_ns)
{
    struct ms_wait wait = ms_wait_begin(limit_ns);

    wait.is_patient = true;
    return wait;
}

static long smaller(long a, long b)
{
    return a < b ? a : b;
}

static long limit_ns(const struct ms_wait *wait)
{
    const long grown_ns = wait->is_patient ? smaller(wait->slept_ns / PART, LONGEST_NS) : 0;

    return grown_ns > wait->limit_ns ? grown_ns : wait->limit_ns;
}

void ms_wait_sleep(struct ms_wait *wait)
{
    /* A signal interrupts the sleep, so that the caller reacts to it immediately. */
    (void)nanosleep(&(struct timespec){.tv_nsec = wait->next_ns}, NULL);
    wait->slept_ns += wait->next_ns;
    wait->next_ns = smaller(wait->next_ns * 2, limit_ns(wait));
}

void ms_wait_request(MPI_Request *request)
{
    struct ms_wait wait = ms_wait_begin_patiently(REQUEST_LIMIT_NS);
    int completed;

    MPI_Test(request, &completed, MPI_STATUS_IGNORE);
    while (!completed) {
        ms_wait_sleep(&wait);
        MPI_Test(request, &completed, MPI_STATUS_IGNORE);
    }
}
