/* Copies a text character by character as long as the longest ending still fits after it. So a character of
 * UTF-8 or an escaped byte is shown as a whole or not at all.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/quote.h"

#include <stdio.h>
#include <string.h>

#include "moonsweep/printable.h"

const char *ms_quote(const char *text, size_t length, char quoted[MS_QUOTE_BYTES])
{
    static const char ending[] = "...'";
    size_t used = 0;

    quoted[used++] = '\'';
    for (size_t i = 0; i < length;) {
        size_t bytes = ms_printable_bytes(text + i, length - i);
        size_t needed = bytes > 0 ? bytes : strlen("\\xNN");

        if (used + needed + sizeof ending > MS_QUOTE_BYTES) {
            memcpy(quoted + used, ending, sizeof ending);
            return quoted;
        }
        if (bytes > 0)
            memcpy(quoted + used, text + i, bytes);
        else
            (void)snprintf(quoted + used, needed + 1, "\\x%02X", (unsigned)(unsigned char)text[i]);
        used += needed;
        i += bytes > 0 ? bytes : 1;
    }
    memcpy(quoted + used, "'", 2);
    return quoted;
}
