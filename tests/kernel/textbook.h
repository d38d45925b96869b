/* One iteration as the textbook has it: sample by sample, forward, cost, backward, in long double with the C library's
 * exponential and logarithm. Nothing is folded, shared, split or clamped. Beside every result stands how far the
 * portable kernel's may be from it, from an analysis of the kernel's roundings (textbook.c).
 *
 *     struct textbook textbook;
 *     textbook_open(&textbook, &inputs);
 *     ... textbook.cost.value, textbook.gradient[i].bound
 *     textbook_close(&textbook);
 *
 * Parameters and samples are finite. */
#ifndef MOONSWEEP_TESTS_TEXTBOOK_H
#define MOONSWEEP_TESTS_TEXTBOOK_H

#include "kernel_inputs.h"

struct textbook_value {
    long double value, bound;
};

struct textbook {
    struct textbook_value cost;
    struct textbook_value *gradient; /* [ms_network_size] owned, in the order W1, b1, W2, b2 */
    long double largest; /* of all sums of magnitudes: far below the precision's largest number, or the
                                      * kernel may overflow where the textbook does not */
};

void textbook_open(struct textbook *textbook, const struct kernel_inputs *inputs);
void textbook_close(struct textbook *textbook);

/* The cost alone, of any network on data, weighted as samples are. */
long double textbook_cost(const struct ms_network *network, const struct ms_data *data,
                          const struct ms_samples *samples);

#endif
