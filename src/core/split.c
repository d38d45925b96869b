/* Divides samples by a random permutation of the numbers of their rows, and copies them only when both sets
 * are known. For a random split, the dev set is the first rows of the permutation. For a fold, it is a range
 * of them, and the rows of both sets are then put back into ascending order.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/split.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/float_environment.h"
#include "moonsweep/plural.h"
#include "moonsweep/rng.h"

int64_t ms_split_dev_rows(int64_t rows, double dev_fraction)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    const volatile double fraction = dev_fraction; /* volatile: is read and multiplied in this environment */
    /* The rounded product is rounded up, as in scikit-learn: 0.07 of 100 rows are 8. */
    const volatile double dev_rows = ceil(fraction * (double)rows);

    ms_float_environment_leave(&found);
    return (int64_t)dev_rows;
}

/* Copies rows chosen[0 .. rows-1] of `all` into part. */
static enum ms_code pick(const struct ms_data *all, const int64_t *chosen, int64_t rows,
                         const struct ms_stop_request *stop, struct ms_data *part, struct ms_error *err)
{
    const size_t n_x = (size_t)all->n_x;
    const enum ms_code code = ms_data_alloc(part, rows, all->n_x, err);

    if (code != MS_OK)
        return code;
    for (int64_t i = 0; i < rows; i++) {
        if (ms_stop_request_at(stop, i)) {
            ms_data_free(part);
            return ms_stop_request_error(err, "splitting the data");
        }
        memcpy(&part->X[(size_t)i * n_x], &all->X[(size_t)chosen[i] * n_x], n_x * sizeof *part->X);
        part->y[i] = all->y[chosen[i]];
    }
    return MS_OK;
}

/* Sets order[rows] to the permutation of the rows that follows from seed. */
static enum ms_code permute(int64_t rows, uint32_t seed, const struct ms_stop_request *stop, int64_t *order,
                            struct ms_error *err)
{
    struct ms_rng rng;

    ms_rng_seed(&rng, seed);
    return ms_rng_permutation(&rng, rows, stop, order) ? MS_OK
                                                       : ms_stop_request_error(err, "splitting the data");
}

static int64_t *allocate_order(int64_t rows, struct ms_error *err)
{
    int64_t *order = calloc((size_t)rows, sizeof *order);

    if (order == NULL)
        (void)ms_fail_memory(err, NULL, "to split %" PRId64 " %s", rows,
                             ms_plural(rows, "sample", "samples"));
    return order;
}

/* Picks the first dev_rows rows of order for the dev set and the others for the training set. */
static enum ms_code pick_both(const struct ms_data *all, const int64_t *order, int64_t dev_rows,
                              const struct ms_stop_request *stop, struct ms_data *train, struct ms_data *dev,
                              struct ms_error *err)
{
    struct ms_data train_part = {0}, dev_part = {0};
    enum ms_code code = pick(all, order, dev_rows, stop, &dev_part, err);

    if (code == MS_OK)
        code = pick(all, order + dev_rows, all->rows - dev_rows, stop, &train_part, err);
    if (code == MS_OK) {
        *train = train_part;
        *dev = dev_part;
    } else {
        ms_data_free(&dev_part);
    }
    return code;
}

enum ms_code ms_split(const struct ms_data *all, double dev_fraction, uint32_t seed,
                      const struct ms_stop_request *stop, struct ms_data *train, struct ms_data *dev,
                      struct ms_error *err)
{
    const int64_t dev_rows = ms_split_dev_rows(all->rows, dev_fraction);
    const int64_t train_rows = all->rows - dev_rows;
    int64_t *order;
    enum ms_code code;

    if (dev_rows < 1 || train_rows < 1)
        return ms_fail(err, MS_BAD_INPUT,
                       "a dev fraction of %g leaves %" PRId64 " of %" PRId64
                       " samples to train on and %" PRId64 " for the dev set; each needs at least 1",
                       dev_fraction, train_rows, all->rows, dev_rows);
    order = allocate_order(all->rows, err);
    if (order == NULL)
        return MS_NO_MEMORY;
    code = permute(all->rows, seed, stop, order, err);
    if (code == MS_OK)
        code = pick_both(all, order, dev_rows, stop, train, dev, err);
    free(order);
    return code;
}

/* ---- folds --------------------------------------------------------------------------------------------- */

/* The first `rows % folds` folds have one row more than the others. */
static int64_t fold_start(int64_t rows, int32_t folds, int32_t fold)
{
    const int64_t larger = rows % folds;

    return rows / folds * fold + (fold < larger ? fold : larger);
}

/* Changes order, a permutation of the rows: positions first .. first + dev_rows - 1 come to the front, and both
 * parts are in ascending order. is_dev[rows] is a buffer of zeros. */
static enum ms_code sort_parts(int64_t rows, int64_t first, int64_t dev_rows,
                               const struct ms_stop_request *stop, bool *is_dev, int64_t *order,
                               struct ms_error *err)
{
    int64_t dev_at = 0, train_at = dev_rows;

    for (int64_t i = 0; i < dev_rows; i++)
        is_dev[order[first + i]] = true;
    for (int64_t row = 0; row < rows; row++) {
        if (ms_stop_request_at(stop, row))
            return ms_stop_request_error(err, "splitting the data");
        order[is_dev[row] ? dev_at++ : train_at++] = row;
    }
    return MS_OK;
}

enum ms_code ms_split_fold(const struct ms_data *all, const struct ms_split_folds *folds, int32_t fold,
                           const struct ms_stop_request *stop, struct ms_data *train, struct ms_data *dev,
                           struct ms_error *err)
{
    const int64_t first = fold_start(all->rows, folds->count, fold);
    const int64_t dev_rows = fold_start(all->rows, folds->count, fold + 1) - first;
    int64_t *order;
    bool *is_dev;
    enum ms_code code;

    if (all->rows < folds->count)
        return ms_fail(err, MS_BAD_INPUT,
                       "there are more folds (%" PRId32 ") than samples (%" PRId64
                       "); each fold needs at least 1",
                       folds->count, all->rows);
    order = allocate_order(all->rows, err);
    is_dev = calloc((size_t)all->rows, sizeof *is_dev);
    if (order != NULL && is_dev != NULL)
        code = permute(all->rows, folds->seed, stop, order, err);
    else
        code = ms_fail_memory(err, NULL, "to split %" PRId64 " samples", all->rows);
    if (code == MS_OK)
        code = sort_parts(all->rows, first, dev_rows, stop, is_dev, order, err);
    if (code == MS_OK)
        code = pick_both(all, order, dev_rows, stop, train, dev, err);
    free(is_dev);
    free(order);
    return code;
}
