/* A binary tree in an array, whose root is node 1. It is complete for any n: only the leaves are in another order than
 * the numbers if n is no power of 2.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "max_tree.h"

#include <math.h>
#include <stdlib.h>

bool ms_max_tree_open(struct ms_max_tree *tree, int32_t n, double value)
{
    const int64_t nodes = 2 * (int64_t)n;

    *tree = (struct ms_max_tree){.nodes = malloc((size_t)nodes * sizeof *tree->nodes), .n = n};
    if (tree->nodes == NULL)
        return false;
    for (int64_t i = 0; i < nodes; i++)
        tree->nodes[i] = value;
    return true;
}

void ms_max_tree_close(struct ms_max_tree *tree)
{
    free(tree->nodes);
}

void ms_max_tree_set(struct ms_max_tree *tree, int32_t i, double value)
{
    double *nodes = tree->nodes;
    int64_t node = (int64_t)tree->n + i;

    nodes[node] = value;
    for (node /= 2; node > 0; node /= 2)
        nodes[node] = fmax(nodes[2 * node], nodes[2 * node + 1]);
}

double ms_max_tree_get(const struct ms_max_tree *tree, int32_t i)
{
    return tree->nodes[(int64_t)tree->n + i];
}

double ms_max_tree_largest(const struct ms_max_tree *tree)
{
    return tree->nodes[1];
}

int32_t ms_max_tree_where(const struct ms_max_tree *tree)
{
    int64_t node = 1;

    while (node < tree->n)
        node = tree->nodes[2 * node] >= tree->nodes[2 * node + 1] ? 2 * node : 2 * node + 1;
    return (int32_t)(node - tree->n);
}
