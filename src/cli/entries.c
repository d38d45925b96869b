/* Keeps the rows of each file as they were read, and makes an entry from them whenever one is asked for, since a result may
 * have millions of rows. What needs the open file is read or computed beside them: the origins of the data sets, and
 * the areas under ROC curves.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "entries.h"

#include <math.h>
#include <stdlib.h>

#include "auc.h"
#include "moonsweep/plural.h"

/* Returns the file of the entry at a position. */
static const struct entries_source *source_of(const struct entries *entries, int64_t position)
{
    int from = 0, to = entries->files;

    while (to - from > 1) {
        const int middle = from + (to - from) / 2;

        if (entries->sources[middle].first <= position)
            from = middle;
        else
            to = middle;
    }
    return &entries->sources[from];
}

struct entry entries_at(const struct entries *entries, int64_t position)
{
    static const struct ms_reader_origin unread;
    const struct entries_source *source = source_of(entries, position);
    const int64_t config = position - source->first;
    const struct ms_row *row = &source->table.rows[config];
    const struct ms_reader_origin *origin = source->origins ? &source->origins[row->config_dataset] : &unread;

    return (struct entry){
        .row = row,
        .file = source->file,
        .config = config,
        .origin = origin,
        .samples = origin->train_count + origin->dev_count,
        .train_auc = source->train_auc ? source->train_auc[config] : NAN,
        .dev_auc = source->dev_auc ? source->dev_auc[config] : NAN,
    };
}

enum ms_code entries_add(struct entries *entries, const char *path, struct ms_table *table,
                         struct ms_error *err)
{
    struct entries_source *sources = realloc(entries->sources,
                                             ((size_t)entries->files + 1) * sizeof *sources);

    if (!sources)
        return ms_fail_memory(err, path, "to list %lld %s", (long long)table->configs,
                              ms_plural(table->configs, "configuration", "configurations"));
    entries->sources = sources;
    sources[entries->files++] = (struct entries_source){
        .file = path, .first = entries->count, .table = *table};
    entries->count += table->configs;
    *table = (struct ms_table){0};
    return MS_OK;
}

/* Computes the areas of the configurations of a file on one of the sets. */
static enum ms_code add_auc(struct entries_source *source, struct ms_reader *reader, bool on_train,
                            struct ms_error *err)
{
    const struct ms_table *table = &source->table;
    double *auc = malloc(((size_t)table->configs + 1) * sizeof *auc);

    if (!auc)
        return ms_fail_memory(err, NULL, "to compute the areas under %lld %s", (long long)table->configs,
                              ms_plural(table->configs, "curve", "curves"));
    *(on_train ? &source->train_auc : &source->dev_auc) = auc;
    return auc_compute(reader, table, on_train, auc, err);
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

/* Reads the origins of the data sets of a file, and checks that each configuration has one. */
static enum ms_code add_origins(struct entries_source *source, struct ms_reader *reader, struct ms_error *err)
{
    const int32_t datasets = ms_reader_info(reader)->datasets;

    for (int64_t config = 0; config < source->table.configs; config++) {
        const int32_t dataset = source->table.rows[config].config_dataset;

        if (dataset < 0 || dataset >= datasets)
            return ms_fail(err, MS_BAD_INPUT, "%s: the data set of configuration %lld does not exist",
                           source->file, (long long)config);
    }
    return read_origins(reader, source->file, &source->origins, err);
}

/* Reads and computes what is not in the rows of a file. */
static enum ms_code complete(struct entries_source *source, struct ms_reader *reader, unsigned requests,
                             struct ms_error *err)
{
    enum ms_code code = add_origins(source, reader, err);

    if (code == MS_OK && requests & ENTRIES_TRAIN_AUC)
        code = add_auc(source, reader, true, err);
    if (code == MS_OK && requests & ENTRIES_DEV_AUC)
        code = add_auc(source, reader, false, err);
    return code;
}

enum ms_code entries_read(struct entries *entries, const char *path, unsigned requests, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    struct ms_table table = {0};
    enum ms_code code;

    code = ms_reader_open(path, &reader, err);
    if (code == MS_OK)
        code = ms_reader_table(reader, &table, err);
    if (code == MS_OK)
        code = entries_add(entries, path, &table, err);
    if (code == MS_OK)
        code = complete(&entries->sources[entries->files - 1], reader, requests, err);
    ms_table_free(&table);
    ms_reader_close(reader);
    return code;
}

void entries_free(struct entries *entries)
{
    for (int i = 0; i < entries->files; i++) {
        ms_table_free(&entries->sources[i].table);
        free(entries->sources[i].origins);
        free(entries->sources[i].train_auc);
        free(entries->sources[i].dev_auc);
    }
    free(entries->sources);
    *entries = (struct entries){0};
}
