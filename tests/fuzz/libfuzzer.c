/* Calls a fuzz target from libFuzzer.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "fuzz.h"

/* libFuzzer prescribes the name. */
__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct ms_error err;

    (void)fuzz_one(bytes, count, &err);
    return 0;
}
