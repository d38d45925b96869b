/* Reads numbers as docs/jobs.md defines them: the whole text is a number or an error, the same in every locale.
 *
 *     double rate;
 *     const char *fault = ms_number_real("5e-3", 4, &rate);
 *     if (fault != NULL)
 *         ... "'5e-3' " followed by fault is a sentence ...
 *
 * The functions return NULL and set *value, or return what is wrong as the end of a sentence ("has a leading zero") and
 * leave *value unchanged. text need not be NUL-terminated.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_NUMBER_H
#define MOONSWEEP_JOB_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* The largest whole number that is read; float64 represents all of them up to here. */
#define MS_NUMBER_WHOLE_MAX (INT64_C(1) << 53)

/* The float64 nearest to a decimal number; -0 becomes 0. */
const char *ms_number_real(const char *text, size_t length, double *value);

/* A number, or a quotient of two of them without spaces (1/3), rounded once if both are whole. */
const char *ms_number_fraction(const char *text, size_t length, double *value);

/* A whole number, |value| <= MS_NUMBER_WHOLE_MAX; an exponent that keeps it whole is allowed (1e3). */
const char *ms_number_whole(const char *text, size_t length, int64_t *value);

#endif
