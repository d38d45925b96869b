/* Parses conditions from left to right, in the order column, operator, value, and compares entries with them.
 * Every message gives the position at which parsing was. In comparisons NaN equals only NaN, and has no
 * order.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "filter.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "column_key.h"
#include "usage.h"

#define OPERATORS "=, !=, <, <=, > or >="

static const char *const operator_texts[FILTER_OPERATOR_COUNT] = {
    [FILTER_EQ] = "=",  [FILTER_NE] = "!=", [FILTER_LT] = "<",
    [FILTER_LE] = "<=", [FILTER_GT] = ">",  [FILTER_GE] = ">=",
};

/* A text that is being read: what is left of it, and where a message says that something is. */
struct scan {
    const char *text, *at;
    char where[48];
};

static void skip_spaces(struct scan *scan)
{
    scan->at += strspn(scan->at, " \t\n");
}

/* The beginning of a message about the character at `at`. */
static const char *where(struct scan *scan, const char *at)
{
    (void)snprintf(scan->where, sizeof scan->where, "--where, position %lld",
                   (long long)(at - scan->text) + 1);
    return scan->where;
}

/* ---- columns and operators ------------------------------------------------------------------------------- */

/* Reads the name of a column, which may contain spaces, up to an operator. */
static enum ms_code read_column(struct scan *scan, const struct column **column, struct ms_error *err)
{
    const char *begin = scan->at;
    size_t length = strcspn(begin, "=!<>"), word = strcspn(begin, " \t\n=!<>");
    const bool has_operator = begin[length] != '\0';
    char key[128];

    if ((word == 3 && strncasecmp(begin, "and", 3) == 0) || (word == 2 && strncmp(begin, "&&", 2) == 0))
        return ms_fail(err, MS_BAD_USAGE,
                       "%s: there is %.*s; conditions are separated by spaces only, and all must be met",
                       where(scan, begin), (int)word, begin);
    while (length > 0 && isspace((unsigned char)begin[length - 1]))
        length--;
    (void)snprintf(key, sizeof key, "%.*s", (int)length, begin);
    if (length > word && !column_key_exact(key))
        (void)snprintf(key, sizeof key, "%.*s", (int)word, begin);
    if (!column_key_find(where(scan, begin), key, column, err))
        return err->code;
    scan->at = begin + strlen(key);
    skip_spaces(scan);
    if (has_operator && strchr("=!<>", *scan->at))
        return MS_OK;
    return ms_fail(err, MS_BAD_USAGE, "%s: after %s there must be " OPERATORS, where(scan, scan->at), key);
}

static enum ms_code read_operator(struct scan *scan, const struct column *column, enum filter_operator *op,
                                  struct ms_error *err)
{
    const size_t length = strspn(scan->at, "=!<>");
    int found = 0;

    while (found < FILTER_OPERATOR_COUNT &&
           (strlen(operator_texts[found]) != length || strncmp(operator_texts[found], scan->at, length) != 0))
        found++;
    if (found == FILTER_OPERATOR_COUNT)
        return ms_fail(err, MS_BAD_USAGE, "%s: there is no operator %.*s; it must be " OPERATORS,
                       where(scan, scan->at), (int)length, scan->at);
    *op = (enum filter_operator)found;
    if (column_is_text(column) && *op != FILTER_EQ && *op != FILTER_NE)
        return ms_fail(err, MS_BAD_USAGE,
                       "%s: %s is compared with a word; the operator must be = or !=", where(scan, scan->at),
                       column->name);
    scan->at += length;
    skip_spaces(scan);
    return MS_OK;
}

/* ---- values ---------------------------------------------------------------------------------------------- */

/* Reads a word, or a text in quotes, into an allocated text, which the caller frees. */
static enum ms_code read_text(struct scan *scan, char **text, struct ms_error *err)
{
    const bool is_quoted = *scan->at == '"';
    const char *begin = scan->at + is_quoted;
    const size_t length = strcspn(begin, is_quoted ? "\"" : " \t\n");

    if (is_quoted && begin[length] == '\0')
        return ms_fail(err, MS_BAD_USAGE, "%s: the quote is not closed", where(scan, scan->at));
    if (length == 0)
        return ms_fail(err, MS_BAD_USAGE, "%s: a value is missing", where(scan, scan->at));
    *text = strndup(begin, length);
    if (!*text)
        return ms_fail_memory(err, NULL, "for a condition");
    scan->at = begin + length + is_quoted;
    return MS_OK;
}

/* Checks a word of a column that has only certain words. */
static enum ms_code check_word(const char *place, const struct column *column, const char *text,
                               struct ms_error *err)
{
    enum { MOST_WORDS = 8 };
    const char *words[MOST_WORDS];
    char name[96];
    int n = 0, unused;

    while (n < MOST_WORDS && (words[n] = column_word(column, n)) != NULL)
        n++;
    if (n == 0)
        return MS_OK;
    (void)snprintf(name, sizeof name, "%s: %s", place, column->name);
    return usage_choice(name, text, words, n, &unused, err) == 0 ? MS_OK : err->code;
}

/* Reads "inf", "-inf" or, if it may be compared, "nan". */
static bool read_special(const char *text, enum filter_operator op, double *real)
{
    const double sign = text[0] == '-' ? -1 : 1;

    if (strcmp(text, "nan") == 0 && (op == FILTER_EQ || op == FILTER_NE)) {
        *real = NAN;
        return true;
    }
    *real = sign * INFINITY;
    return strcmp(text + (text[0] == '-'), "inf") == 0;
}

/* Sets condition->value to the number that text contains. */
static enum ms_code read_number(const char *place, const char *text, struct filter_condition *condition,
                                struct ms_error *err)
{
    struct value *value = &condition->value;
    char name[96];
    error_t failed;

    (void)snprintf(name, sizeof name, "%s: %s", place, condition->column->name);
    if (condition->column->source == FROM_DOUBLE) {
        value->kind = VALUE_REAL;
        failed = read_special(text, condition->op, &value->real)
                     ? 0
                     : usage_real(name, text, -INFINITY, INFINITY, &value->real, err);
    } else {
        value->kind = VALUE_INTEGER;
        failed = usage_integer(name, text, INT64_MIN, INT64_MAX, &value->integer, err);
    }
    return failed ? err->code : MS_OK;
}

/* Refuses a number with which another condition begins. */
static enum ms_code check_separated(struct scan *scan, const struct column *column, struct ms_error *err)
{
    const size_t length = strcspn(scan->at, " \t\n");

    if (column_is_text(column) || strcspn(scan->at, "=!<>") >= length)
        return MS_OK;
    return ms_fail(err, MS_BAD_USAGE, "%s: %s is %.*s; conditions must be separated by spaces",
                   where(scan, scan->at), column->name, (int)length, scan->at);
}

static enum ms_code read_value(struct scan *scan, struct filter_condition *condition, struct ms_error *err)
{
    const char *begin = scan->at;
    char *text = NULL;
    enum ms_code code = check_separated(scan, condition->column, err);

    if (code == MS_OK)
        code = read_text(scan, &text, err);
    if (code == MS_OK && column_is_text(condition->column)) {
        code = check_word(where(scan, begin), condition->column, text, err);
        if (code == MS_OK) {
            condition->value = (struct value){.kind = VALUE_TEXT, .text = text};
            return MS_OK;
        }
    } else if (code == MS_OK) {
        code = read_number(where(scan, begin), text, condition, err);
    }
    free(text);
    return code;
}

enum ms_code filter_add(struct filter *filter, const char *text, struct ms_error *err)
{
    struct scan scan = {.text = text, .at = text};
    enum ms_code code = MS_OK;

    skip_spaces(&scan);
    if (*scan.at == '\0')
        return ms_fail(err, MS_BAD_USAGE,
                       "--where is empty; it must be a condition, such as dev_accuracy>94");
    while (code == MS_OK && *scan.at != '\0') {
        struct filter_condition condition = {0};

        if (filter->n == FILTER_MAX_CONDITIONS)
            return ms_fail(err, MS_BAD_USAGE, "%s: there may be at most %d conditions", where(&scan, scan.at),
                           FILTER_MAX_CONDITIONS);
        code = read_column(&scan, &condition.column, err);
        if (code == MS_OK)
            code = read_operator(&scan, condition.column, &condition.op, err);
        if (code == MS_OK)
            code = read_value(&scan, &condition, err);
        if (code == MS_OK)
            filter->conditions[filter->n++] = condition;
        skip_spaces(&scan);
    }
    return code;
}

void filter_free(struct filter *filter)
{
    for (int i = 0; i < filter->n; i++)
        free((char *)filter->conditions[i].value.text);
    filter->n = 0;
}

/* ---- entries --------------------------------------------------------------------------------------------- */

static bool meets(const struct filter_condition *condition, struct value cell)
{
    const bool is_real = cell.kind == VALUE_REAL, is_nan = is_real && isnan(cell.real),
               wants_nan = is_real && isnan(condition->value.real);
    int order;

    if (cell.kind == VALUE_EMPTY)
        return false;
    if (is_nan || wants_nan)
        return condition->op == (is_nan && wants_nan ? FILTER_EQ : FILTER_NE);
    order = column_compare(cell, condition->value);
    switch (condition->op) {
    case FILTER_EQ:
        return order == 0;
    case FILTER_NE:
        return order != 0;
    case FILTER_LT:
        return order < 0;
    case FILTER_LE:
        return order <= 0;
    case FILTER_GT:
        return order > 0;
    case FILTER_GE:
        return order >= 0;
    case FILTER_OPERATOR_COUNT:
        break;
    }
    return false;
}

bool filter_passes(const struct filter *filter, const struct entry *entry)
{
    for (int i = 0; i < filter->n; i++)
        if (!meets(&filter->conditions[i], column_value(filter->conditions[i].column, entry)))
            return false;
    return true;
}
