/* Names of the values in one part of a record: "W1[3][1]", "db1[2] lane 5".
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_ARRAY_NAMES_H
#define MOONSWEEP_TESTS_ARRAY_NAMES_H

#include "kernel_cases.h"
#include "record.h"

void array_names_format(const struct kernel_case *one, enum record_layout layout, int64_t index, char *text,
                        size_t size);

#endif
