/* Putting back what the job gave to its result where it was damaged since: retraining would seal rows with
 * damaged tuples otherwise, and a right row does not hold with a wrong one. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "hdf5_call.h"
#include "heap.h"
#include "moonsweep/store.h"
#include "scales.h"
#include "shared.h"
#include "store_state.h"

/* Comparing under way. */
struct comparison {
    struct ms_store *store;
    struct ms_store_restored *restored;
};

/* Adds a name to the list; what does not fit is cut. */
static void add_name(struct ms_store_restored *restored, const char *name)
{
    size_t used = strlen(restored->names);

    (void)snprintf(restored->names + used, sizeof restored->names - used, "%s%s", used > 0 ? ", " : "", name);
}

/* Lists the variable once. */
static void name_variable(struct ms_store_restored *restored, enum ms_variable variable)
{
    if (restored->last == (int)variable && restored->names[0] != '\0')
        return;
    restored->last = (int)variable;
    add_name(restored, ms_schema[variable].name);
}

/* ---- values ----------------------------------------------------------------------------------------- */

/* A text cannot be written in place by HDF5: that would change metadata (rule 2). Its bytes can, where one bit of them,
 * or of the reference to them, is all that is wrong. */
static enum ms_code mend_text(struct comparison *comparison, const struct ms_given *given, int64_t i,
                              struct ms_error *err)
{
    const struct ms_store *store = comparison->store;
    const char *due = ((const char *const *)given->values)[i];
    haddr_t offset = H5Dget_offset(store->file.dataset[given->variable]);
    int64_t row = given->first + i;

    if (ms_heap_mend(store->sync_fd, store->file.bytes, offset + (uint64_t)row * MS_HEAP_REFERENCE, due)) {
        comparison->restored->rows++;
        name_variable(comparison->restored, given->variable);
        return MS_OK;
    }
    if (errno != 0)
        return ms_fail(err, MS_IO_ERROR, "%s: restoring the %s of configuration %" PRId64 " failed: %s",
                       store->file.path, ms_schema[given->variable].name, row, strerror(errno));
    return ms_fail(
        err, MS_BAD_INPUT,
        "%s: the %s of configuration %" PRId64
        " is not %s any more: the file is damaged where it cannot be mended; start over with --force",
        store->file.path, ms_schema[given->variable].name, row, due);
}

static enum ms_code compare_texts(struct comparison *comparison, const struct ms_given *given,
                                  struct ms_error *err)
{
    const struct ms_store *store = comparison->store;
    const char *const *due = given->values;
    char *stored = malloc((size_t)given->rows * MS_ACTIVATION_TEXT);
    enum ms_code code;

    if (stored == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare it with its job", store->file.path);
    code = ms_file_read_texts(&store->file, given->variable, given->first, given->rows, MS_ACTIVATION_TEXT,
                              stored, err);
    for (int64_t i = 0; code == MS_OK && i < given->rows; i++)
        if (strcmp(stored + (size_t)i * MS_ACTIVATION_TEXT, due[i]) != 0)
            code = mend_text(comparison, given, i, err);
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

    return ms_schema[given->variable].type == MS_TYPE_STRING ? compare_texts(comparison, given, err)
                                                             : compare_rows(comparison, given, err);
}

/* ---- scales ----------------------------------------------------------------------------------------- */

/* A scale whose values are put back. */
struct scale_mending {
    const struct ms_file *file;
    haddr_t place; /* of its first value */
    int64_t wrong; /* values that were */
    bool failed;
    struct ms_shared_reason reason;
};

static void put_back(void *context, int64_t position, int64_t stored)
{
    struct scale_mending *mending = context;
    uint64_t place = mending->place + (uint64_t)position * sizeof position;

    (void)stored;
    mending->wrong++;
    if (!mending->failed)
        mending->failed = !ms_shared_write(mending->file->shared, place, sizeof position, &position,
                                           &mending->reason);
}

/* Their values are 0, 1, 2, ... One that is no scale of ours is left to verify. */
static enum ms_code restore_scale(struct comparison *comparison, enum ms_dimension d, struct ms_error *err)
{
    const struct ms_file *file = &comparison->store->file;
    const struct ms_dimension_schema *dimension = &ms_schema_dimensions[d];
    struct scale_mending mending = {.file = file};
    char path[64];
    enum ms_code code = MS_OK;
    hid_t scale;

    errno = 0;
    scale = ms_scales_open(file->file, dimension, file->shape.size[d]);
    if (scale < 0) {
        code = ms_hdf5_unread(file->path, MS_BAD_INPUT, err);
        return code == MS_BAD_INPUT ? MS_OK : code;
    }
    ms_schema_path(dimension->group, dimension->name, sizeof path, path);
    mending.place = H5Dget_offset(scale);
    if (!ms_scales_each_wrong(scale, file->shape.size[d], put_back, &mending))
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: reading %s failed", file->path, path);
    else if (mending.failed)
        code = ms_fail(err, mending.reason.code, "%s: restoring %s failed: %s", file->path, path,
                       mending.reason.text);
    ms_hdf5_close(scale, H5Dclose);
    if (code == MS_OK && mending.wrong > 0) {
        comparison->restored->rows += mending.wrong;
        add_name(comparison->restored, path);
    }
    return code;
}

static enum ms_code restore_scales(struct comparison *comparison, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int d = 0; code == MS_OK && d < MS_DIM_COUNT; d++)
        if (!ms_schema_dimensions[d].bare)
            code = restore_scale(comparison, (enum ms_dimension)d, err);
    return code;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

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
    if (code == MS_OK)
        code = restore_scales(&comparison, err);
    if (code == MS_OK && found.rows > 0)
        code = ms_store_sync(store, err);
    if (code == MS_OK)
        *restored = found;
    return code;
}
