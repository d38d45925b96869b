/* Selects entries and sorts their positions; the entries do not move. Entries with equal keys are ordered by
 * position, so that the order is total, and qsort, which is not stable, always gives the same one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "selection.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/plural.h"

/* The gap is the difference of two rounded quotients. Without this tolerance, which is far below one sample of any set,
 * 92/93 and 91/93 could exceed a limit of exactly their difference. */
#define ROUNDING 1e-9

const struct selection_spec selection_everything = {
    .min_train = -INFINITY,
    .max_gap = INFINITY,
    .max_seconds = INFINITY,
    .limit = INT64_MAX,
};

static bool is_selected(const struct entry *entry, const struct selection_spec *spec)
{
    const struct ms_row *row = entry->row;
    const bool bounded = spec->min_train > -INFINITY || spec->max_gap < INFINITY ||
                         spec->max_seconds < INFINITY;
    const double train = row->train_accuracy, gap = fabs(train - row->dev_accuracy);

    if (bounded && !((row->status == MS_DONE || row->status == MS_STOPPED) && train > spec->min_train &&
                     gap <= spec->max_gap + ROUNDING && row->train_cpu_seconds <= spec->max_seconds))
        return false;
    return !spec->filter || filter_passes(spec->filter, entry);
}

bool selection_sort_by(struct selection_spec *spec, const struct column *column, bool descending)
{
    if (spec->n_keys == SELECTION_MAX_KEYS)
        return false;
    spec->keys[spec->n_keys++] = (struct selection_key){column, descending};
    return true;
}

unsigned selection_requests(const struct selection_spec *spec)
{
    unsigned requests = 0;

    for (int i = 0; i < spec->n_keys; i++)
        requests |= column_requests(spec->keys[i].column);
    for (int i = 0; spec->filter && i < spec->filter->n; i++)
        requests |= column_requests(spec->filter->conditions[i].column);
    return requests;
}

/* ---- order ----------------------------------------------------------------------------------------------- */

/* What is sorted: positions, each with what is needed to compare it. */
struct keyed {
    int64_t position;
    const struct sorting {
        const struct entries *entries;
        const struct selection_spec *spec;
    } * sorting;
};

static bool is_last(struct value key)
{
    return key.kind == VALUE_EMPTY || (key.kind == VALUE_REAL && isnan(key.real));
}

static int compare_by(const struct selection_key *key, bool reverse, const struct entry *a,
                      const struct entry *b)
{
    const struct value a_key = column_value(key->column, a), b_key = column_value(key->column, b);
    const bool a_last = is_last(a_key), b_last = is_last(b_key);

    if (a_last || b_last)
        return a_last - b_last;
    return (key->descending != reverse ? -1 : 1) * column_compare(a_key, b_key);
}

static int compare(const void *first, const void *second)
{
    const struct keyed *a = first, *b = second;
    const struct selection_spec *spec = a->sorting->spec;
    const struct entry a_entry = entries_at(a->sorting->entries, a->position),
                       b_entry = entries_at(a->sorting->entries, b->position);
    const int by_position = (a->position > b->position) - (a->position < b->position);

    for (int k = 0; k < spec->n_keys; k++) {
        const int order = compare_by(&spec->keys[k], spec->reverse, &a_entry, &b_entry);
        if (order != 0)
            return order;
    }
    return spec->n_keys == 0 && spec->reverse ? -by_position : by_position;
}

static enum ms_code fail_memory(int64_t count, struct ms_error *err)
{
    return ms_fail_memory(err, NULL, "to select from %lld %s", (long long)count,
                          ms_plural(count, "configuration", "configurations"));
}

/* Sorts the positions rows[count]. */
static enum ms_code sort(const struct sorting *sorting, int64_t *rows, int64_t count, struct ms_error *err)
{
    struct keyed *keyed = malloc(((size_t)count + 1) * sizeof *keyed);

    if (!keyed)
        return fail_memory(sorting->entries->count, err);
    for (int64_t i = 0; i < count; i++)
        keyed[i] = (struct keyed){rows[i], sorting};
    qsort(keyed, (size_t)count, sizeof *keyed, compare);
    for (int64_t i = 0; i < count; i++)
        rows[i] = keyed[i].position;
    free(keyed);
    return MS_OK;
}

enum ms_code selection_make(const struct entries *entries, const struct selection_spec *spec, int64_t **rows,
                            int64_t *count, struct ms_error *err)
{
    const struct sorting sorting = {entries, spec};
    int64_t *selected = malloc(((size_t)entries->count + 1) * sizeof *selected), n = 0;

    if (!selected)
        return fail_memory(entries->count, err);
    for (int64_t i = 0; i < entries->count; i++) {
        const struct entry entry = entries_at(entries, i);

        if (is_selected(&entry, spec))
            selected[n++] = i;
    }
    if ((spec->n_keys > 0 || spec->reverse) && /* otherwise they are in their order */
        sort(&sorting, selected, n, err) != MS_OK) {
        free(selected);
        return MS_NO_MEMORY;
    }
    *rows = selected;
    *count = n < spec->limit ? n : spec->limit;
    return MS_OK;
}
