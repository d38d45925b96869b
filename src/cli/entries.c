/* Appends the configurations of a file with their rows and the measures that follow from these, and then
 * completes these entries in place by what needs the open file: the origins of the data sets, and the areas
 * under ROC curves.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "entries.h"

#include <math.h>
#include <stdlib.h>

#include "auc.h"
#include "moonsweep/plural.h"

enum ms_code entries_add(struct entries *entries, const char *path, const struct ms_table *table,
                         struct ms_error *err)
{
    const int64_t count = entries->count + table->configs;
    struct entry *items = realloc(entries->items, ((size_t)count + 1) * sizeof *items);

    if (!items)
        return ms_fail_memory(err, path, "to list %lld %s", (long long)table->configs,
                              ms_plural(table->configs, "configuration", "configurations"));
    for (int64_t config = 0; config < table->configs; config++) {
        const struct ms_row *row = &table->rows[config];

        items[entries->count + config] = (struct entry){
            .row = *row,
            .file = path,
            .config = config,
            .train = ms_measures_of(row->train_outcomes),
            .dev = ms_measures_of(row->dev_outcomes),
            .train_auc = NAN,
            .dev_auc = NAN,
        };
    }
    entries->items = items;
    entries->count = count;
    entries->files++;
    return MS_OK;
}

/* Computes the areas of the entries from position first on, which are those of the table, on one of the sets. */
static enum ms_code add_auc(struct entries *entries, int64_t first, struct ms_reader *reader,
                            const struct ms_table *table, bool on_train, struct ms_error *err)
{
    double *auc = malloc(((size_t)table->configs + 1) * sizeof *auc);
    enum ms_code code;

    if (!auc)
        return ms_fail_memory(err, NULL, "to compute the areas under %lld %s", (long long)table->configs,
                              ms_plural(table->configs, "curve", "curves"));
    code = auc_compute(reader, table, on_train, auc, err);
    for (int64_t i = 0; i < table->configs && code == MS_OK; i++)
        *(on_train ? &entries->items[first + i].train_auc : &entries->items[first + i].dev_auc) = auc[i];
    free(auc);
    return code;
}

/* Sets the origins of the data sets of the entries from position first on, which are those of the table. */
static enum ms_code add_origins(struct entries *entries, int64_t first, const char *path,
                                struct ms_reader *reader, const struct ms_table *table, struct ms_error *err)
{
    const int32_t datasets = ms_reader_info(reader)->datasets;
    struct ms_reader_origin origin = {0};
    int32_t known = -1;
    enum ms_code code = MS_OK;

    for (int64_t i = 0; i < table->configs && code == MS_OK; i++) {
        const int32_t dataset = table->rows[i].config_dataset;
        struct entry *entry = &entries->items[first + i];

        if (dataset < 0 || dataset >= datasets)
            return ms_fail(err, MS_BAD_INPUT, "%s: the data set of configuration %lld does not exist", path,
                           (long long)i);
        if (dataset != known)
            code = ms_reader_origin(reader, dataset, &origin, err);
        known = dataset;
        entry->origin = origin;
        entry->samples = origin.train_count + origin.dev_count;
    }
    return code;
}

enum ms_code entries_read(struct entries *entries, const char *path, unsigned requests, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    struct ms_table table = {0};
    const int64_t first = entries->count;
    enum ms_code code;

    code = ms_reader_open(path, &reader, err);
    if (code == MS_OK)
        code = ms_reader_table(reader, &table, err);
    if (code == MS_OK)
        code = entries_add(entries, path, &table, err);
    if (code == MS_OK)
        code = add_origins(entries, first, path, reader, &table, err);
    if (code == MS_OK && requests & ENTRIES_TRAIN_AUC)
        code = add_auc(entries, first, reader, &table, true, err);
    if (code == MS_OK && requests & ENTRIES_DEV_AUC)
        code = add_auc(entries, first, reader, &table, false, err);
    ms_table_free(&table);
    ms_reader_close(reader);
    return code;
}

void entries_free(struct entries *entries)
{
    free(entries->items);
    *entries = (struct entries){0};
}
