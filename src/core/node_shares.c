/* Shares long trajectories and early helpers out among nodes. Each trajectory, longest first, goes to the node that would
 * have the least such work for each of its ranks if it had another one of the longest. So a node with few ranks, which can
 * help little, gets its first one later. Each node has helpers in proportion to that work. The ranks of a node that ask last
 * help: so the first ones begin its long trajectories.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "node_shares.h"

#include <math.h>
#include <stdlib.h>

#include "max_tree.h"

/* A node, at the number of its lowest rank. */
struct node {
    int32_t ranks; /* that train */
    int32_t last;  /* the last trajectory of its share; -1: none */
    int32_t count; /* of its share */
    double work;   /* of its share */
};

/* ---- sharing out --------------------------------------------------------------------------------------- */

/* Counts the nodes with ranks that train, and these ranks of all nodes. */
static void count_ranks(const struct ms_plan_spec *spec, struct node *nodes, int32_t *node_count,
                        int32_t *ranks)
{
    *node_count = *ranks = 0;
    for (int32_t node = 0; node < spec->ranks; node++)
        nodes[node].last = -1;
    for (int32_t rank = spec->ranks - spec->trainers; rank < spec->ranks; rank++) {
        const int32_t node = spec->node[rank];

        if (node < 0)
            continue;
        *node_count += nodes[node].ranks == 0;
        *ranks += 1;
        nodes[node].ranks++;
    }
}

/* Takes the long trajectories from those that wait, at most one for each of so many ranks. */
static int32_t take_longs(struct ms_node_shares *shares, struct ms_waiting *waiting, int32_t ranks)
{
    const double mean_work = waiting->work / shares->spec->trainers;
    struct ms_rest longest;
    int32_t count = 0;

    while (count < ranks && ms_waiting_longest(waiting, &longest) && longest.work > mean_work) {
        shares->longs[count++] = longest;
        shares->work += longest.work;
        ms_waiting_take(waiting, &longest);
    }
    shares->count = count;
    return count;
}

/* The work of a node for each of its ranks, if it had another trajectory; infinite if all its ranks have one. */
static double load_with(const struct node *node, double work)
{
    return node->count < node->ranks ? (node->work + work) / node->ranks : (double)INFINITY;
}

/* Appends trajectory i to the share of a node. */
static void append(struct ms_node_shares *shares, struct node *nodes, int32_t node, int32_t i)
{
    struct node *chosen = &nodes[node];

    if (chosen->last < 0)
        shares->first[node] = i;
    else
        shares->next[chosen->last] = i;
    chosen->last = i;
    chosen->count++;
    chosen->work += shares->longs[i].work;
}

static void share_out(struct ms_node_shares *shares, struct node *nodes, struct ms_max_tree *loads,
                      int32_t count)
{
    const double longest_work = count > 0 ? shares->longs[0].work : 0;

    for (int32_t node = 0; node < shares->spec->ranks; node++)
        ms_max_tree_set(loads, node, -load_with(&nodes[node], longest_work));
    for (int32_t i = 0; i < count; i++) {
        const int32_t node = ms_max_tree_where(loads);

        append(shares, nodes, node, i);
        ms_max_tree_set(loads, node, -load_with(&nodes[node], longest_work));
    }
}

/* Decides how many ranks of each node help from the beginning. total_work: of the long trajectories. */
static void share_out_helpers(struct ms_node_shares *shares, const struct node *nodes, double total_work)
{
    double work = 0;

    for (int32_t node = 0; node < shares->spec->ranks; node++) {
        const int32_t others = nodes[node].ranks - nodes[node].count;
        int32_t helpers;

        work += nodes[node].work;
        helpers = (int32_t)lround(shares->spec->helpers * work / total_work) - shares->helpers;
        helpers = helpers < others ? helpers : others;
        shares->to_train[node] = nodes[node].ranks - helpers;
        shares->helpers += helpers;
    }
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static bool open_arrays(struct ms_node_shares *shares)
{
    const size_t ranks = (size_t)shares->spec->ranks;

    shares->longs = calloc(ranks, sizeof *shares->longs);
    shares->next = calloc(ranks, sizeof *shares->next);
    shares->first = calloc(ranks, sizeof *shares->first);
    shares->to_train = calloc(ranks, sizeof *shares->to_train);
    if (shares->longs == NULL || shares->next == NULL || shares->first == NULL || shares->to_train == NULL)
        return false;
    for (size_t i = 0; i < ranks; i++)
        shares->first[i] = shares->next[i] = -1;
    return true;
}

bool ms_node_shares_open(struct ms_node_shares *shares, const struct ms_plan_spec *spec,
                         struct ms_waiting *waiting)
{
    struct ms_max_tree loads;
    struct node *nodes;
    int32_t node_count = 0, ranks = 0;
    bool is_open;

    *shares = (struct ms_node_shares){.spec = spec};
    if (spec->node == NULL)
        return true;
    nodes = calloc((size_t)spec->ranks, sizeof *nodes);
    is_open = ms_max_tree_open(&loads, spec->ranks, -INFINITY) && nodes != NULL;
    if (is_open)
        count_ranks(spec, nodes, &node_count, &ranks);
    if (node_count > 1 || (node_count == 1 && spec->helpers > 0)) {
        is_open = open_arrays(shares);
        if (is_open)
            share_out(shares, nodes, &loads, take_longs(shares, waiting, ranks));
        if (is_open && shares->count > 0)
            share_out_helpers(shares, nodes, shares->work);
    }
    ms_max_tree_close(&loads);
    free(nodes);
    return is_open;
}

void ms_node_shares_close(struct ms_node_shares *shares)
{
    free(shares->longs);
    free(shares->next);
    free(shares->first);
    free(shares->to_train);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

bool ms_node_shares_helps(struct ms_node_shares *shares, int32_t rank)
{
    const int32_t node = shares->helpers == 0 ? -1 : shares->spec->node[rank];

    return node >= 0 && --shares->to_train[node] < 0;
}

bool ms_node_shares_has(const struct ms_node_shares *shares, int32_t rank)
{
    const int32_t node = shares->count == 0 ? -1 : shares->spec->node[rank];

    return node >= 0 && shares->first[node] >= 0;
}

bool ms_node_shares_take(struct ms_node_shares *shares, int32_t rank, struct ms_rest *rest)
{
    int32_t node, taken;

    if (!ms_node_shares_has(shares, rank))
        return false;
    node = shares->spec->node[rank];
    taken = shares->first[node];
    shares->first[node] = shares->next[taken];
    *rest = shares->longs[taken];
    shares->count--;
    shares->work = shares->count > 0 ? shares->work - rest->work : 0;
    return true;
}
