/* Shared by all unit tests. Each program has one Check suite and writes its results as TAP to standard output.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_UNIT_H
#define MOONSWEEP_TESTS_UNIT_H

#include <check.h>

/* The number of arguments that a test draws, or of samples or iterations of its trainings. A sanitizer finds wrong memory
 * accesses, not wrong digits, so a tenth is enough there. */
#ifdef __SANITIZE_ADDRESS__
#define TIMES(ordinary) ((ordinary) / 10)
#else
#define TIMES(ordinary) (ordinary)
#endif

/* Defined by each test program. */
Suite *unit_suite(void);

#endif
