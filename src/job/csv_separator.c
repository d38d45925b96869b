/* Looks for another separator than the comma in the first line. It is one that is outside quotes and has
 * something other than blanks after it; with a comma outside quotes, none is looked for. Only the beginning of
 * a very long line is examined: a file without line ends may have gigabytes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "csv_separator.h"

#include <stdbool.h>
#include <stddef.h>

/* Most likely first: a name may contain a vertical bar. */
static const struct {
    char character;
    const char *words;
} separators[] = {
    {';', "semicolons (decimals need a point)"},
    {'\t', "tabs"},
    {'|', "vertical bars"},
};

enum { SEPARATORS = sizeof separators / sizeof separators[0] };

/* Whether the character separates two fields of the line: something other than blanks follows it. */
static bool separates(char separator, const char *text, const char *end)
{
    bool is_quoted = false, is_found = false;

    for (const char *at = text; at < end && (is_quoted || (*at != '\n' && *at != '\r')); at++) {
        if (*at == '"')
            is_quoted = !is_quoted;
        if (!is_quoted && *at == separator)
            is_found = true;
        else if (is_found && *at != ' ' && *at != '\t')
            return true;
    }
    return false;
}

/* Whether the line has a comma outside quotes. */
static bool has_comma(const char *text, const char *end)
{
    bool is_quoted = false;

    for (const char *at = text; at < end && (is_quoted || *at != '\n'); at++) {
        if (*at == '"')
            is_quoted = !is_quoted;
        if (!is_quoted && *at == ',')
            return true;
    }
    return false;
}

const char *ms_csv_separator_other(const char *text, const char *end)
{
    enum { EXAMINED = 1 << 20 };

    if (end - text > EXAMINED)
        end = text + EXAMINED;
    if (has_comma(text, end))
        return NULL;
    for (int i = 0; i < SEPARATORS; i++)
        if (separates(separators[i].character, text, end))
            return separators[i].words;
    return NULL;
}
