/* Numbers of which the largest is known at any time: changing one costs O(log n).
 *
 *     ms_max_tree_open(&tree, n, value)                   // all n numbers are this value
 *     ms_max_tree_set(&tree, i, value), ms_max_tree_largest(&tree), ms_max_tree_where(&tree)
 *     ms_max_tree_close(&tree)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_MAX_TREE_H
#define MOONSWEEP_CORE_MAX_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct ms_max_tree {
    double *nodes; /* [2 n] owned: node i is the larger one of 2i and 2i + 1; the second half: the numbers */
    int32_t n;
};

/* n >= 1. Returns false if there is not enough memory; ms_max_tree_close may be called then, too. */
bool ms_max_tree_open(struct ms_max_tree *tree, int32_t n, double value);
void ms_max_tree_close(struct ms_max_tree *tree);

void ms_max_tree_set(struct ms_max_tree *tree, int32_t i, double value);
double ms_max_tree_get(const struct ms_max_tree *tree, int32_t i);

double ms_max_tree_largest(const struct ms_max_tree *tree);

/* The index of the largest number; of equal ones, that of any. */
int32_t ms_max_tree_where(const struct ms_max_tree *tree);

#endif
