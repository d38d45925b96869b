/* Turns the index of a value into the name of its array with indices.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "array_names.h"

#include <stdio.h>

static void format_parameter(const struct kernel_case *one, int64_t index, char *text, size_t size)
{
    const int64_t b1 = (int64_t)one->n_h * one->n_x, W2 = b1 + one->n_h, b2 = W2 + one->n_h;

    if (index < b1)
        (void)snprintf(text, size, "W1[%d][%d]", (int)(index / one->n_x), (int)(index % one->n_x));
    else if (index < W2)
        (void)snprintf(text, size, "b1[%d]", (int)(index - b1));
    else if (index < b2)
        (void)snprintf(text, size, "W2[%d]", (int)(index - W2));
    else
        (void)snprintf(text, size, "b2");
}

static void format_total(const struct kernel_case *one, int64_t index, char *text, size_t size)
{
    static const char *const output[MS_SUM_COUNT] = {
        [MS_SUM_DZ] = "dz",
        [MS_SUM_MANTISSA] = "mantissa",
        [MS_SUM_EXPONENT] = "exponent",
        [MS_SUM_EXCESS] = "excess",
    };
    const int64_t of_unit = one->n_x + 2, unit = index / of_unit, i = index % of_unit;
    const int64_t of_output = index - one->n_h * of_unit;

    if (of_output >= MS_SUM_COUNT)
        (void)snprintf(text, size, "%s of label 1", output[of_output - MS_SUM_LABEL_1]);
    else if (of_output >= 0)
        (void)snprintf(text, size, "%s", output[of_output]);
    else if (i < one->n_x)
        (void)snprintf(text, size, "dW1[%d][%d]", (int)unit, (int)i);
    else
        (void)snprintf(text, size, "%s[%d]", i == one->n_x ? "db1" : "dW2", (int)unit);
}

void array_names_format(const struct kernel_case *one, enum record_layout layout, int64_t index, char *text,
                        size_t size)
{
    const int32_t lanes = ms_precision_lanes(one->precision);
    char total[64];

    switch (layout) {
    case RECORD_PARAMETERS:
        format_parameter(one, index, text, size);
        break;
    case RECORD_TOTALS:
        format_total(one, index, text, size);
        break;
    case RECORD_SUMS:
        format_total(one, index / lanes, total, sizeof total);
        (void)snprintf(text, size, "%s lane %d", total, (int)(index % lanes));
        break;
    default:
        (void)snprintf(text, size, "[%lld]", (long long)index);
    }
}
