/* Runs in the separate process: checks all variables of a rewritten file, and then copies one after another.
 *
 * A rewritten file may be small and claim values of any size: nothing is written before all variables are checked, and
 * the file system has reserved the space of all of them. Chunks that were never written are refused, so that HDF5 makes
 * no value up. Rows are read in whole chunks, each of which is decompressed once.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "rewritten_copy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "hdf5_call.h"
#include "inspect.h"
#include "report.h"
#include "reserve.h"
#include "separate_process.h"
#include "storage.h"

enum { BLOCK_BYTES = 4 << 20 /* of values that are read at once, unless the chunks of one row have more */ };

/* The state of ms_rewritten_copy. */
struct pass {
    const struct ms_rewritten_copy *to;
    uint64_t bytes;                          /* of all variables so far */
    int64_t rows_a_chunk[MS_VARIABLE_COUNT]; /* 1 if the variable is not chunked */
    double chunk_bytes[MS_VARIABLE_COUNT];   /* of one chunk; 0 if the variable is not chunked */
};

/* ---- checking ------------------------------------------------------------------------------------------- */

/* Sets the place of the variable in the copy, after those that were checked before. */
static enum ms_code place(struct pass *pass, const struct ms_structure_variable *one, struct ms_error *err)
{
    const struct ms_shape *shape = &one->file->shape;
    uint64_t bytes;

    if (__builtin_mul_overflow((uint64_t)ms_schema_rows(shape, one->variable),
                               (uint64_t)ms_schema_row_elements(shape, one->variable), &bytes) ||
        bytes > INT64_MAX / 16 || pass->bytes > INT64_MAX / 2)
        return ms_fail(err, MS_BAD_INPUT, "%s: the variable %s claims more values than a file can have",
                       one->file->path, one->path);
    bytes *= ms_schema_element_bytes(shape, one->variable);
    one->file->offset[one->variable] = pass->bytes;
    pass->bytes += (bytes + MS_FILE_ALIGNMENT - 1) / MS_FILE_ALIGNMENT * MS_FILE_ALIGNMENT;
    return MS_OK;
}

/* Checks that the file has all chunks, and that this HDF5 has the filters that they need. */
static enum ms_code check_chunks(struct pass *pass, const struct ms_structure_variable *one, hid_t creation,
                                 struct ms_error *err)
{
    const char *path = one->file->path;
    const int rank = ms_schema_rank(one->variable);
    hsize_t chunk[H5S_MAX_RANK] = {0}, found, expected;
    char name[64] = "";
    const int missing = ms_storage_missing_filter(one->dataset, sizeof name, name);

    if (missing >= 0)
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s: the variable %s is compressed with filter %d (%s), which this HDF5 does not have; "
            "compress the file with gzip or not at all",
            path, one->path, missing, name[0] != '\0' ? name : "without a name");
    if (H5Pget_chunk(creation, H5S_MAX_RANK, chunk) != rank || rank == 0 || chunk[0] == 0 ||
        !ms_storage_chunks(one->dataset, rank, chunk, &found, &expected))
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the chunks of the variable %s cannot be read", path,
                            one->path);
    if (found < expected)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: the variable %s is incomplete: the file has %" PRIu64 " of its %" PRIu64
                       " chunks",
                       path, one->path, (uint64_t)found, (uint64_t)expected);
    pass->chunk_bytes[one->variable] = (double)ms_schema_element_bytes(&one->file->shape, one->variable);
    for (int i = 0; i < rank; i++)
        pass->chunk_bytes[one->variable] *= (double)chunk[i];
    pass->rows_a_chunk[one->variable] = chunk[0] < INT64_MAX ? (int64_t)chunk[0] : INT64_MAX;
    return MS_OK;
}

/* A check of struct ms_structure_layouts. */
static enum ms_code check(void *context, const struct ms_structure_variable *one, struct ms_error *err)
{
    struct pass *pass = context;
    const char *path = one->file->path;
    const hid_t creation = H5Dget_create_plist(one->dataset);
    const H5D_layout_t layout = creation < 0 ? H5D_LAYOUT_ERROR : H5Pget_layout(creation);
    enum ms_code code = place(pass, one, err);

    pass->rows_a_chunk[one->variable] = 1;
    if (code != MS_OK)
        ;
    else if (layout == H5D_LAYOUT_ERROR)
        code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the layout of the variable %s cannot be read", path,
                            one->path);
    else if (layout == H5D_VIRTUAL || H5Pget_external_count(creation) != 0)
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: the values of the variable %s are in another file; copy them into this one", path,
                       one->path);
    else if (layout == H5D_CHUNKED)
        code = check_chunks(pass, one, creation, err);
    else if (H5Dget_storage_size(one->dataset) == 0)
        code = ms_fail(err, MS_BAD_INPUT, "%s: the values of the variable %s are missing", path, one->path);
    ms_hdf5_close(creation, H5Pclose);
    return code;
}

/* ---- copying -------------------------------------------------------------------------------------------- */

/* A variable that is being copied. */
struct copying {
    const struct pass *pass;
    const struct ms_file *file;
    enum ms_variable variable;
    char path[64];
    hid_t dataset, type, space;
    int64_t at_once;        /* rows that are read at once */
    size_t bytes, together; /* of these rows, and those that HDF5 needs to read them */
    unsigned char *values;  /* [at_once][row bytes] owned */
};

static enum ms_code reserve(const struct pass *pass, const char *path, struct ms_error *err)
{
    const struct ms_rewritten_copy *to = pass->to;
    struct ms_error reason;
    bool is_reserved;
    enum ms_code code = ms_reserve_check(to->beside, (int64_t)pass->bytes, &reason);

    if (code == MS_OK && ftruncate(to->copy, (off_t)pass->bytes) != 0)
        code = ms_fail(&reason, ms_code_of_errno(errno, MS_CANNOT_CREATE), "%s: %s", to->beside,
                       strerror(errno));
    if (code == MS_OK)
        code = ms_reserve_file(to->beside, to->copy, &is_reserved, &reason);
    if (code == MS_OK)
        return MS_OK;
    return ms_fail(err, code,
                   "%s: its variables are not contiguous, and there is no room for a temporary copy of them "
                   "beside the new file: %.600s",
                   path, reason.text);
}

/* Chooses how many rows are read at once, and allocates room for them. */
static enum ms_code make_room(struct copying *copying, struct ms_error *err)
{
    const struct ms_file *file = copying->file;
    const int64_t rows = ms_schema_rows(&file->shape, copying->variable);
    const size_t row_bytes = ms_schema_row_bytes(&file->shape, copying->variable);
    const int64_t together = copying->pass->rows_a_chunk[copying->variable];
    const int64_t most = (int64_t)(BLOCK_BYTES / row_bytes);
    const double chunk_bytes = copying->pass->chunk_bytes[copying->variable];
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);

    copying->at_once = most > together ? most / together * together : together;
    if (copying->at_once > rows)
        copying->at_once = rows;
    copying->bytes = (size_t)copying->at_once * row_bytes;
    if ((double)copying->bytes + chunk_bytes > memory)
        return ms_fail(err, MS_NO_MEMORY,
                       "%s: the chunks of the variable %s have more values than this machine has memory for; "
                       "write it with smaller chunks",
                       file->path, copying->path);
    copying->together = copying->bytes +
                        3 * (size_t)chunk_bytes; /* in the file, and while filters are undone */
    if (ms_separate_process_allow(2 * copying->together))
        copying->values = malloc(copying->bytes);
    return copying->values == NULL ? ms_fail_memory(err, file->path, "to copy it") : MS_OK;
}

/* Copies rows first .. first + rows - 1. */
static enum ms_code copy_rows(const struct copying *copying, int64_t first, int64_t rows,
                              struct ms_error *err)
{
    const struct ms_file *file = copying->file;
    const struct ms_rewritten_copy *to = copying->pass->to;
    const size_t bytes = (size_t)rows * ms_schema_row_bytes(&file->shape, copying->variable);
    const int rank = ms_schema_rank(copying->variable);
    hsize_t start[H5S_MAX_RANK] = {(hsize_t)first}, count[H5S_MAX_RANK];
    hid_t here = H5I_INVALID_HID;
    bool is_read = H5Sget_simple_extent_dims(copying->space, count, NULL) == rank;
    int cause;

    count[0] = (hsize_t)rows;
    if (is_read && rank > 0) {
        here = H5Screate_simple(rank, count, NULL);
        is_read = here >= 0 &&
                  H5Sselect_hyperslab(copying->space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0;
    }
    is_read = is_read && H5Dread(copying->dataset, copying->type, rank > 0 ? here : H5S_ALL,
                                 rank > 0 ? copying->space : H5S_ALL, H5P_DEFAULT, copying->values) >= 0;
    ms_hdf5_close(here, H5Sclose);
    if (!is_read)
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: reading the variable %s failed", file->path,
                            copying->path);
    cause = ms_bytes_write(to->copy, ms_file_place(file, copying->variable, first), bytes, copying->values);
    return cause == 0 ? MS_OK
                      : ms_fail(err, ms_code_of_errno(cause, MS_IO_ERROR),
                                "%s: writing a temporary copy beside %s failed: %s", file->path, to->beside,
                                ms_bytes_reason(cause));
}

static enum ms_code copy_variable(const struct pass *pass, hid_t hdf5, const struct ms_file *file,
                                  enum ms_variable variable, struct ms_error *err)
{
    struct copying copying = {.pass = pass, .file = file, .variable = variable};
    const int64_t rows = ms_schema_rows(&file->shape, variable);
    enum ms_code code;

    ms_schema_path(ms_schema[variable].group, ms_schema[variable].name, sizeof copying.path, copying.path);
    copying.dataset = H5Dopen2(hdf5, copying.path, H5P_DEFAULT);
    copying.type = copying.dataset < 0 ? H5I_INVALID_HID : H5Dget_type(copying.dataset);
    copying.space = copying.dataset < 0 ? H5I_INVALID_HID : H5Dget_space(copying.dataset);
    if (copying.type < 0 || copying.space < 0)
        code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the variable %s cannot be opened", file->path,
                            copying.path);
    else
        code = make_room(&copying, err);
    for (int64_t first = 0; code == MS_OK && first < rows; first += copying.at_once) {
        const int64_t left = rows - first;

        if (!ms_separate_process_allow(copying.together))
            code = ms_fail_memory(err, file->path, "to copy it");
        else
            code = copy_rows(&copying, first, left < copying.at_once ? left : copying.at_once, err);
    }
    free(copying.values);
    ms_hdf5_close(copying.space, H5Sclose);
    ms_hdf5_close(copying.type, H5Tclose);
    ms_hdf5_close(copying.dataset, H5Dclose);
    return code;
}

/* A read of struct ms_structure_layouts. */
static enum ms_code copy_all(void *context, hid_t hdf5, struct ms_file *file, struct ms_error *err)
{
    struct pass *pass = context;
    enum ms_code code = MS_OK;

    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++) {
        const struct ms_structure_variable one = {.file = file, .variable = (enum ms_variable)v};

        if (!ms_structure_has_group(hdf5, one.variable))
            code = place(pass, &one, err);
    }
    if (code == MS_OK)
        code = reserve(pass, file->path, err);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++)
        if (ms_structure_has_group(hdf5, (enum ms_variable)v))
            code = copy_variable(pass, hdf5, file, (enum ms_variable)v, err);
    return code;
}

bool ms_rewritten_copy(const void *context, int pipe)
{
    static struct ms_reader reader;
    struct pass pass = {.to = context};
    const struct ms_structure_layouts layouts = {.check = check, .read = copy_all, .context = &pass};
    struct ms_error err;

    if (ms_inspect(pass.to->path, pass.to->descriptor, &layouts, &reader, &err) != MS_OK)
        return ms_report_send_growing_error(pipe, &err);
    reader.file.bytes = pass.bytes;
    return ms_report_send(pipe, &reader);
}
