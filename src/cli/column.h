/* The columns of `moonsweep show`: a table with the name, the source and the format of each column.
 *
 *     const struct column *column = column_find("dev_accuracy");
 *     struct value value = column_value(column, &table, config);
 */
#ifndef MOONSWEEP_CLI_COLUMN_H
#define MOONSWEEP_CLI_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/reader.h"

/* Enough for the text of any cell. */
#define COLUMN_TEXT_SIZE 32

enum value_kind { VALUE_EMPTY, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT };

/* One cell. It is empty if the configuration is pending, since there is no result yet. */
struct value {
    enum value_kind kind;
    int64_t integer;
    double real;
    const char *text; /* static */
};

/* The type of a field in struct ms_row. */
enum column_source { FROM_INDEX, FROM_INT32, FROM_INT64, FROM_DOUBLE, FROM_ACTIVATION, FROM_STATUS };

/* Whether the table for people shows a column; CSV and JSON have every column. */
enum column_place { IN_TABLE, IN_TABLE_IF_IT_VARIES, NOT_IN_TABLE };

struct column {
    const char *name;    /* as in the result file */
    const char *heading; /* in the table for people */
    enum column_place place;
    enum column_source source;
    size_t offset; /* of the field in struct ms_row */
    bool result;   /* empty until the configuration is final */
    int decimals;  /* of reals in the table for people; -1: every digit */
};

/* All columns, in the order in which they are shown. */
extern const struct column columns[];
extern const int column_count;

/* The column called name, or NULL. */
const struct column *column_find(const char *name);

/* The cell of a configuration, 0 <= config < table->configs. */
struct value column_value(const struct column *column, const struct ms_table *table, int64_t config);

/* Whether two configurations of the table have different cells. */
bool column_varies(const struct column *column, const struct ms_table *table);

/* Formats the cell with every digit ("" if it is empty), and for people. Returns text. */
const char *column_exact_text(struct value value, char text[COLUMN_TEXT_SIZE]);
const char *column_human_text(const struct column *column, struct value value, char text[COLUMN_TEXT_SIZE]);

#endif
