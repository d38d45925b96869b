/* Converts one value of a key: from the text of the file, to canonical text, and to and from struct ms_job.
 *
 * In between, a value of any kind is a double. It represents every real and 32-bit number, whole numbers up to 2^53,
 * and the position of a name in the list of names. Titles and sections are not such values.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_VALUE_H
#define MOONSWEEP_JOB_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keys.h"

/* Space for the results of ms_value_write and ms_value_describe, including the NUL. */
#define MS_VALUE_CHARS 32
#define MS_VALUE_DESCRIPTION 128

/* Reads text as a value of key. Returns NULL, or what is wrong as the end of a sentence ("is too large"). */
const char *ms_value_read(const struct ms_key *key, const char *text, size_t length, double *value);

/* Whether values of this kind are numbers, which must not be quoted. */
bool ms_value_is_number(enum ms_kind kind);

/* Describes the valid values of key: "a number above 0". */
void ms_value_describe(const struct ms_key *key, char description[MS_VALUE_DESCRIPTION]);

/* Writes the canonical spelling: the same for equal values, different for different ones. */
void ms_value_write(enum ms_kind kind, double value, char text[MS_VALUE_CHARS]);

/* The size of one value in struct ms_job or in the array of an axis; storing it there; loading it from there. */
size_t ms_value_size(enum ms_kind kind);
void ms_value_store(enum ms_kind kind, double value, void *to);
double ms_value_load(enum ms_kind kind, const void *from);

/* Returns values[count], stored as in the array of an axis, which the caller frees; NULL: no memory. */
void *ms_value_array(enum ms_kind kind, const double *values, int64_t count);

#endif
