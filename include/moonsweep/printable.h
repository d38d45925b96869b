/* Tells which parts of a text can be shown on a terminal unchanged.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_PRINTABLE_H
#define MOONSWEEP_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the length in bytes of the UTF-8 character at the start of text[length]; 0 if there is none, or if it is a
 * control character. Overlong forms and surrogates are no characters. */
size_t ms_printable_bytes(const char *text, size_t length);

/* Returns the bytes of the longest beginning of text[length] that consists of such characters. */
size_t ms_printable_length(const char *text, size_t length);

/* Whether text[length] consists of such characters only. */
bool ms_printable_all(const char *text, size_t length);

/* Writes text with each other byte as \xNN: names of files may contain anything, which a terminal may obey. */
void ms_printable_write(FILE *file, const char *text);

#ifdef __cplusplus
}
#endif

#endif
