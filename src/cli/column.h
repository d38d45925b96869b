/* The columns of `moonsweep show`: a table with the name, the source and the format of each column.
 *
 *     const struct column *column = column_find("dev_accuracy");
 *     struct entry entry = entries_at(&entries, 0);
 *     struct value value = column_value(column, &entry);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_COLUMN_H
#define MOONSWEEP_CLI_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "entries.h"

/* Enough for the text of any number. */
#define COLUMN_TEXT_SIZE 32

enum value_kind { VALUE_EMPTY, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT };

/* One cell. It is empty if the configuration is pending, since there is no result yet. */
struct value {
    enum value_kind kind;
    int64_t integer;
    double real;
    const char *text; /* borrowed */
};

/* The struct that has the field of a column: that of an entry, one that it points to, or the measures on one of the sets, which
 * are computed from its row. */
enum column_part { PART_ENTRY, PART_ROW, PART_ORIGIN, PART_TRAIN, PART_DEV };

/* The type of the field; FROM_NATURAL is an int64_t that is -1 if there is no value. */
enum column_source {
    FROM_INT32,
    FROM_INT64,
    FROM_NATURAL,
    FROM_DOUBLE,
    FROM_ACTIVATION,
    FROM_STATUS,
    FROM_RULE,
    FROM_FILE
};

/* Where a column is shown if the columns are not chosen: in the table for people, and in CSV and JSON, which have every
 * column but the name of the file if there is only one, those of the data unless a sweep has several data sets (OF_THE_DATA,
 * of which the table has those that vary), and those that take time to compute. */
enum column_place {
    IN_TABLE,
    IN_TABLE_IF_IT_VARIES,
    NOT_IN_TABLE,
    IF_SEVERAL_FILES,
    OF_THE_DATA,
    ONLY_IF_CHOSEN
};

struct column {
    const char *name;    /* as in the result file */
    const char *heading; /* in the table for people */
    enum column_place place;
    enum column_source source;
    enum column_part part;
    size_t offset; /* of the field in the part */
    bool result;   /* empty until the configuration is final */
    int decimals;  /* of reals in the table for people; -1: every digit */
};

/* All columns, in the order in which they are shown. */
extern const struct column columns[];
extern const int column_count;

/* The column called name, or NULL. */
const struct column *column_find(const char *name);

/* What entries_read must be asked for so that this column has values; 0: nothing. */
unsigned column_requests(const struct column *column);

/* Whether its cells are words, not numbers. */
bool column_is_text(const struct column *column);

/* Word i, from 0 on, of a column that has certain words only; NULL: it has fewer, or any text. */
const char *column_word(const struct column *column, int i);

/* The cell of a configuration. */
struct value column_value(const struct column *column, const struct entry *entry);

/* Whether two configurations have different cells. */
bool column_varies(const struct column *column, const struct entries *entries);

/* Negative, 0 or positive if a is less than, equal to or greater than b; both have the same kind, which is not
 * VALUE_EMPTY. */
int column_compare(struct value a, struct value b);

/* Formats the cell with every digit ("" if it is empty), and for people. Returns a place in text, or the text of the
 * value. */
const char *column_exact_text(struct value value, char text[COLUMN_TEXT_SIZE]);
const char *column_human_text(const struct column *column, struct value value, char text[COLUMN_TEXT_SIZE]);

#endif
