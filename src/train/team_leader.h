/* What the training loop does with a team.
 *
 *     ms_team_lead(team, dataset, pass);                         // a training begins
 *     ms_team_start(team, dataset, pass);                        // and whenever its timer has been started
 *     for each iteration:
 *         n = ms_team_call(team, network, timer);                // tells the helpers: n shares, the first one its own
 *         for (i = 0; i < n; i++)                                // of segments .. ms_team_share_end(team, i) - 1
 *             sums = i == 0 ? NULL : ms_team_wait(team, i, timer);
 *             ... take the sums, or compute them if they are NULL ...
 *     ms_team_dismiss(team, pass);                               // the training ends
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_TEAM_LEADER_H
#define MOONSWEEP_TRAIN_TEAM_LEADER_H

#include "moonsweep/team.h"
#include "tick_timer.h"

void ms_team_lead(struct ms_team *team, int32_t dataset, const struct ms_pass *pass);
/* Nothing if the team leads another training by now. */
void ms_team_dismiss(struct ms_team *team, const struct ms_pass *pass);

/* Leads this training again, if it has led another one meanwhile. */
void ms_team_start(struct ms_team *team, int32_t dataset, const struct ms_pass *pass);

/* At the end of a run, which may be that of a stretch: where iterations are slow, a run may consist of one. */
void ms_team_pause(struct ms_team *team, struct ms_tick_timer *timer);

/* Returns the number of shares of the next iteration. Without helpers it is 1, and the call takes no time. */
int32_t ms_team_call(struct ms_team *team, const struct ms_network *network, struct ms_tick_timer *timer);

/* One more than the last segment of share i. The first share begins with segment 0, each other one where the last ends. */
int32_t ms_team_share_end(const struct ms_team *team, int32_t i);

/* Waits for the sums of share i >= 1. Returns NULL if they are late, or if the tick asks to stop, as timer->is_over then
 * says. They may be overwritten until the next call. */
void *ms_team_wait(struct ms_team *team, int32_t i, struct ms_tick_timer *timer);

/* Processor seconds of helpers since the last call. */
double ms_team_take_cpu_s(struct ms_team *team);

#endif
