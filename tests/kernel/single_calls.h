/* Calls every function of a kernel on guarded buffers (guarded.h): inputs are read-only, accesses outside the buffers
 * are detected, and values that must not matter are NaN.
 *
 *     char fault[SINGLE_CALLS_TEXT];
 *     if (!single_calls_record(kernel, &inputs, way, &record, fault))
 *         ... fault: "accumulate accesses memory 0 bytes after the end of sums"
 *
 * These must not matter and are NaN: activations, sums and probabilities before they are written, relu's sums for dW2,
 * and memory outside the buffers. These have no meaning and are not recorded: mantissa and exponent where the excess is
 * NaN, and the probabilities of padding. The padding of samples does matter and is zero (samples.h): a NaN in it would
 * reach the gradients, and -0 would change the sign of a sum that underflowed.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_SINGLE_CALLS_H
#define MOONSWEEP_TESTS_SINGLE_CALLS_H

#include "guarded.h"
#include "kernel_inputs.h"
#include "record.h"

enum { SINGLE_CALLS_TEXT = 256 };

/* The results must have the same bits in each way. */
struct single_calls_way {
    enum ms_range range;  /* that of the inputs or a wider one */
    enum guarded_end end; /* with GUARDED_LOW, chunks are also accumulated in slices */
};

/* Records the results of the calls. Returns false, with a description in fault, if a call did something forbidden. */
bool single_calls_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                         struct single_calls_way way, struct record *record, char *fault);

#endif
