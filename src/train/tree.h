/* The sums of a pass's segments, combined in the order that keeps results independent of who computed them.
 *
 *     for (g = 0; g < segments; g++) {
 *         kernel->start(pass, first chunk of g, ..., ms_tree_begin(&tree));
 *         ms_tree_end(&tree);
 *     }
 *     totals = ms_tree_totals(&tree);
 *
 * For k = 0, 1, ...: every segment g divisible by 2^(k+1) with g + 2^k < G takes in segment g + 2^k. In the
 * order of segments that needs only as many sums at a time as G has binary digits: each time two neighbours
 * of equal size are complete, they are combined. */
#ifndef MOONSWEEP_TRAIN_TREE_H
#define MOONSWEEP_TRAIN_TREE_H

#include <stddef.h>

#include "moonsweep/kernel.h"

enum { MS_TREE_LEVELS = 8 }; /* 64 segments need 7 */

struct ms_tree {
    const struct ms_kernel *kernel;
    const struct ms_pass *pass;
    char *memory; /* owned: MS_TREE_LEVELS sums, of which `waiting` wait to be combined */
    size_t sums_bytes;
    int waiting;
    uint64_t ended; /* segments */
    double *totals; /* owned: [ms_pass_sums(pass)] */
};

/* kernel and pass are borrowed. Errors: MS_NO_MEMORY. */
enum ms_code ms_tree_open(struct ms_tree *tree, const struct ms_kernel *kernel, const struct ms_pass *pass,
                          struct ms_error *err);
void ms_tree_close(struct ms_tree *tree);

/* Forgets everything. */
void ms_tree_reset(struct ms_tree *tree);

/* Room for the next segment's sums, whatever it holds: to be started, and accumulated to until ms_tree_end. */
void *ms_tree_begin(struct ms_tree *tree);
void ms_tree_end(struct ms_tree *tree);

/* The totals of all segments; the tree is then empty again. Valid until the next call. */
const double *ms_tree_totals(struct ms_tree *tree);

#endif
