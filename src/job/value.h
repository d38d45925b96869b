/* One value of a key: from the file's text, to canonical text, into struct ms_job and out of it.
 *
 * Between those a value is a double, whatever its kind: it holds every real and 32-bit number, whole numbers
 * up to 2^53, and a name's position among the names. Titles and sections are no such values. */
#ifndef MOONSWEEP_JOB_VALUE_H
#define MOONSWEEP_JOB_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "keys.h"

/* Room for what ms_value_write and ms_value_describe make, with its end. */
#define MS_VALUE_CHARS 32
#define MS_VALUE_DESCRIPTION 96

/* Reads text as a value of key. NULL, or what is wrong with it as the end of a sentence ("is too large"). */
const char *ms_value_read(const struct ms_key *key, const char *text, size_t length, double *value);

/* Whether values of this kind are numbers, which are not written in quotes. */
bool ms_value_is_number(enum ms_kind kind);

/* What a value of key must be: "a number above 0". */
void ms_value_describe(const struct ms_key *key, char description[MS_VALUE_DESCRIPTION]);

/* The canonical spelling: the same for equal values, different for different ones. */
void ms_value_write(enum ms_kind kind, double value, char text[MS_VALUE_CHARS]);

/* Bytes of one value in struct ms_job or in an axis' array; putting it there; getting it from there. */
size_t ms_value_size(enum ms_kind kind);
void ms_value_store(enum ms_kind kind, double value, void *to);
double ms_value_load(enum ms_kind kind, const void *from);

#endif
