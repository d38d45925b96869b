/* The reader of users' HDF5 files: any bytes are either samples with two labels at most, or refused with one sentence.
 * HDF5 runs in another process, which may crash, but neither this one nor its memory notices that. Samples that are read
 * are the same when they are read again.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "moonsweep/hdf5_arrays.h"

enum { PATH_BYTES = 512 };

/* Writes a file with these bytes, and sets path to its name. */
static void make_file(const unsigned char *bytes, size_t count, char path[PATH_BYTES])
{
    const char *folder = getenv("TMPDIR");
    int file;

    (void)snprintf(path, PATH_BYTES, "%s/arrays-XXXXXX", folder != NULL ? folder : "/tmp");
    file = mkstemp(path);
    fuzz_require(file >= 0 && write(file, bytes, count) == (ssize_t)count, "a file can be written");
    (void)close(file);
}

static void require_sound(const struct ms_arrays *arrays)
{
    const struct ms_data *data = &arrays->data;

    fuzz_require(data->rows >= 1 && data->n_x >= 1, "there are samples");
    for (int64_t row = 0; arrays->has_labels && row < data->rows; row++)
        fuzz_require(data->y[row] < arrays->labels.count, "a label is one of those found");
}

static void require_same(const struct ms_arrays *a, const struct ms_arrays *b)
{
    const size_t values = (size_t)a->data.rows * (size_t)a->data.n_x;

    fuzz_require(a->data.rows == b->data.rows && a->data.n_x == b->data.n_x, "the shape is the same again");
    fuzz_require(memcmp(a->data.X, b->data.X, values * sizeof *a->data.X) == 0, "samples are the same again");
    fuzz_require(memcmp(a->data.y, b->data.y, (size_t)a->data.rows) == 0, "labels are the same again");
}

/* Takes the samples over as a job does. */
static enum ms_code learn(const char *path, const struct ms_arrays_wanted *wanted, struct ms_arrays *arrays,
                          struct ms_error *err)
{
    struct ms_csv_samples samples = {.has_header = false};
    enum ms_code code = ms_arrays_learn(path, wanted, MS_FLOAT64, arrays, &samples, err);

    if (code == MS_OK)
        fuzz_require(samples.names.n_x == samples.data.n_x, "every feature has a name");
    ms_csv_samples_free(&samples);
    return code;
}

enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err)
{
    static const struct ms_arrays_wanted wanted = {.X = "X", .y = "y"};
    struct ms_arrays arrays = {.names = NULL}, again = {.names = NULL};
    char path[PATH_BYTES];
    enum ms_code code;

    make_file(bytes, count, path);
    (void)ms_hdf5_arrays.is_one(path);
    code = ms_hdf5_arrays.read(path, &wanted, NULL, &arrays, err);
    if (code == MS_OK) {
        require_sound(&arrays);
        fuzz_require(ms_hdf5_arrays.read(path, &wanted, NULL, &again, err) == MS_OK, "it is read again");
        require_same(&arrays, &again);
        ms_arrays_free(&again);
        code = learn(path, &wanted, &arrays, err);
    }
    if (code != MS_OK)
        fuzz_require_sentence(code, path, err);
    ms_arrays_free(&arrays);
    (void)unlink(path);
    return code;
}
