/* Reads the tables of tests/data, whose figures independent programs computed (tests/reference/README.md).
 *
 *     struct figures *figures = figures_open("init.csv");
 *     while (figures_next(figures))
 *         ... figures_integer(figures, "seed"), figures_number(figures, "value")
 *     ck_assert_int_gt(figures_close(figures), 0);      // how many rows there were
 *
 * A table is a line of column names and lines of values, separated by commas, without quotes. The test fails if
 * anything is wrong with a table.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_FIGURES_H
#define MOONSWEEP_TESTS_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

struct figures;

/* Opens tests/data/<name> in the source folder. */
struct figures *figures_open(const char *name);

/* Advances to the next row; false after the last one. */
bool figures_next(struct figures *figures);

/* Return the value of a column in the current row: as text (valid until the next row), as an integer, as a number. */
const char *figures_text(const struct figures *figures, const char *column);
int64_t figures_integer(const struct figures *figures, const char *column);
uint64_t figures_unsigned(const struct figures *figures, const char *column);
double figures_number(const struct figures *figures, const char *column);

/* Closes the table and returns how many rows were read. */
int64_t figures_close(struct figures *figures);

#endif
