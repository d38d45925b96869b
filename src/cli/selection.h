/* Selects and sorts the configurations that `moonsweep show` shows.
 *
 *     struct selection_spec spec = selection_everything;
 *     spec.min_train = 95; spec.max_gap = 1; spec.sort = column_find("train_cpu_seconds");
 *     selection_make(&table, &spec, &rows, &count, err); ... free(rows);
 */
#ifndef MOONSWEEP_CLI_SELECTION_H
#define MOONSWEEP_CLI_SELECTION_H

#include "column.h"

struct selection_spec {
    double min_train;   /* percent: train_accuracy must be strictly above; -infinity: any */
    double max_gap;     /* percent: |train_accuracy - dev_accuracy| must not exceed it; infinity: any */
    double max_seconds; /* train_cpu_seconds must not exceed it; infinity: any */
    const struct column *sort; /* NULL: by index */
    bool descending;           /* largest first */
    int64_t limit;             /* of configurations selected */
};

/* Selects every configuration, sorted by index. */
extern const struct selection_spec selection_everything;

/* Sets *rows [*count] to the selected configurations, which the caller frees. With any limit only `done` configurations
 * are selected. Equal values are sorted by index; empty cells and NaN come last in both directions. Errors:
 * MS_NO_MEMORY. */
enum ms_code selection_make(const struct ms_table *table, const struct selection_spec *spec, int64_t **rows,
                            int64_t *count, struct ms_error *err);

#endif
