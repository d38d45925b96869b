/* Selects and sorts the configurations that `moonsweep show` shows.
 *
 *     struct selection_spec spec = selection_everything;
 *     spec.min_train = 95; spec.max_gap = 1; selection_sort_by(&spec, column_find("train_cpu_seconds"), false);
 *     selection_make(&entries, &spec, &rows, &count, err); ... free(rows);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_SELECTION_H
#define MOONSWEEP_CLI_SELECTION_H

#include "filter.h"

/* More keys than there are columns are of no use. */
#define SELECTION_MAX_KEYS 64

struct selection_spec {
    double min_train;   /* percent: train_accuracy must be strictly above; -infinity: any */
    double max_gap;     /* percent: |train_accuracy - dev_accuracy| must not exceed it; infinity: any */
    double max_seconds; /* train_cpu_seconds must not exceed it; infinity: any */
    const struct filter *filter; /* which must pass; NULL: none */
    struct selection_key {
        const struct column *column;
        bool descending;        /* largest first */
    } keys[SELECTION_MAX_KEYS]; /* the most important first; entries with equal keys keep their order */
    int n_keys;
    bool reverse;  /* the order of the keys, or of the entries if there are none */
    int64_t limit; /* of configurations selected */
};

/* Selects every configuration, in their order. */
extern const struct selection_spec selection_everything;

/* Adds a key to sort by; returns false if there are too many. */
bool selection_sort_by(struct selection_spec *spec, const struct column *column, bool descending);

/* What entries_read must be asked for so that the columns of the keys and of the filter have values; 0: nothing. */
unsigned selection_requests(const struct selection_spec *spec);

/* Sets *rows [*count] to the positions of the selected entries, which the caller frees. With any of the three bounds
 * only configurations that are done or stopped are selected. Empty cells and NaN come last in both directions. Errors:
 * MS_NO_MEMORY. */
enum ms_code selection_make(const struct entries *entries, const struct selection_spec *spec, int64_t **rows,
                            int64_t *count, struct ms_error *err);

#endif
