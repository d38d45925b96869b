/* The coordinator on rank 0 sends the answers of the plan, and shows the progress of the sweep.
 *
 *     ms_coordinator_open(&spec, mailbox, &coordinator, err);
 *     ms_coordinator_serve(coordinator)      at least every millisecond or two, until
 *     ms_coordinator_is_over(coordinator)
 *     code = ms_coordinator_result(coordinator, &summary, err);
 *     ms_coordinator_close(coordinator);
 *
 * Its states and messages: docs/protocol.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_COORDINATOR_H
#define MOONSWEEP_SWEEP_COORDINATOR_H

#include "mailbox.h"
#include "moonsweep/sweep.h"

struct ms_coordinator;

/* spec and mailbox are borrowed until close. Errors: MS_NO_MEMORY. */
enum ms_code ms_coordinator_open(const struct ms_sweep_spec *spec, struct ms_mailbox *mailbox,
                                 struct ms_coordinator **coordinator, struct ms_error *err);
void ms_coordinator_close(struct ms_coordinator *coordinator);

/* Handles every message that has arrived, sends answers, and redraws the progress when it is due. Never waits. */
void ms_coordinator_serve(struct ms_coordinator *coordinator);

/* Whether every worker has left. */
bool ms_coordinator_is_over(const struct ms_coordinator *coordinator);

/* To be called when it is over: sets the summary and returns MS_OK (no work is left), MS_WORK_LEFT, or the first error
 * that a rank reported. */
enum ms_code ms_coordinator_result(const struct ms_coordinator *coordinator, struct ms_sweep_summary *summary,
                                   struct ms_error *err);

#endif
