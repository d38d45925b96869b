/* Divides a list at its commas, finds the column of each item, and adds it as a key. An item is cut after 127
 * bytes, which are more than any column's name has.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sort_keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "column_key.h"

void sort_keys_next_item(const char **list, char item[128])
{
    const size_t length = strcspn(*list, ",");

    (void)snprintf(item, 128, "%.*s", (int)length, *list);
    *list = (*list)[length] == ',' ? *list + length + 1 : NULL;
}

error_t sort_keys_parse(const char *option, const char *text, struct selection_spec *selection,
                        struct ms_error *err)
{
    const struct column *column;
    char item[128];

    while (text) {
        bool descending;

        sort_keys_next_item(&text, item);
        descending = item[0] == '-';
        if (strcmp(item, "-") == 0) {
            ms_fail(err, MS_BAD_USAGE,
                    "%s: a key is -; the name of a column must follow the dash, such as -dev_accuracy",
                    option);
            return EINVAL;
        }
        if (!column_key_find(option, item + descending, &column, err))
            return EINVAL;
        if (!selection_sort_by(selection, column, descending)) {
            ms_fail(err, MS_BAD_USAGE, "%s: there may be at most %d keys", option, SELECTION_MAX_KEYS);
            return EINVAL;
        }
    }
    return 0;
}
