/* Which long trajectories the ranks of each node begin, and which ranks help from the beginning. A trajectory is long if it
 * takes one rank longer than the mean load of the ranks: so others, of the same node only, have to help with it. If the ranks
 * of one node began all of these, the ranks of other nodes could help with none.
 *
 *     ms_node_shares_open(&shares, &spec, &waiting)       // takes the long trajectories from those that wait
 *     a rank asks for the first time:     ms_node_shares_helps(&shares, rank)
 *     a rank is to train:                 ms_node_shares_take(&shares, rank, &rest)
 *     ms_node_shares_close(&shares)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_NODE_SHARES_H
#define MOONSWEEP_CORE_NODE_SHARES_H

#include "waiting.h"

struct ms_node_shares {
    const struct ms_plan_spec *spec;
    struct ms_rest *longs; /* [long_count] owned, longest first; NULL: nothing is shared out */
    int32_t *next;         /* [long_count] owned: the next one of the same node; -1: none */
    int32_t *first;        /* [ranks] owned: the first one of each node that has not begun; -1: none */
    int64_t count;         /* of those that have not begun */
    double work;           /* of these */
    int32_t *to_train;     /* [ranks] owned: of each node, the ranks that train and have not asked yet */
    int32_t helpers;       /* ranks that help from the beginning, of all nodes */
};

/* Shares the long trajectories out and takes them from `waiting`; each node gets at most one for each of its ranks. spec is
 * borrowed until close. Returns false if there is not enough memory; ms_node_shares_close is needed then, too. */
bool ms_node_shares_open(struct ms_node_shares *shares, const struct ms_plan_spec *spec,
                         struct ms_waiting *waiting);
void ms_node_shares_close(struct ms_node_shares *shares);

/* Whether a rank, which asks for the first time, helps from the beginning. */
bool ms_node_shares_helps(struct ms_node_shares *shares, int32_t rank);

/* Whether something is left of the share of this rank's node. */
bool ms_node_shares_has(const struct ms_node_shares *shares, int32_t rank);

/* Takes the longest trajectory of the share of this rank's node; returns false if none is left. */
bool ms_node_shares_take(struct ms_node_shares *shares, int32_t rank, struct ms_rest *rest);

#endif
