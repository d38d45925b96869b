/* Leaving together while each rank works for itself: makes or writes data, without messages to others.
 *
 *     ms_leave_begin(&leave, comm, stop_flag);
 *     struct ms_stop_request stop = {ms_leave_look, &leave};
 *     enum ms_code code = make_the_data(&stop, err);      // calls ms_leave_look now and then
 *     code = ms_leave_end(&leave, code, err);             // the same code and sentence on every rank
 *
 * Ranks exchange their states in rounds, each of which ends when every rank has taken part by a look, or at the end. So
 * a signal to one rank, or an error on one, ends the work of all at the same round.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_LEAVE_H
#define MOONSWEEP_LEAVE_H

#include <mpi.h>
#include <signal.h>
#include <stdbool.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_leave {
    MPI_Comm comm;
    const volatile sig_atomic_t *stop;
    double deadline_s;   /* monotonic time at which all ranks leave; INFINITY unless the caller sets it */
    MPI_Request request; /* of the round in progress, or MPI_REQUEST_NULL */
    int own, highest;    /* states of that round: of this rank, and the highest of all ranks */
};

/* Collective. stop: becomes nonzero on any rank to ask for an early end; may be NULL. leave must not be moved. */
void ms_leave_begin(struct ms_leave *leave, MPI_Comm comm, const volatile sig_atomic_t *stop);

/* An is_asked of struct ms_stop_request, whose context is a struct ms_leave: returns whether to end early. */
bool ms_leave_look(void *context);

/* Whether all ranks have left because the deadline of one has passed. Valid after ms_leave_end. */
bool ms_leave_is_late(const struct ms_leave *leave);

/* Collective, and waits for the ranks that still work. code: the result of this rank's work. Returns MS_OK if every rank
 * has succeeded and none was asked to stop, the error of the lowest rank that failed, as ms_agree does, or
 * MS_WORK_LEFT. */
enum ms_code ms_leave_end(struct ms_leave *leave, enum ms_code code, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
