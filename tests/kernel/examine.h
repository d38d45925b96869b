/* All checks of the kernels in one case.
 *
 *     struct examination examination = {.hashes = &hashes};
 *     if (!examine_case(&examination, &one, kernels, count, finding)) puts(finding);
 *
 * The portable kernel is compared with the textbook (bounded.h) and its hash with the table's. Then every kernel,
 * including the portable one, must produce the same bits: in single calls of every kind (single_calls.h), over the
 * trajectory (trained.h), and with two threads (two_threads.h).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_EXAMINE_H
#define MOONSWEEP_TESTS_EXAMINE_H

#include "bounded.h"
#include "kernel_cases.h"
#include "kernel_hashes.h"

enum { EXAMINE_TEXT = 1024 };

struct examination {
    uint32_t seed;
    const struct kernel_hashes *hashes; /* NULL: hashes are not compared */
    struct bounded bounded;
    int64_t comparisons; /* one for each kernel and case */
    uint64_t hash;       /* of the last case */
};

/* Checks the portable kernel and the given kernels [count], which have the case's precision. Stops and returns false at
 * the first fault: finding [EXAMINE_TEXT] is a line that names the kernel, the case, the value and its position. */
bool examine_case(struct examination *examination, const struct kernel_case *one,
                  const struct ms_kernel *const *kernels, int count, char *finding);

#endif
