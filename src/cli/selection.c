#include "selection.h"
#include "moonsweep/plural.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The gap is the difference of two rounded quotients. Without this tolerance, which is far below one sample of any set,
 * 92/93 and 91/93 could exceed a limit of exactly their difference. */
#define ROUNDING 1e-9

const struct selection_spec selection_everything = {
    .min_train = -INFINITY,
    .max_gap = INFINITY,
    .max_seconds = INFINITY,
    .limit = INT64_MAX,
};

static bool is_selected(const struct ms_table *table, const struct selection_spec *spec, int64_t config)
{
    const bool bounded = spec->min_train > -INFINITY || spec->max_gap < INFINITY ||
                         spec->max_seconds < INFINITY;
    const double train = table->rows[config].train_accuracy,
                 gap = fabs(train - table->rows[config].dev_accuracy);

    return !bounded ||
           (table->rows[config].status == MS_DONE && train > spec->min_train &&
            gap <= spec->max_gap + ROUNDING && table->rows[config].train_cpu_seconds <= spec->max_seconds);
}

/* ---- order ----------------------------------------------------------------------------------------------- */

struct keyed {
    struct value key;
    int64_t config;
};

static bool is_last(struct value key)
{
    return key.kind == VALUE_EMPTY || (key.kind == VALUE_REAL && isnan(key.real));
}

/* Negative, 0 or positive if key a is less than, equal to or greater than b; both have the same kind and a value. */
static int compare_keys(struct value a, struct value b)
{
    switch (a.kind) {
    case VALUE_INTEGER:
        return (a.integer > b.integer) - (a.integer < b.integer);
    case VALUE_REAL:
        return (a.real > b.real) - (a.real < b.real);
    case VALUE_TEXT:
        return strcmp(a.text, b.text);
    case VALUE_EMPTY:
        break;
    }
    return 0;
}

static int compare(const struct keyed *a, const struct keyed *b, int direction)
{
    const bool a_last = is_last(a->key), b_last = is_last(b->key);
    int order = 0;

    if (a_last != b_last)
        return a_last - b_last;
    if (!a_last)
        order = direction * compare_keys(a->key, b->key);
    return order ? order : (a->config > b->config) - (a->config < b->config);
}

static int compare_ascending(const void *a, const void *b)
{
    return compare(a, b, 1);
}

static int compare_descending(const void *a, const void *b)
{
    return compare(a, b, -1);
}

enum ms_code selection_make(const struct ms_table *table, const struct selection_spec *spec, int64_t **rows,
                            int64_t *count, struct ms_error *err)
{
    const struct column *sort = spec->sort ? spec->sort : &columns[0];
    const size_t room = table->configs > 0 ? (size_t)table->configs : 1;
    struct keyed *selected = malloc(room * sizeof *selected);
    int64_t *configs = malloc(room * sizeof *configs), n = 0;

    if (!selected || !configs) {
        free(selected);
        free(configs);
        return ms_fail_memory(err, NULL, "to select from %lld %s", (long long)table->configs,
                              ms_plural(table->configs, "configuration", "configurations"));
    }
    for (int64_t config = 0; config < table->configs; config++)
        if (is_selected(table, spec, config))
            selected[n++] = (struct keyed){column_value(sort, table, config), config};
    qsort(selected, (size_t)n, sizeof *selected, spec->descending ? compare_descending : compare_ascending);
    if (n > spec->limit)
        n = spec->limit;
    for (int64_t i = 0; i < n; i++)
        configs[i] = selected[i].config;
    free(selected);
    *rows = configs;
    *count = n;
    return MS_OK;
}
