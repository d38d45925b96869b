/* One iteration by the textbook formulas: forward, cost and backward for each sample, in long double with the C
 * library's exponential and logarithm. Nothing is folded, shared, split or clamped. Every result has a bound on the
 * portable kernel's error, from an analysis of the kernel's rounding (textbook.c).
 *
 *     struct textbook textbook;
 *     textbook_open(&textbook, &inputs);
 *     ... textbook.cost.value, textbook.gradient[i].bound
 *     textbook_close(&textbook);
 *
 * Parameters and samples must be finite.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_TEXTBOOK_H
#define MOONSWEEP_TESTS_TEXTBOOK_H

#include "kernel_inputs.h"

struct textbook_value {
    long double value, bound;
};

struct textbook {
    struct textbook_value cost;
    struct textbook_value *gradient; /* [ms_network_size] owned, in the order W1, b1, W2, b2 */
    /* The largest of all sums of magnitudes. Unless it is far below the precision's largest number, the kernel may
     * overflow where the textbook does not. */
    long double largest;
};

void textbook_open(struct textbook *textbook, const struct kernel_inputs *inputs);
void textbook_close(struct textbook *textbook);

/* Returns the cost of any network on data, with the class weights of samples. */
long double textbook_cost(const struct ms_network *network, const struct ms_data *data,
                          const struct ms_samples *samples);

#endif
