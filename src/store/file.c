#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attributes.h"
#include "hdf5_call.h"
#include "heap.h"
#include "shared.h"
#include "variable.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error \
    "rows are handled as the little-endian bytes of the file; a big-endian machine must swap them in file.c"
#endif

/* A rectangle of a variable, in elements. */
struct box {
    int rank;
    hsize_t start[MS_MAX_RANK], count[MS_MAX_RANK];
};

hid_t ms_file_type(const struct ms_shape *shape, enum ms_variable variable)
{
    switch (ms_schema[variable].type) {
    case MS_TYPE_U8:
        return H5T_STD_U8LE;
    case MS_TYPE_I32:
        return H5T_STD_I32LE;
    case MS_TYPE_I64:
        return H5T_STD_I64LE;
    case MS_TYPE_U64:
        return H5T_STD_U64LE;
    case MS_TYPE_F64:
        return H5T_IEEE_F64LE;
    case MS_TYPE_REAL:
        return shape->precision == MS_FLOAT32 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
    case MS_TYPE_CHAR:
        return H5T_C_S1;
    case MS_TYPE_STRING:
    case MS_TYPE_COUNT:
        break;
    }
    return H5I_INVALID_HID;
}

void ms_file_clear(struct ms_file *file)
{
    *file = (struct ms_file){.file = H5I_INVALID_HID, .descriptor = -1, .shared = MPI_FILE_NULL};
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        file->dataset[v] = H5I_INVALID_HID;
        file->space[v] = H5I_INVALID_HID;
    }
}

enum ms_code ms_file_close(struct ms_file *file, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    ms_shared_close(&file->shared);
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        ms_hdf5_close(file->space[v], H5Sclose);
        ms_hdf5_close(file->dataset[v], H5Dclose);
    }
    if (file->file >= 0 && H5Fclose(file->file) < 0)
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: closing the file failed", file->path);
    if (file->descriptor >= 0)
        (void)close(file->descriptor);
    free(file->path);
    ms_file_clear(file);
    return code;
}

/* ---- opening ---------------------------------------------------------------------------------------- */

/* HDF5's own words for these are long; the operating system's are not. A pipe is not waited for. */
static enum ms_code open_descriptor(struct ms_file *file, struct ms_error *err)
{
    struct stat status;

    if (stat(file->path, &status) == 0 && !S_ISREG(status.st_mode))
        return ms_fail(err, MS_NO_INPUT, "%s is not a regular file", file->path);
    file->descriptor = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file->descriptor < 0 || fstat(file->descriptor, &status) != 0) {
        return ms_fail(err, ms_code_of_errno(errno, MS_NO_INPUT), "%s: %s", file->path, strerror(errno));
    }
    file->bytes = (uint64_t)status.st_size;
    return MS_OK;
}

/* The value of 16 hex digits; false if hash is NULL or something else. */
static bool parse_hash(const char *hash, uint64_t *value)
{
    if (hash == NULL || strlen(hash) != 16 || strspn(hash, "0123456789abcdef") != 16)
        return false;
    *value = strtoull(hash, NULL, 16);
    return true;
}

/* The root attributes that say what kind of file this is. */
static enum ms_code read_identity(struct ms_file *file, struct ms_error *err)
{
    char *precision = NULL, *hash = NULL;
    int32_t version;
    enum ms_code code;

    if (!ms_attribute_read_i32(file->file, "format_version", &version) ||
        !ms_attribute_read_i32(file->file, "numerics", &file->numerics))
        return ms_fail(err, MS_BAD_INPUT,
                       "%s is an HDF5 file, but no moonsweep result: it has no format_version", file->path);
    if (version != MS_FORMAT_VERSION)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s has format version %" PRId32 "; this program reads and writes version %d",
                       file->path, version, MS_FORMAT_VERSION);
    code = ms_attribute_read_text(file->path, file->file, "precision", &precision, err);
    if (code == MS_OK)
        code = ms_attribute_read_text(file->path, file->file, "job_hash", &hash, err);
    if (code == MS_OK && (precision == NULL || !ms_precision_find(precision, &file->shape.precision)))
        code = ms_fail(err, MS_BAD_INPUT, "%s: the attribute precision must be float64 or float32",
                       file->path);
    else if (code == MS_OK && !parse_hash(hash, &file->job_hash))
        code = ms_fail(err, MS_BAD_INPUT, "%s: the attribute job_hash must be 16 hex digits", file->path);
    free(precision);
    free(hash);
    return code;
}

/* Heaps and variables are where their addresses say: no user block in front, addresses and lengths of 8 bytes. */
static enum ms_code check_addresses(const struct ms_file *file, struct ms_error *err)
{
    hid_t creation = H5Fget_create_plist(file->file);
    size_t address_bytes = 0, length_bytes = 0;
    hsize_t user_block = 0;
    bool is_right = creation >= 0 && H5Pget_sizes(creation, &address_bytes, &length_bytes) >= 0 &&
                    H5Pget_userblock(creation, &user_block) >= 0 && address_bytes == 8 && length_bytes == 8 &&
                    user_block == 0;

    ms_hdf5_close(creation, H5Pclose);
    return is_right ? MS_OK
                    : ms_fail(err, MS_BAD_INPUT,
                              "%s has a user block, or addresses of another size than format version %d says",
                              file->path, MS_FORMAT_VERSION);
}

static enum ms_code open_hdf5(struct ms_file *file, hid_t access, unsigned flags, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    file->file = H5Fopen(file->path, flags, access);
    if (file->file < 0)
        code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s cannot be opened as an HDF5 file", file->path);
    if (code == MS_OK)
        code = check_addresses(file, err);
    if (code == MS_OK)
        code = read_identity(file, err);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++)
        code = ms_variable_open(file, (enum ms_variable)v, err);
    return code == MS_OK ? ms_variable_check_places(file, err) : code;
}

enum ms_code ms_file_open(const char *path, hid_t access, unsigned flags, struct ms_file *file,
                          struct ms_error *err)
{
    enum ms_code code;

    ms_hdf5_quiet();
    ms_file_clear(file);
    file->path = strdup(path);
    if (file->path == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to open it", path);
    code = open_descriptor(file, err);
    if (code != MS_OK)
        return code;
    errno = 0;
    return ms_hdf5_unread(path, open_hdf5(file, access, flags, err), err);
}

enum ms_code ms_file_share(struct ms_file *file, struct ms_error *err)
{
    struct ms_shared_reason reason;

    if (!ms_shared_open(file->path, &file->shared, &reason))
        return ms_fail(err, reason.code, "%s cannot be opened through MPI-IO: %s", file->path, reason.text);
    return MS_OK;
}

/* ---- rows ------------------------------------------------------------------------------------------- */

static hsize_t box_elements(const struct box *box)
{
    hsize_t elements = 1;

    for (int d = 0; d < box->rank; d++)
        elements *= box->count[d];
    return elements;
}

/* One HDF5 call; exactly one of in and out is given. */
static bool transfer(const struct ms_file *file, enum ms_variable variable, const struct box *box, void *in,
                     const void *out)
{
    hsize_t elements = box_elements(box);
    hid_t dataset = file->dataset[variable], space = file->space[variable];
    hid_t type = ms_file_type(&file->shape, variable);
    hid_t memory = H5Screate_simple(1, &elements, NULL);
    bool ok = memory >= 0;

    if (ok && box->rank > 0)
        ok = H5Sselect_hyperslab(space, H5S_SELECT_SET, box->start, NULL, box->count, NULL) >= 0;
    if (ok)
        ok = in != NULL ? H5Dread(dataset, type, memory, space, H5P_DEFAULT, in) >= 0
                        : H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, out) >= 0;
    ms_hdf5_close(memory, H5Sclose);
    return ok;
}

/* Transfers a box that is one contiguous run, halving it along its first dimension that can be until the
 * pieces are small enough: they stay contiguous so, and the first ones are whole rows. */
static bool transfer_in_pieces(const struct ms_file *file, enum ms_variable variable, const struct box *box,
                               char *in, const char *out)
{
    size_t element_bytes = ms_schema_element_bytes(&file->shape, variable);
    struct box half[2] = {*box, *box};
    int d = 0;
    size_t bytes;

    if (box_elements(box) * element_bytes <= MS_FILE_PIECE_BYTES)
        return transfer(file, variable, box, in, out);
    while (d < box->rank - 1 && box->count[d] == 1)
        d++;
    half[0].count[d] = box->count[d] / 2;
    half[1].start[d] += half[0].count[d];
    half[1].count[d] -= half[0].count[d];
    bytes = box_elements(&half[0]) * element_bytes;
    return transfer_in_pieces(file, variable, &half[0], in, out) &&
           transfer_in_pieces(file, variable, &half[1], in == NULL ? NULL : in + bytes,
                              out == NULL ? NULL : out + bytes);
}

/* The box of whole rows. */
static struct box box_of(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows)
{
    struct box box = {.rank = ms_schema_rank(variable)};

    for (int d = 1; d < box.rank; d++)
        box.count[d] = (hsize_t)file->shape.size[ms_schema[variable].dimensions[d]];
    box.start[0] = (hsize_t)first;
    box.count[0] = (hsize_t)rows;
    return box;
}

/* code, reason: what is known; without a reason HDF5 knows it. */
static enum ms_code rows_failed(const struct ms_file *file, enum ms_variable variable, int64_t first,
                                const char *doing, enum ms_code code, const char *reason,
                                struct ms_error *err)
{
    char path[64];

    ms_schema_path(ms_schema[variable].group, ms_schema[variable].name, sizeof path, path);
    if (reason == NULL)
        return ms_hdf5_fail(err, code, "%s: %s %s from row %" PRId64 " on failed", file->path, doing, path,
                            first);
    return ms_fail(err, code, "%s: %s %s from row %" PRId64 " on failed: %s", file->path, doing, path, first,
                   reason);
}

/* Where a row of a variable is in the file. */
static uint64_t place_of(const struct ms_file *file, enum ms_variable variable, int64_t row)
{
    return (uint64_t)H5Dget_offset(file->dataset[variable]) +
           (uint64_t)row * ms_schema_row_bytes(&file->shape, variable);
}

/* Whole rows, in or out: exactly one of the two is given. */
static enum ms_code move_rows(const struct ms_file *file, enum ms_variable variable, int64_t first,
                              int64_t rows, void *in, const void *out, struct ms_error *err)
{
    const char *doing = in != NULL ? "reading" : "writing";
    struct ms_shared_reason reason;
    struct box box;

    if (file->shared != MPI_FILE_NULL) {
        uint64_t offset = place_of(file, variable, first);
        size_t bytes = (size_t)rows * ms_schema_row_bytes(&file->shape, variable);

        if (in != NULL ? ms_shared_read(file->shared, offset, bytes, in, &reason)
                       : ms_shared_write(file->shared, offset, bytes, out, &reason))
            return MS_OK;
        return rows_failed(file, variable, first, doing, reason.code, reason.text, err);
    }
    box = box_of(file, variable, first, rows);
    if (rows > 0 && !transfer_in_pieces(file, variable, &box, in, out))
        return rows_failed(file, variable, first, doing, MS_IO_ERROR, NULL, err);
    return MS_OK;
}

enum ms_code ms_file_read(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                          void *values, struct ms_error *err)
{
    return move_rows(file, variable, first, rows, values, NULL, err);
}

enum ms_code ms_file_write(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                           const void *values, struct ms_error *err)
{
    return move_rows(file, variable, first, rows, NULL, values, err);
}

enum ms_code ms_file_read_texts(const struct ms_file *file, enum ms_variable variable, int64_t first,
                                int64_t rows, size_t size, char *texts, struct ms_error *err)
{
    uint64_t offset = (uint64_t)H5Dget_offset(file->dataset[variable]) + (uint64_t)first * MS_HEAP_REFERENCE;

    if (!ms_heap_texts(file->descriptor, file->bytes, offset, (size_t)rows, size, texts))
        return rows_failed(file, variable, first, "reading", ms_code_of_errno(errno, MS_IO_ERROR),
                           strerror(errno), err);
    return MS_OK;
}
