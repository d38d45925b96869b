/* Collects settings in one text with a line for each, the form in which src/job reads them and results
 * store them. A setting with a line end in it would become two, and is refused with all other control
 * characters.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "set_option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/printable.h"

enum { LARGEST = 64 * 1024 }; /* bytes of all settings */

enum ms_code set_option_join(const char *first, const char *second, char **both, struct ms_error *err)
{
    const size_t before = first != NULL ? strlen(first) : 0, after = second != NULL ? strlen(second) : 0;
    char *joined;

    *both = NULL;
    if (before + after == 0)
        return MS_OK;
    joined = malloc(before + after + 1);
    if (joined == NULL)
        return ms_fail_memory(err, NULL, "for the settings of a job");
    if (before > 0)
        memcpy(joined, first, before);
    if (after > 0)
        memcpy(joined + before, second, after);
    joined[before + after] = '\0';
    *both = joined;
    return MS_OK;
}

/* Appends the setting as a line. */
static enum ms_code append(const char *text, char **set, struct ms_error *err)
{
    const size_t length = strlen(text);
    char *line = malloc(length + 2), *joined = NULL;
    enum ms_code code;

    if (line == NULL)
        return ms_fail_memory(err, NULL, "for the settings of a job");
    (void)snprintf(line, length + 2, "%s\n", text);
    code = set_option_join(*set, line, &joined, err);
    free(line);
    if (code != MS_OK)
        return code;
    free(*set);
    *set = joined;
    return MS_OK;
}

error_t set_option_add(const char *text, char **set, struct ms_error *err)
{
    const char *fault = NULL;

    if (strchr(text, '=') == NULL || text[0] == '=')
        fault = "it must be KEY=VALUE, such as --set grid.n_h='[1, 2]'";
    else if (!ms_printable_all(text, strlen(text)))
        fault = "a setting is one line of UTF-8 without control characters";
    else if (strlen(text) + (*set != NULL ? strlen(*set) : 0) >= LARGEST)
        fault = "all settings together may have at most 64 KiB";
    if (fault == NULL)
        return append(text, set, err) == MS_OK ? 0 : EINVAL;
    (void)ms_fail(err, MS_BAD_USAGE, "--set %.200s: %s", text, fault);
    return EINVAL;
}
