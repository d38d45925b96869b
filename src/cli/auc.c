/* Predicts the samples again with the stored parameters of every final configuration. The samples of one data
 * set at a time are in memory: the configurations of a data set are neighbours, so each set is read and laid
 * out once.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "auc.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/measures.h"
#include "moonsweep/plural.h"
#include "moonsweep/train.h"

/* One set of samples, laid out for the kernels: that of the configurations that are computed now. */
struct set {
    const struct ms_kernel *kernel;
    int32_t dataset; /* -1: none */
    struct ms_samples samples;
    double *probability; /* [samples.m] owned */
};

static void set_free(struct set *set)
{
    ms_samples_free(&set->samples);
    free(set->probability);
    set->probability = NULL;
    set->dataset = -1;
}

/* Makes set that of this data set, unless it is. */
static enum ms_code set_load(struct set *set, struct ms_reader *reader, int32_t dataset, bool on_train,
                             struct ms_error *err)
{
    struct ms_dataset data = {0};
    enum ms_code code;

    if (set->dataset == dataset)
        return MS_OK;
    set_free(set);
    code = ms_reader_dataset(reader, dataset, &data, err);
    if (code == MS_OK)
        code = ms_samples_make(&set->samples, on_train ? &data.train : &data.dev,
                               ms_reader_info(reader)->precision, NULL, err);
    ms_dataset_free(&data);
    if (code != MS_OK)
        return code;
    set->probability = malloc((size_t)set->samples.m * sizeof *set->probability);
    if (!set->probability)
        return ms_fail_memory(err, NULL, "for the predictions of %lld %s", (long long)set->samples.m,
                              ms_plural(set->samples.m, "sample", "samples"));
    set->dataset = dataset;
    return MS_OK;
}

static enum ms_code compute_one(const struct set *set, struct ms_reader *reader, int64_t config, double *auc,
                                struct ms_error *err)
{
    struct ms_network network = {0};
    enum ms_code code = ms_reader_network(reader, config, &network, err);

    if (code == MS_OK)
        code = ms_predict(set->kernel, &network, &set->samples, set->probability, err);
    if (code == MS_OK)
        code = ms_measures_auc(set->probability, set->samples.y, set->samples.m, auc, err);
    ms_network_free(&network);
    return code;
}

enum ms_code auc_compute(struct ms_reader *reader, const struct ms_table *table, bool on_train, double *auc,
                         struct ms_error *err)
{
    struct set set = {.dataset = -1};
    enum ms_code code = ms_kernel_choose(ms_reader_info(reader)->precision, NULL, &set.kernel, err);

    for (int64_t config = 0; config < table->configs && code == MS_OK; config++) {
        auc[config] = NAN;
        if (table->rows[config].status == MS_PENDING || table->rows[config].status == MS_DROPPED)
            continue;
        code = set_load(&set, reader, table->rows[config].config_dataset, on_train, err);
        if (code == MS_OK)
            code = compute_one(&set, reader, config, &auc[config], err);
    }
    set_free(&set);
    return code;
}
