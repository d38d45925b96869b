/* The configurations of one or more result files, each with everything that `moonsweep show` can say about it.
 *
 *     struct entries entries = {0};
 *     entries_read(&entries, path, 0, err) ... entries_at(&entries, i).row->dev_accuracy ...
 *     entries_free(&entries);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_ENTRIES_H
#define MOONSWEEP_CLI_ENTRIES_H

#include "moonsweep/reader.h"

struct entry {
    const struct ms_row *row;
    const char *file;                      /* borrowed: the path as it was given */
    int64_t config;                        /* its index in that file */
    const struct ms_reader_origin *origin; /* of its data set; 0 unless entries_read read it */
    int64_t samples;                       /* in both sets together; likewise */
    double train_auc, dev_auc;             /* NaN unless requested */
};

/* What the entries of one file are made of. */
struct entries_source {
    const char *file; /* borrowed */
    int64_t first;    /* the position of its first entry */
    struct ms_table table;
    struct ms_reader_origin *origins; /* of each data set; NULL unless entries_read read them */
    double *train_auc, *dev_auc;      /* [table.configs] NULL unless requested */
};

struct entries {
    int files;
    struct entries_source *sources; /* [files] owned */
    int64_t count;
};

/* The entry at a position below count; it points into entries. */
struct entry entries_at(const struct entries *entries, int64_t position);

/* Appends the configurations of the table of the result at path, and takes over its rows; *table is then empty. Errors:
 * MS_NO_MEMORY (entries and *table are then unchanged). */
enum ms_code entries_add(struct entries *entries, const char *path, struct ms_table *table,
                         struct ms_error *err);

/* What is only computed on request, since it needs the parameters of every network. */
enum entries_request { ENTRIES_TRAIN_AUC = 1, ENTRIES_DEV_AUC = 2 };

/* Opens the result at path and appends its configurations. requests: a sum of enum entries_request. Errors: those of
 * reading it, MS_NO_MEMORY. */
enum ms_code entries_read(struct entries *entries, const char *path, unsigned requests, struct ms_error *err);

void entries_free(struct entries *entries);

#endif
