/* Appends the configurations of a file with the measures that follow from their rows, and then completes these
 * entries in place by what needs the open file: the origins of the data sets, and the areas under ROC curves.
 * Rows and origins are not copied for each entry, since a result may have millions of rows.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "entries.h"

#include <math.h>
#include <stdlib.h>

#include "auc.h"
#include "moonsweep/plural.h"

static const struct ms_reader_origin unread_origin;

enum ms_code entries_add(struct entries *entries, const char *path, struct ms_table *table,
                         struct ms_error *err)
{
    const int64_t count = entries->count + table->configs;
    struct entries_source *sources = realloc(entries->sources,
                                             ((size_t)entries->files + 1) * sizeof *sources);
    struct entry *items = realloc(entries->items, ((size_t)count + 1) * sizeof *items);

    if (sources)
        entries->sources = sources;
    if (items)
        entries->items = items;
    if (!sources || !items)
        return ms_fail_memory(err, path, "to list %lld %s", (long long)table->configs,
                              ms_plural(table->configs, "configuration", "configurations"));
    for (int64_t config = 0; config < table->configs; config++) {
        const struct ms_row *row = &table->rows[config];

        items[entries->count + config] = (struct entry){
            .row = row,
            .file = path,
            .config = config,
            .origin = &unread_origin,
            .train = ms_measures_of(row->train_outcomes),
            .dev = ms_measures_of(row->dev_outcomes),
            .train_auc = NAN,
            .dev_auc = NAN,
        };
    }
    sources[entries->files++] = (struct entries_source){.table = *table};
    entries->count = count;
    *table = (struct ms_table){0};
    return MS_OK;
}

/* Computes the areas of the entries of the last file, which begin at position first, on one of the sets. */
static enum ms_code add_auc(struct entries *entries, int64_t first, struct ms_reader *reader, bool on_train,
                            struct ms_error *err)
{
    const struct ms_table *table = &entries->sources[entries->files - 1].table;
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

/* Reads how each data set of a result was made; the caller frees *origins. */
static enum ms_code read_origins(struct ms_reader *reader, const char *path,
                                 struct ms_reader_origin **origins, struct ms_error *err)
{
    const int32_t datasets = ms_reader_info(reader)->datasets;
    enum ms_code code = MS_OK;

    *origins = calloc((size_t)datasets + 1, sizeof **origins);
    if (!*origins)
        return ms_fail_memory(err, path, "for its data sets");
    for (int32_t dataset = 0; dataset < datasets && code == MS_OK; dataset++)
        code = ms_reader_origin(reader, dataset, &(*origins)[dataset], err);
    return code;
}

/* Sets the origins of the data sets of the entries of the last file, which begin at position first. */
static enum ms_code add_origins(struct entries *entries, int64_t first, const char *path,
                                struct ms_reader *reader, struct ms_error *err)
{
    struct entries_source *source = &entries->sources[entries->files - 1];
    const int32_t datasets = ms_reader_info(reader)->datasets;
    enum ms_code code = read_origins(reader, path, &source->origins, err);

    for (int64_t i = first; i < entries->count && code == MS_OK; i++) {
        struct entry *entry = &entries->items[i];
        const int32_t dataset = entry->row->config_dataset;

        if (dataset < 0 || dataset >= datasets)
            return ms_fail(err, MS_BAD_INPUT, "%s: the data set of configuration %lld does not exist", path,
                           (long long)entry->config);
        entry->origin = &source->origins[dataset];
        entry->samples = entry->origin->train_count + entry->origin->dev_count;
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
        code = add_origins(entries, first, path, reader, err);
    if (code == MS_OK && requests & ENTRIES_TRAIN_AUC)
        code = add_auc(entries, first, reader, true, err);
    if (code == MS_OK && requests & ENTRIES_DEV_AUC)
        code = add_auc(entries, first, reader, false, err);
    ms_table_free(&table);
    ms_reader_close(reader);
    return code;
}

void entries_free(struct entries *entries)
{
    for (int i = 0; i < entries->files; i++) {
        ms_table_free(&entries->sources[i].table);
        free(entries->sources[i].origins);
    }
    free(entries->sources);
    free(entries->items);
    *entries = (struct entries){0};
}
