/* Writes values in two formats. Numbers have the same digits in both, those of column_exact_text; texts are
 * quoted in different ways, and only CSV can express that a number is infinite or NaN.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "value_text.h"

#include <math.h>
#include <string.h>

#include "csv_text.h"
#include "moonsweep/printable.h"

void value_write_csv(FILE *file, struct value value)
{
    char text[COLUMN_TEXT_SIZE];
    const char *cell = column_exact_text(value, text);

    if (value.kind == VALUE_TEXT && *cell) /* an empty cell has no quotes, and neither have numbers */
        csv_text_write(file, cell);
    else
        (void)fputs(cell, file);
}

/* A byte that is neither part of UTF-8 nor a character that is shown is written as the character with its number. */
static void write_json_text(FILE *file, const char *text)
{
    size_t left = strlen(text), bytes;

    (void)fputc('"', file);
    for (; left > 0; text += bytes, left -= bytes) {
        bytes = ms_printable_bytes(text, left);
        if (bytes == 0) {
            bytes = 1;
            (void)fprintf(file, "\\u%04x", (unsigned)(unsigned char)*text);
        } else {
            (void)fputs(*text == '"' || *text == '\\' ? "\\" : "", file);
            (void)fwrite(text, 1, bytes, file);
        }
    }
    (void)fputc('"', file);
}

void value_write_json(FILE *file, struct value value)
{
    char text[COLUMN_TEXT_SIZE];

    if (value.kind == VALUE_EMPTY || (value.kind == VALUE_REAL && !isfinite(value.real)))
        (void)fputs("null", file);
    else if (value.kind == VALUE_TEXT)
        write_json_text(file, value.text);
    else
        (void)fputs(column_exact_text(value, text), file);
}
