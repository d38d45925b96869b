/* The team of a machine: the ranks that share memory, so that those without leases can help those that train
 * (moonsweep/team.h).
 *
 *     ms_node_team_open(&sweep, &node_team, err)      // collective, once for each call of ms_sweep_run
 *     sweep.team = node_team.team                     // NULL: this rank neither helps nor is helped
 *     ms_node_team_close(&node_team)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_NODE_TEAM_H
#define MOONSWEEP_SWEEP_NODE_TEAM_H

#include "moonsweep/sweep.h"

struct ms_node_team {
    struct ms_team *team;
    bool exists_anywhere; /* some machine has one */
    void *memory;
    size_t bytes;

    /* Rank 0: [ranks] owned: the lowest rank of the machine of each rank; -1: it has no team. NULL elsewhere, and if no
     * machine has one */
    int32_t *nodes;
};

/* Collective. There is a team if the ranks of the machine are several but no more than its cores, if they can share memory,
 * and if there are networks that can be shared. Errors, the same on every rank: MS_NO_MEMORY. */
enum ms_code ms_node_team_open(const struct ms_sweep_spec *sweep, struct ms_node_team *node_team,
                               struct ms_error *err);
void ms_node_team_close(struct ms_node_team *node_team);

#endif
