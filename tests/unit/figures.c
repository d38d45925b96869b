/* Splits the lines of a table at their commas, and finds a value by the name of its column.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "figures.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_folder.h"

enum { max_columns = 32, max_line = 4096, max_path = 4096 };

struct figures {
    FILE *file;
    int columns;
    int64_t rows;
    char header[max_line], line[max_line];
    char *names[max_columns], *values[max_columns];
};

/* Reads a line and splits it at its commas; returns the number of fields, 0 at the end of the file. */
static int read_fields(FILE *file, char *line, char **fields)
{
    int count = 0;

    if (fgets(line, max_line, file) == NULL)
        return 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *field = line; field != NULL; count++) {
        char *comma = strchr(field, ',');

        ck_assert_int_lt(count, max_columns);
        fields[count] = field;
        if (comma != NULL)
            *comma++ = '\0';
        field = comma;
    }
    return count;
}

struct figures *figures_open(const char *name)
{
    struct figures *figures = calloc(1, sizeof *figures);
    char path[max_path];

    ck_assert_ptr_nonnull(figures);
    ck_assert_int_lt(snprintf(path, sizeof path, "%s/tests/data/%s", source_folder(), name),
                     (int)sizeof path);
    figures->file = fopen(path, "r");
    ck_assert_msg(figures->file != NULL, "%s: %s; start the program in the folder of the sources", path,
                  strerror(errno));
    figures->columns = read_fields(figures->file, figures->header, figures->names);
    ck_assert_msg(figures->columns > 0, "%s is empty", path);
    return figures;
}

bool figures_next(struct figures *figures)
{
    const int fields = read_fields(figures->file, figures->line, figures->values);

    if (fields == 0)
        return false;
    figures->rows++;
    ck_assert_int_eq(fields, figures->columns);
    return true;
}

const char *figures_text(const struct figures *figures, const char *column)
{
    for (int i = 0; i < figures->columns; i++)
        if (strcmp(figures->names[i], column) == 0)
            return figures->values[i];
    ck_abort_msg("there is no column %s", column);
}

int64_t figures_integer(const struct figures *figures, const char *column)
{
    const char *text = figures_text(figures, column);
    char *end;
    const long long value = strtoll(text, &end, 10);

    ck_assert_msg(end != text && *end == '\0', "%s is not an integer: %s", column, text);
    return value;
}

uint64_t figures_unsigned(const struct figures *figures, const char *column)
{
    const char *text = figures_text(figures, column);
    char *end;
    const unsigned long long value = strtoull(text, &end, 10);

    ck_assert_msg(end != text && *end == '\0', "%s is not a count: %s", column, text);
    return value;
}

double figures_number(const struct figures *figures, const char *column)
{
    const char *text = figures_text(figures, column);
    char *end;
    const double value = strtod(text, &end);

    ck_assert_msg(end != text && *end == '\0', "%s is not a number: %s", column, text);
    return value;
}

int64_t figures_close(struct figures *figures)
{
    const int64_t rows = figures->rows;

    ck_assert_int_eq(ferror(figures->file), 0);
    fclose(figures->file);
    free(figures);
    return rows;
}
