/* Sizes of files in readable units, for messages.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SIZE_TEXT_H
#define MOONSWEEP_SIZE_TEXT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { MS_SIZE_TEXT_CHARS = 32 /* room for a size as text */ };

/* Writes a size in readable units, "61 bytes" or "1.5 GB", into text, and returns it. */
const char *ms_size_text(int64_t bytes, char text[MS_SIZE_TEXT_CHARS]);

#ifdef __cplusplus
}
#endif

#endif
