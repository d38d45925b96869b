/* Compares what the user has written with the names and headings of all columns. One that is equal is taken
 * even if others begin with it. If none begins with it, the message suggests the nearest name, or else the
 * longest one with which the key begins.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "column_key.h"

#include <stdio.h>
#include <string.h>

#include "moonsweep/nearest.h"

#define MAX_COLUMNS 64

const struct column *column_key_exact(const char *key)
{
    const struct column *found = column_find(key);

    for (int c = 0; c < column_count && !found; c++)
        if (strcmp(columns[c].heading, key) == 0)
            found = &columns[c];
    return found;
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Writes the names of n columns to text, separated by commas. */
static void join(const struct column *const *list, int n, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", list[i]->name);
}

/* The column whose name is nearest to key, or the one with the longest name that key begins with; NULL: none. */
static const char *nearest_name(const char *key)
{
    const char *names[MAX_COLUMNS], *nearest, *longest = NULL;
    int n = 0;

    for (int c = 0; c < column_count && n < MAX_COLUMNS; c++)
        names[n++] = columns[c].name;
    nearest = ms_nearest(key, names, (size_t)n);
    for (int i = 0; i < n; i++)
        if (begins_with(key, names[i]) && (!longest || strlen(names[i]) > strlen(longest)))
            longest = names[i];
    return nearest ? nearest : longest;
}

/* Says that there is no column called key. */
static void fail(const char *where, const char *key, struct ms_error *err)
{
    const struct column *all[MAX_COLUMNS];
    const char *nearest = key[0] != '\0' ? nearest_name(key) : NULL;
    char names[700];
    int n = 0;

    if (nearest) {
        ms_fail(err, MS_BAD_USAGE, "%s: there is no column %s; did you mean %s?", where, key, nearest);
        return;
    }
    while (n < column_count && n < MAX_COLUMNS) {
        all[n] = &columns[n];
        n++;
    }
    join(all, n, names, sizeof names);
    if (key[0] == '\0')
        ms_fail(err, MS_BAD_USAGE, "%s: the name of a column is missing; the columns are %s", where, names);
    else
        ms_fail(err, MS_BAD_USAGE, "%s: there is no column %s; the columns are %s", where, key, names);
}

bool column_key_find(const char *where, const char *key, const struct column **column, struct ms_error *err)
{
    const struct column *matches[MAX_COLUMNS], *exact = column_key_exact(key);
    char names[700];
    int n = 0;

    for (int c = 0; c < column_count && n < MAX_COLUMNS && key[0] != '\0'; c++)
        if (begins_with(columns[c].name, key) || begins_with(columns[c].heading, key))
            matches[n++] = &columns[c];
    if (exact || n == 1) {
        *column = exact ? exact : matches[0];
        return true;
    }
    if (n == 0) {
        fail(where, key, err);
        return false;
    }
    join(matches, n, names, sizeof names);
    ms_fail(err, MS_BAD_USAGE, "%s: %s is the beginning of several columns: %s", where, key, names);
    return false;
}
