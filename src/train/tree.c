#include "tree.h"

#include <stdlib.h>

#include "moonsweep/plural.h"
#include "reals.h"

enum ms_code ms_tree_open(struct ms_tree *tree, const struct ms_kernel *kernel, const struct ms_pass *pass,
                          struct ms_error *err)
{
    const enum ms_precision precision = kernel->precision;
    const int64_t vectors = ms_pass_sums(pass), reals = vectors * ms_precision_lanes(precision);
    struct ms_tree made = {
        .kernel = kernel,
        .pass = pass,
        .memory = ms_reals_alloc(precision, MS_TREE_LEVELS * reals),
        .sums_bytes = ms_reals_bytes(precision, reals),
        .totals = malloc((size_t)vectors * sizeof(double)),
    };

    if (!made.memory || !made.totals) {
        ms_tree_close(&made);
        return ms_fail_memory(err, NULL, "for the sums of %d hidden %s", pass->n_h,
                              ms_plural(pass->n_h, "unit", "units"));
    }
    *tree = made;
    return MS_OK;
}

void ms_tree_close(struct ms_tree *tree)
{
    free(tree->memory);
    free(tree->totals);
    *tree = (struct ms_tree){.memory = NULL};
}

void ms_tree_reset(struct ms_tree *tree)
{
    tree->waiting = 0;
    tree->ended = 0;
}

static void *sums_at(const struct ms_tree *tree, int level)
{
    return tree->memory + (size_t)level * tree->sums_bytes;
}

void *ms_tree_begin(struct ms_tree *tree)
{
    return sums_at(tree, tree->waiting);
}

static void combine_last_two(struct ms_tree *tree)
{
    tree->waiting--;
    tree->kernel->combine(tree->pass, sums_at(tree, tree->waiting - 1), sums_at(tree, tree->waiting));
}

void ms_tree_end(struct ms_tree *tree)
{
    tree->waiting++;
    tree->ended++;
    for (uint64_t pairs = tree->ended; pairs % 2 == 0; pairs /= 2)
        combine_last_two(tree);
}

const double *ms_tree_totals(struct ms_tree *tree)
{
    while (tree->waiting > 1)
        combine_last_two(tree);
    tree->kernel->reduce(tree->pass, sums_at(tree, 0), tree->totals);
    ms_tree_reset(tree);
    return tree->totals;
}
