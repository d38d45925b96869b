/* The inputs of a case: its samples, its network, and the pass over them that a kernel gets.
 *
 *     struct kernel_inputs inputs;
 *     kernel_inputs_make(&one, seed, &inputs);
 *     ... kernel_inputs_free(&inputs);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_KERNEL_INPUTS_H
#define MOONSWEEP_TESTS_KERNEL_INPUTS_H

#include "kernel_cases.h"
#include "moonsweep/data.h"

struct kernel_inputs {
    const struct kernel_case *one; /* borrowed */
    struct ms_data data;           /* values of the case's precision */
    struct ms_samples samples;
    struct ms_network network;
    struct ms_pass pass; /* the folded network, with its range */
};

/* Another seed gives other numbers of the same kind. The table of hashes is for seed 0. */
void kernel_inputs_make(const struct kernel_case *one, uint32_t seed, struct kernel_inputs *inputs);
void kernel_inputs_free(struct kernel_inputs *inputs);

#endif
