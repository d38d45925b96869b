/* Writes a text without quotes only if src/job/csv_field.c reads it back unchanged: it is not empty, has no
 * comma, quote or line end in it, and no blank at its ends.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "csv_text.h"

#include <stdbool.h>
#include <string.h>

void csv_text_write(FILE *file, const char *text)
{
    const size_t length = strlen(text);
    const bool is_plain = length > 0 && strcspn(text, ",\"\r\n") == length && !strchr(" \t", text[0]) &&
                          !strchr(" \t", text[length - 1]);

    if (is_plain) {
        (void)fputs(text, file);
        return;
    }
    (void)fputc('"', file);
    for (const char *at = text; *at; at++) {
        if (*at == '"')
            (void)fputc('"', file);
        (void)fputc(*at, file);
    }
    (void)fputc('"', file);
}
