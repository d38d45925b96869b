#include "csv_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv_separator.h"
#include "number.h"
#include "quote.h"

/* More columns than any table of samples has; this detects files of another kind. */
enum { MAX_COLUMNS = 100000 };

static const char label_name[] = "label";

/* The columns that `moonsweep data` and `moonsweep predict` write in addition to features and labels. */
static const char *const skipped_names[] = {"set", "probability", "prediction"};
enum { SKIPPED = sizeof skipped_names / sizeof skipped_names[0] };

/* ---- reading the names --------------------------------------------------------------------------------- */

/* Returns a copy of the field at the cursor; if it is quoted, each "" is replaced by one quote. */
static char *copy_field(const struct ms_csv_cursor *cursor, size_t *length)
{
    char *name = malloc(cursor->length + 1);
    size_t used = 0;

    if (name == NULL)
        return NULL;
    for (size_t i = 0; i < cursor->length; i++) {
        name[used++] = cursor->field[i];
        i += cursor->is_quoted && cursor->field[i] == '"';
    }
    name[used] = '\0';
    *length = used;
    return name;
}

/* Makes space for one more column, twice as much as before each time it is used up. */
static bool grow(struct ms_csv_header *header)
{
    int64_t capacity = header->capacity > 0 ? 2 * header->capacity : 16;
    struct ms_csv_column *columns;

    if (header->n_columns < header->capacity)
        return true;
    columns = realloc(header->columns, (size_t)capacity * sizeof *columns);
    if (columns == NULL)
        return false;
    header->columns = columns;
    header->capacity = capacity;
    return true;
}

static enum ms_code add_column(struct ms_csv_header *header, const struct ms_csv_cursor *cursor,
                               struct ms_error *err)
{
    struct ms_csv_column column = {.role = MS_CSV_UNKNOWN};

    if (header->n_columns == MAX_COLUMNS)
        return ms_fail(err, MS_BAD_INPUT, "%s:%zu: there are more than %d columns", cursor->path,
                       header->line, MAX_COLUMNS);
    if (cursor->length == 0)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s:%zu: column %lld has no name; name it, or remove it if it only numbers the rows",
                       cursor->path, header->line, (long long)cursor->column);
    if (grow(header))
        column.name = copy_field(cursor, &column.length);
    if (column.name == NULL)
        return ms_fail_memory(err, cursor->path, "for its columns");
    header->columns[header->n_columns++] = column;
    return MS_OK;
}

static enum ms_code read_names(struct ms_csv_cursor *cursor, struct ms_csv_header *header,
                               struct ms_error *err)
{
    enum ms_code code = MS_OK;

    do {
        code = ms_csv_next_field(cursor, err);
        if (code == MS_OK)
            code = add_column(header, cursor, err);
    } while (code == MS_OK && cursor->more);
    return code;
}

/* ---- assigning columns to names -------------------------------------------------------------------------- */

struct feature {
    const char *name;
    int32_t index;
};

/* The columns that have been found; -1: not found. */
struct match {
    struct feature *features; /* [n_x] owned: sorted by name */
    int64_t *feature_columns; /* [n_x] owned: in the order of the network */
    int64_t label_column, skipped_columns[SKIPPED];
    int64_t unknown_column; /* the first */
};

static int compare_features(const void *left, const void *right)
{
    return strcmp(((const struct feature *)left)->name, ((const struct feature *)right)->name);
}

static enum ms_code match_begin(const char *path, const struct ms_csv_wanted *wanted, struct match *match,
                                struct ms_error *err)
{
    size_t n_x = (size_t)wanted->n_x;

    *match = (struct match){.label_column = -1, .unknown_column = -1};
    for (int i = 0; i < SKIPPED; i++)
        match->skipped_columns[i] = -1;
    match->features = calloc(n_x, sizeof *match->features);
    match->feature_columns = calloc(n_x, sizeof *match->feature_columns);
    if (match->features == NULL || match->feature_columns == NULL)
        return ms_fail_memory(err, path, "for its columns");
    for (int32_t i = 0; i < wanted->n_x; i++) {
        match->features[i] = (struct feature){wanted->features[i], i};
        match->feature_columns[i] = -1;
    }
    qsort(match->features, n_x, sizeof match->features[0], compare_features);
    return MS_OK;
}

static void match_end(struct match *match)
{
    free(match->features);
    free(match->feature_columns);
}

/* Sets the role of a column and returns the element of match for its number; NULL if its name is unknown. Features
 * come first: the training data may have a feature called `set`. */
static int64_t *find_role(const struct ms_csv_wanted *wanted, struct match *match,
                          struct ms_csv_column *column)
{
    const struct feature key = {.name = column->name}, *found;

    if (strlen(column->name) != column->length) /* a NUL byte, which no known name has */
        return NULL;
    found = bsearch(&key, match->features, (size_t)wanted->n_x, sizeof key, compare_features);
    if (found != NULL) {
        column->role = MS_CSV_FEATURE;
        column->feature = found->index;
        return &match->feature_columns[found->index];
    }
    if (strcmp(column->name, label_name) == 0) {
        column->role = MS_CSV_LABEL;
        return &match->label_column;
    }
    for (int i = 0; i < SKIPPED; i++)
        if (strcmp(column->name, skipped_names[i]) == 0) {
            column->role = MS_CSV_SKIPPED;
            return &match->skipped_columns[i];
        }
    return NULL;
}

/* ---- messages ------------------------------------------------------------------------------------------ */

enum { LIST_BYTES = 256, LIST_ENDING_BYTES = sizeof ", and 9223372036854775807 more" };

/* A list of as many quoted names as fit. */
struct list {
    char text[LIST_BYTES];
    size_t used;
    int64_t left_out;
};

static void list_add(struct list *list, const char *name, size_t length)
{
    char quoted[MS_QUOTE_BYTES];
    const char *comma = list->used > 0 ? ", " : "";

    (void)ms_quote(name, length, quoted);
    if (list->left_out > 0 ||
        list->used + strlen(comma) + strlen(quoted) + LIST_ENDING_BYTES > sizeof list->text) {
        list->left_out++;
        return;
    }
    list->used += (size_t)snprintf(list->text + list->used, sizeof list->text - list->used, "%s%s", comma,
                                   quoted);
}

static const char *list_end(struct list *list)
{
    if (list->left_out > 0)
        (void)snprintf(list->text + list->used, sizeof list->text - list->used, ", and %lld more",
                       (long long)list->left_out);
    return list->text;
}

/* Refuses the header because of fault, a clause, and lists the required names and those found. */
static enum ms_code fail_names(const char *path, const struct ms_csv_wanted *wanted,
                               const struct ms_csv_header *header, const char *fault, struct ms_error *err)
{
    struct list due = {0}, found = {0};

    for (int32_t i = 0; i < wanted->n_x; i++)
        list_add(&due, wanted->features[i], strlen(wanted->features[i]));
    for (int64_t i = 0; i < header->n_columns; i++)
        list_add(&found, header->columns[i].name, header->columns[i].length);
    return ms_fail(err, MS_BAD_INPUT,
                   "%s:%zu: %s; the columns must be %s and, where the labels are known, '%s', in any order; "
                   "this line has %s",
                   path, header->line, fault, list_end(&due), label_name, list_end(&found));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether the name of a column differs from name only in upper and lower case, and in blanks around it. */
static bool is_near(const struct ms_csv_column *column, const char *name)
{
    const char *start = column->name;
    size_t length = column->length;

    while (length > 0 && is_blank(*start)) {
        start++;
        length--;
    }
    while (length > 0 && is_blank(start[length - 1]))
        length--;
    return length == strlen(name) && strncasecmp(start, name, length) == 0;
}

/* Returns the name that was probably meant by an unknown one; NULL if none is similar. */
static const char *find_near(const struct ms_csv_wanted *wanted, const struct match *match,
                             const struct ms_csv_column *column)
{
    for (int32_t i = 0; i < wanted->n_x; i++)
        if (match->feature_columns[i] < 0 && is_near(column, wanted->features[i]))
            return wanted->features[i];
    return match->label_column < 0 && is_near(column, label_name) ? label_name : NULL;
}

static bool are_numbers(const struct ms_csv_header *header)
{
    double value;

    for (int64_t i = 0; i < header->n_columns; i++)
        if (ms_number_real(header->columns[i].name, header->columns[i].length, &value) != NULL)
            return false;
    return true;
}

/* Reports unknown columns, which the user can see in the line, before missing ones. */
static enum ms_code check_match(const char *path, const struct ms_csv_wanted *wanted,
                                const struct ms_csv_header *header, const struct match *match,
                                struct ms_error *err)
{
    const struct ms_csv_column *unknown = match->unknown_column < 0 ? NULL
                                                                    : &header->columns[match->unknown_column];
    const char *near = unknown == NULL ? NULL : find_near(wanted, match, unknown);
    char name[MS_QUOTE_BYTES], right[MS_QUOTE_BYTES], fault[256];
    int32_t missing = 0;

    while (missing < wanted->n_x && match->feature_columns[missing] >= 0)
        missing++;
    if (unknown == NULL && missing == wanted->n_x)
        return MS_OK;
    if (are_numbers(header))
        return fail_names(path, wanted, header, "there are numbers instead of column names", err);
    if (near != NULL)
        (void)snprintf(fault, sizeof fault, "column %lld is named %s but must be named %s",
                       (long long)match->unknown_column + 1, ms_quote(unknown->name, unknown->length, name),
                       ms_quote(near, strlen(near), right));
    else if (missing < wanted->n_x)
        (void)snprintf(fault, sizeof fault, "there is no column %s",
                       ms_quote(wanted->features[missing], strlen(wanted->features[missing]), name));
    else
        (void)snprintf(fault, sizeof fault, "column %lld (%s) is not a feature of the network",
                       (long long)match->unknown_column + 1, ms_quote(unknown->name, unknown->length, name));
    return fail_names(path, wanted, header, fault, err);
}

/* ---- the whole header ---------------------------------------------------------------------------------- */

static enum ms_code assign_roles(const char *path, const struct ms_csv_wanted *wanted,
                                 struct ms_csv_header *header, struct match *match, struct ms_error *err)
{
    for (int64_t i = 0; i < header->n_columns; i++) {
        struct ms_csv_column *column = &header->columns[i];
        int64_t *place = find_role(wanted, match, column);
        char quoted[MS_QUOTE_BYTES];

        if (place == NULL) {
            if (match->unknown_column < 0)
                match->unknown_column = i;
            continue;
        }
        if (*place >= 0)
            return ms_fail(err, MS_BAD_INPUT,
                           "%s:%zu: columns %lld and %lld have the same name, %s; names must be unique", path,
                           header->line, (long long)*place + 1, (long long)i + 1,
                           ms_quote(column->name, column->length, quoted));
        *place = i;
        header->skipped += column->role == MS_CSV_SKIPPED;
        header->has_label = header->has_label || column->role == MS_CSV_LABEL;
    }
    return check_match(path, wanted, header, match, err);
}

static enum ms_code read_and_match(struct ms_csv_cursor *cursor, const struct ms_csv_wanted *wanted,
                                   struct ms_csv_header *header, struct ms_error *err)
{
    struct match match;
    enum ms_code code = read_names(cursor, header, err);

    if (code != MS_OK)
        return code;
    code = match_begin(cursor->path, wanted, &match, err);
    if (code == MS_OK)
        code = assign_roles(cursor->path, wanted, header, &match, err);
    match_end(&match);
    return code;
}

enum ms_code ms_csv_header_read(struct ms_csv_cursor *cursor, const struct ms_csv_wanted *wanted,
                                struct ms_csv_header *header, struct ms_error *err)
{
    const char *start, *other;
    enum ms_code code;

    *header = (struct ms_csv_header){0};
    if (!ms_csv_next_line(cursor))
        return ms_fail(err, MS_BAD_INPUT, "%s: the file is empty; it must begin with a line of column names",
                       cursor->path);
    header->line = cursor->line;
    start = cursor->at;
    code = read_and_match(cursor, wanted, header, err);
    /* If the separator is another character, that is the cause of the error found so far. */
    other = code == MS_BAD_INPUT ? ms_csv_separator_other(start, cursor->end) : NULL;
    if (other == NULL)
        return code;
    return ms_fail(err, code, "%s:%zu: columns must be separated by commas; line %zu has %s", cursor->path,
                   header->line, header->line, other);
}

void ms_csv_header_free(struct ms_csv_header *header)
{
    for (int64_t i = 0; i < header->n_columns; i++)
        free(header->columns[i].name);
    free(header->columns);
    *header = (struct ms_csv_header){0};
}
