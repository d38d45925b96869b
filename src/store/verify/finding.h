/* Reports findings: turns the bytes of a value and its place into the texts of struct ms_finding.
 *
 *     ms_finding_values(verification, MS_VAR_W1, config, stored, expected);   // each element that differs
 *     ms_finding_rule(verification, MS_VAR_RANK, config, 0, &rank, "at least 0");
 *
 * The kind of each finding is verification->kind.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_FINDING_H
#define MOONSWEEP_STORE_FINDING_H

#include "verify_state.h"

enum { MS_FINDING_TEXT = 160 };

/* Reports each element in which the row `stored` of a variable (ms_schema_row_bytes) differs from the row
 * `expected`. */
void ms_finding_values(struct ms_verification *verification, enum ms_variable variable, int64_t row,
                       const void *stored, const void *expected);

/* Reports one element of a row; `expected` is a rule in words (printf). */
void ms_finding_rule(struct ms_verification *verification, enum ms_variable variable, int64_t row,
                     int64_t element, const void *stored, const char *expected, ...)
    __attribute__((format(printf, 6, 7)));

/* Reports any finding. config is -1 if it belongs to no configuration. */
void ms_finding_report(struct ms_verification *verification, const char *place, int64_t config,
                       const char *stored, const char *expected);

#endif
