/* Which configurations `moonsweep show` shows, and in which order.
 *
 *     struct selection_spec spec = selection_everything;
 *     spec.min_train = 95; spec.max_gap = 1; spec.sort = column_find("train_cpu_seconds");
 *     selection_make(&table, &spec, &rows, &count, err); ... free(rows);
 */
#ifndef MOONSWEEP_CLI_SELECTION_H
#define MOONSWEEP_CLI_SELECTION_H

#include "column.h"

struct selection_spec {
    double min_train;          /* percent: train_accuracy must be strictly above; -infinity: any */
    double max_gap;            /* percent: |train_accuracy - dev_accuracy| must not be above; infinity: any */
    double max_seconds;        /* train_cpu_seconds must not be above; infinity: any */
    const struct column *sort; /* NULL: by index */
    bool descending;           /* largest first */
    int64_t limit;             /* at most so many */
};

/* Every configuration by index. */
extern const struct selection_spec selection_everything;

/* *rows [*count]: the selected configurations, the caller frees them. With any bound only `done` ones are
 * selected. Ties go by index; empty cells and NaN come last, whichever way it is sorted. Errors:
 * MS_NO_MEMORY. */
enum ms_code selection_make(const struct ms_table *table, const struct selection_spec *spec, int64_t **rows,
                            int64_t *count, struct ms_error *err);

#endif
