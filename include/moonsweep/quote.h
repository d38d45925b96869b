/* Quotes text of a user file for a message: short, on one line.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_QUOTE_H
#define MOONSWEEP_QUOTE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Space for the result of ms_quote, including its NUL. */
#define MS_QUOTE_BYTES 64

/* Writes length bytes of text into quoted, in quotes: control characters and bytes that are not UTF-8 as \xNN, and
 * "..." at the end if the text is too long. Returns quoted. */
const char *ms_quote(const char *text, size_t length, char quoted[MS_QUOTE_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
