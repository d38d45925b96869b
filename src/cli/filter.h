/* Conditions on the columns of `moonsweep show`, all of which an entry must meet.
 *
 *     struct filter filter = {0};
 *     filter_add(&filter, "n_h=3 activation=tanh dev_accuracy>94", err)
 *     if (filter_passes(&filter, entry)) ...
 *     filter_free(&filter);
 *
 * A condition is a column (column_key.h), one of = != < <= > >=, and a value, which is quoted with " if it contains
 * spaces. Conditions are separated by spaces. Words can only be equal or not. A number of a column with whole numbers
 * is whole; elsewhere inf, -inf and, with = and !=, nan are numbers, too. An empty cell meets no condition.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_FILTER_H
#define MOONSWEEP_CLI_FILTER_H

#include "column.h"

#define FILTER_MAX_CONDITIONS 64

enum filter_operator {
    FILTER_EQ,
    FILTER_NE,
    FILTER_LT,
    FILTER_LE,
    FILTER_GT,
    FILTER_GE,
    FILTER_OPERATOR_COUNT
};

struct filter {
    int n;
    struct filter_condition {
        const struct column *column;
        enum filter_operator op;
        struct value value; /* its text is owned */
    } conditions[FILTER_MAX_CONDITIONS];
};

/* Adds the conditions in text. The caller frees filter, also after an error. Errors: MS_BAD_USAGE (with the position of
 * the character in text, from 1), MS_NO_MEMORY. */
enum ms_code filter_add(struct filter *filter, const char *text, struct ms_error *err);
void filter_free(struct filter *filter);

bool filter_passes(const struct filter *filter, const struct entry *entry);

#endif
