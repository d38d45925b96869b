/* Runs in the separate process: opens the samples and the labels, checks that they belong together, and sends
 * them in parts of up to 1 MiB, or of one row. Before each part the limits of the process are set to what
 * that part needs in addition, so that a corrupt file cannot use up the memory or compute for ever.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "array_send.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array_labels.h"
#include "array_names.h"
#include "array_open.h"
#include "hdf5_call.h"
#include "moonsweep/float_environment.h"
#include "separate_process.h"

/* Bytes of samples in a part: so many that calls cost nothing, so few that a stop is noticed between them. */
enum { PART_BYTES = 1 << 20 };

/* The arrays of a file, in the separate process. */
struct source {
    const struct ms_array_request *request;
    int pipe;
    bool is_sent; /* everything so far */
    struct ms_array X, y;
    bool has_labels;
    struct ms_labels labels;
};

static void send_part(struct source *source, const void *bytes, size_t count)
{
    source->is_sent = source->is_sent && ms_report_send_part(source->pipe, bytes, count);
}

static enum ms_code check_together(const struct source *source, struct ms_error *err)
{
    const struct ms_array *X = &source->X, *y = &source->y;

    if (X->class == H5T_STRING)
        return ms_fail(err, MS_BAD_INPUT, "%s: '%s' contains texts; it must contain numbers", X->path,
                       X->name);
    if (X->rank != 2)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: '%s' has one dimension (%" PRId64
                       "); it must have two, the samples and their features",
                       X->path, X->name, X->rows);
    if (!source->has_labels)
        return MS_OK;
    if (y->columns != 1)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: '%s' has %" PRId64 " columns; it must have one label for each sample", y->path,
                       y->name, y->columns);
    if (y->rows != X->rows)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: '%s' has %" PRId64 " rows, but '%s' has %" PRId64
                       "; there must be one label for each sample",
                       X->path, X->name, X->rows, y->name, y->rows);
    return MS_OK;
}

static enum ms_code open_arrays(struct source *source, hid_t file, struct ms_error *err)
{
    const struct ms_arrays_wanted *wanted = source->request->wanted;
    const char *path = source->request->path;
    enum ms_code code = ms_array_open(path, file, wanted->X, &source->X, err);

    source->labels = wanted->labels;
    source->has_labels = wanted->y != NULL &&
                         (!wanted->y_may_be_missing || ms_array_open_exists(file, wanted->y) != 0);
    if (code == MS_OK && source->has_labels)
        code = ms_array_open(path, file, wanted->y, &source->y, err);
    return code == MS_OK ? check_together(source, err) : code;
}

static enum ms_code send_head(struct source *source, struct ms_error *err)
{
    struct ms_array_head head;
    char *names = NULL;
    enum ms_code code;

    memset(&head, 0, sizeof head);
    head.rows = source->X.rows;
    head.n_x = (int32_t)source->X.columns;
    head.has_labels = source->has_labels;
    code = ms_array_names_read(&source->X, &names, &head.names_bytes, err);
    if (code == MS_OK) {
        send_part(source, &head, sizeof head);
        if (names != NULL)
            send_part(source, names, head.names_bytes);
    }
    free(names);
    return code;
}

/* Sends so many rows, which are read into X and y. */
static enum ms_code send_rows(struct source *source, int64_t first, int64_t rows, double *X, uint8_t *y,
                              struct ms_error *err)
{
    const size_t bytes = (size_t)rows * (size_t)source->X.columns * sizeof *X;
    enum ms_code code;

    if (!ms_separate_process_allow(bytes + source->X.together + source->y.together))
        return ms_fail_memory(err, source->X.path, "to read it");
    code = ms_array_open_read(&source->X, first, rows, H5T_NATIVE_DOUBLE, X, err);
    if (code != MS_OK)
        return code;
    send_part(source, X, bytes);
    if (!source->has_labels)
        return MS_OK;
    code = ms_array_labels_read(&source->y, first, rows, &source->labels, y, err);
    if (code == MS_OK)
        send_part(source, y, (size_t)rows);
    return code;
}

static enum ms_code send_samples(struct source *source, struct ms_error *err)
{
    const size_t row_bytes = (size_t)source->X.columns * sizeof(double);
    const int64_t at_once = row_bytes < PART_BYTES ? (int64_t)(PART_BYTES / row_bytes) : 1;
    const bool is_allowed = ms_separate_process_allow((size_t)at_once * row_bytes);
    double *X = is_allowed ? malloc((size_t)at_once * row_bytes) : NULL;
    uint8_t *y = malloc((size_t)at_once);
    enum ms_code code = X != NULL && y != NULL ? MS_OK
                                               : ms_fail_memory(err, source->X.path, "to read its samples");

    for (int64_t row = 0; code == MS_OK && source->is_sent && row < source->X.rows; row += at_once) {
        const int64_t left = source->X.rows - row;

        code = send_rows(source, row, left < at_once ? left : at_once, X, y, err);
    }
    free(y);
    free(X);
    return code;
}

static enum ms_code send_all(struct source *source, struct ms_error *err)
{
    const char *path = source->request->path;
    const hid_t access = ms_hdf5_access();
    const hid_t file = access < 0 ? H5I_INVALID_HID : H5Fopen(path, H5F_ACC_RDONLY, access);
    const struct ms_float_environment found = ms_float_environment_enter();
    enum ms_code code;

    if (file < 0)
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: HDF5 cannot open it", path);
    code = open_arrays(source, file, err);
    if (code == MS_OK)
        code = send_head(source, err);
    if (code == MS_OK)
        code = send_samples(source, err);
    if (code == MS_OK && source->has_labels)
        send_part(source, &source->labels, sizeof source->labels);
    ms_float_environment_leave(&found);
    return code;
}

bool ms_array_send(const void *context, int pipe)
{
    static struct source source;
    struct ms_error err;

    source = (struct source){.request = context, .pipe = pipe, .is_sent = true};
    ms_hdf5_quiet();
    if (send_all(&source, &err) != MS_OK)
        return ms_report_send_growing_error(pipe, &err);
    return source.is_sent && ms_report_send_done(pipe);
}
