/* Every function of a kernel, called by itself on guarded buffers (guarded.h): inputs that may only be read, outputs
 * with nothing around them, NaN wherever a value must not matter.
 *
 *     char fault[SINGLE_CALLS_TEXT];
 *     if (!single_calls_record(kernel, &inputs, way, &record, fault))
 *         ... fault: "accumulate touches the byte 0 behind sums"
 *
 * What must not matter, and is NaN here: activations, sums and probabilities before they are written, the sums for
 * dW2 of relu, what stands beside every buffer. What means nothing, and is not recorded: mantissa and exponent where
 * the excess is NaN, and what is said of padding. The padding of samples does matter, and is zero (samples.h): a NaN
 * there would reach the gradients, and -0 turn the sign of a sum that underflowed. */
#ifndef MOONSWEEP_TESTS_SINGLE_CALLS_H
#define MOONSWEEP_TESTS_SINGLE_CALLS_H

#include "guarded.h"
#include "kernel_inputs.h"
#include "record.h"

enum { SINGLE_CALLS_TEXT = 256 };

/* The bits must be the same each way. */
struct single_calls_way {
    enum ms_range range;  /* the inputs' or a wider one */
    enum guarded_end end; /* GUARDED_LOW: and chunks are accumulated in slices */
};

/* Records what the calls gave. false where one did what it must not; fault says what. */
bool single_calls_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                         struct single_calls_way way, struct record *record, char *fault);

#endif
