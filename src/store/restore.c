/* Putting back what the job gave to its result where it was damaged since: retraining would seal rows with
 * damaged tuples otherwise, and a right row does not hold with a wrong one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "moonsweep/store.h"
#include "store_state.h"

/* Comparing under way. */
struct comparison {
    struct ms_store *store;
    struct ms_store_restored *restored;
};

/* Lists the variable once. */
static void name_variable(struct ms_store_restored *restored, enum ms_variable variable)
{
    const char *name = ms_schema[variable].name;
    size_t used = strlen(restored->names);

    if (restored->last == (int)variable && used > 0)
        return;
    restored->last = (int)variable;
    (void)snprintf(restored->names + used, sizeof restored->names - used, "%s%s", used > 0 ? ", " : "", name);
}

/* A text cannot be put back in place: that would change metadata (rule 2). */
static enum ms_code compare_texts(const struct ms_store *store, const struct ms_given *given,
                                  struct ms_error *err)
{
    const char *const *expected = given->values;
    char *stored = malloc((size_t)given->rows * MS_ACTIVATION_TEXT);
    enum ms_code code;

    if (stored == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare it with its job", store->file.path);
    code = ms_file_read_texts(&store->file, given->variable, given->first, given->rows, MS_ACTIVATION_TEXT,
                              stored, err);
    for (int64_t i = 0; code == MS_OK && i < given->rows; i++)
        if (strcmp(stored + (size_t)i * MS_ACTIVATION_TEXT, expected[i]) != 0)
            code = ms_fail(
                err, MS_BAD_INPUT,
                "%s: the %s of configuration %" PRId64
                " is not %s any more: the file is damaged where it cannot be mended; start over with "
                "--force",
                store->file.path, ms_schema[given->variable].name, given->first + i, expected[i]);
    free(stored);
    return code;
}

static enum ms_code compare_rows(struct comparison *comparison, const struct ms_given *given,
                                 struct ms_error *err)
{
    struct ms_store *store = comparison->store;
    size_t width = ms_schema_row_bytes(&store->file.shape, given->variable);
    const unsigned char *expected = given->values;
    unsigned char *stored = malloc((size_t)given->rows * width);
    enum ms_code code;

    if (stored == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare it with its job", store->file.path);
    code = ms_file_read(&store->file, given->variable, given->first, given->rows, stored, err);
    for (int64_t i = 0; code == MS_OK && i < given->rows; i++) {
        size_t offset = (size_t)i * width;

        if (memcmp(stored + offset, expected + offset, width) == 0)
            continue;
        code = ms_file_write(&store->file, given->variable, given->first + i, 1, expected + offset, err);
        comparison->restored->rows++;
        name_variable(comparison->restored, given->variable);
    }
    free(stored);
    return code;
}

static enum ms_code compare(void *context, const struct ms_given *given, struct ms_error *err)
{
    struct comparison *comparison = context;

    return ms_schema[given->variable].type == MS_TYPE_STRING ? compare_texts(comparison->store, given, err)
                                                             : compare_rows(comparison, given, err);
}

/* Sizes follow from the job; that they are others means another fault than a flipped bit. */
static enum ms_code check_sizes(const struct ms_store *store, const struct ms_store_spec *spec,
                                struct ms_error *err)
{
    struct ms_shape shape;

    ms_schema_shape(spec, &shape);
    for (int d = 0; d < MS_DIM_COUNT; d++)
        if (d != MS_DIM_SLOT &&
            store->file.shape.size[d] != shape.size[d]) /* slots: by the first run's ranks */
            return ms_fail(
                err, MS_BAD_INPUT,
                "%s: dimension %s is %" PRId64 ", and %" PRId64 " by the job: start over with --force",
                store->file.path, ms_schema_dimensions[d].name, store->file.shape.size[d], shape.size[d]);
    return MS_OK;
}

enum ms_code ms_store_restore(struct ms_store *store, const struct ms_store_spec *spec,
                              struct ms_store_restored *restored, struct ms_error *err)
{
    struct ms_store_restored found = {.rows = 0};
    struct comparison comparison = {.store = store, .restored = &found};
    enum ms_code code = check_sizes(store, spec, err);

    if (code == MS_OK)
        code = ms_given_each(&store->file.shape, spec, compare, &comparison, err);
    if (code == MS_OK && found.rows > 0)
        code = ms_store_sync(store, err);
    if (code == MS_OK)
        *restored = found;
    return code;
}
