#include "moonsweep/split.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/float_environment.h"
#include "moonsweep/plural.h"
#include "moonsweep/rng.h"

int64_t ms_split_dev_rows(int64_t rows, double dev_fraction)
{
    const fenv_t found = ms_float_environment_enter();
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

/* Picks dev_rows rows for the dev set and the others for the training set, in random order. */
static enum ms_code pick_both(const struct ms_data *all, int64_t dev_rows, uint32_t seed,
                              const struct ms_stop_request *stop, struct ms_data *train, struct ms_data *dev,
                              struct ms_error *err)
{
    int64_t *order = calloc((size_t)all->rows, sizeof *order);
    struct ms_rng rng;
    enum ms_code code;

    if (order == NULL)
        return ms_fail_memory(err, NULL, "to split %" PRId64 " %s", all->rows,
                              ms_plural(all->rows, "sample", "samples"));
    ms_rng_seed(&rng, seed);
    code = ms_rng_permutation(&rng, all->rows, stop, order)
               ? MS_OK
               : ms_stop_request_error(err, "splitting the data");
    if (code == MS_OK)
        code = pick(all, order, dev_rows, stop, dev, err);
    if (code == MS_OK)
        code = pick(all, order + dev_rows, all->rows - dev_rows, stop, train, err);
    free(order);
    return code;
}

enum ms_code ms_split(const struct ms_data *all, double dev_fraction, uint32_t seed,
                      const struct ms_stop_request *stop, struct ms_data *train, struct ms_data *dev,
                      struct ms_error *err)
{
    const int64_t dev_rows = ms_split_dev_rows(all->rows, dev_fraction);
    const int64_t train_rows = all->rows - dev_rows;
    struct ms_data train_part = {0}, dev_part = {0};
    enum ms_code code;

    if (dev_rows < 1 || train_rows < 1)
        return ms_fail(err, MS_BAD_INPUT,
                       "a dev fraction of %g leaves %" PRId64 " of %" PRId64
                       " samples to train on and %" PRId64 " for the dev set; each needs at least 1",
                       dev_fraction, train_rows, all->rows, dev_rows);
    code = pick_both(all, dev_rows, seed, stop, &train_part, &dev_part, err);
    if (code == MS_OK) {
        *train = train_part;
        *dev = dev_part;
    } else {
        ms_data_free(&dev_part);
    }
    return code;
}
