/* Ends the work of all ranks in rounds, each of which is one MPI_Iallreduce of the highest state of all
 * ranks. A rank takes part by starting it, and continues its work; all ranks then find the same state in the
 * same round, and leave in it unless that state is AT_WORK. At most one round is open.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/leave.h"

#include <math.h>
#include <stddef.h>

#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "wait.h"

/* The states of a rank in a round; the highest one of all ranks decides. */
enum {
    AT_THE_END, /* on every rank: the work is complete */
    AT_WORK,    /* another round follows */
    LATE,       /* the deadline has passed: all ranks leave */
    ASKED,      /* to stop: likewise */
    FAILED      /* likewise, and report the error */
};

void ms_leave_begin(struct ms_leave *leave, MPI_Comm comm, const volatile sig_atomic_t *stop)
{
    *leave = (struct ms_leave){.comm = comm,
                               .stop = stop,
                               .deadline_s = (double)INFINITY,
                               .request = MPI_REQUEST_NULL,
                               .highest = AT_WORK};
}

/* Takes part in a round. state: AT_THE_END, AT_WORK or FAILED. */
static void begin_round(struct ms_leave *leave, int state)
{
    const bool is_asked = leave->stop != NULL && *leave->stop != 0;

    leave->own = state;
    if (state != FAILED && is_asked)
        leave->own = ASKED;
    else if (state == AT_WORK && ms_clock_monotonic_s() >= leave->deadline_s)
        leave->own = LATE;
    MPI_Iallreduce(&leave->own, &leave->highest, 1, MPI_INT, MPI_MAX, leave->comm, &leave->request);
}

bool ms_leave_look(void *context)
{
    struct ms_leave *leave = context;
    int completed;

    if (leave->request == MPI_REQUEST_NULL) {
        if (leave->highest != AT_WORK)
            return true;
        begin_round(leave, AT_WORK);
    }
    MPI_Test(&leave->request, &completed, MPI_STATUS_IGNORE);
    return completed && leave->highest != AT_WORK;
}

bool ms_leave_is_late(const struct ms_leave *leave)
{
    return leave->highest == LATE;
}

enum ms_code ms_leave_end(struct ms_leave *leave, enum ms_code code, struct ms_error *err)
{
    const int state = code == MS_OK || code == MS_WORK_LEFT ? AT_THE_END : FAILED;

    if (leave->request != MPI_REQUEST_NULL)
        ms_wait_request(&leave->request);
    while (leave->highest == AT_WORK) {
        begin_round(leave, state);
        ms_wait_request(&leave->request);
    }
    if ((leave->highest == ASKED || leave->highest == LATE) && code == MS_OK)
        code = ms_fail(err, MS_WORK_LEFT, "stopped by %s",
                       leave->highest == LATE ? "its time limit" : "a signal");
    if (leave->highest == FAILED && code == MS_WORK_LEFT)
        code = MS_OK; /* another rank has the error */
    return ms_agree(leave->comm, code, err);
}
