#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "hdf5_call.h"
#include "structure.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error \
    "rows are handled as the little-endian bytes of the file; a big-endian machine must swap them in file.c"
#endif

void ms_file_clear(struct ms_file *file)
{
    *file = (struct ms_file){.descriptor = -1};
}

void ms_file_close(struct ms_file *file)
{
    if (file->descriptor >= 0)
        (void)close(file->descriptor);
    free(file->path);
    ms_file_clear(file);
}

/* ---- opening ---------------------------------------------------------------------------------------- */

/* Opening the file here gives the short messages of the operating system instead of those of HDF5.
 * O_NONBLOCK keeps open from waiting for the other end of a pipe. */
enum ms_code ms_file_descriptor(const char *path, int flags, int *descriptor, struct ms_error *err)
{
    const char *purpose = (flags & O_ACCMODE) == O_RDONLY ? "" : " cannot be opened for writing";
    struct stat status;
    int opened;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return ms_fail(err, MS_NO_INPUT, "%s is not a regular file", path);
    opened = open(path, flags | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0)
        return ms_fail(err, ms_code_of_errno(errno, MS_NO_INPUT), "%s%s: %s", path, purpose, strerror(errno));
    *descriptor = opened;
    return MS_OK;
}

static enum ms_code begin_open(const char *path, int flags, struct ms_file *file, struct ms_error *err)
{
    struct stat status;
    enum ms_code code;

    file->path = strdup(path);
    if (file->path == NULL)
        return ms_fail_memory(err, path, "to open it");
    code = ms_file_descriptor(path, flags, &file->descriptor, err);
    if (code != MS_OK)
        return code;
    if (fstat(file->descriptor, &status) != 0)
        return ms_fail(err, ms_code_of_errno(errno, MS_IO_ERROR), "%s: %s", path, strerror(errno));
    file->bytes = (uint64_t)status.st_size;
    file->inode = (uint64_t)status.st_ino;
    return MS_OK;
}

enum ms_code ms_file_open(const char *path, int flags, hid_t *hdf5, struct ms_file *file,
                          struct ms_error *err)
{
    hid_t opened = H5I_INVALID_HID;
    enum ms_code code;

    ms_file_clear(file);
    code = begin_open(path, flags, file, err);
    if (code == MS_OK) {
        errno = 0;
        code = ms_hdf5_check_errno(path, ms_structure_open(file, &opened, err), err);
    }
    if (hdf5 != NULL)
        *hdf5 = opened;
    else
        ms_hdf5_close(opened, H5Fclose);
    return code;
}

enum ms_code ms_file_open_again(const char *path, const struct ms_file *places, struct ms_file *file,
                                struct ms_error *err)
{
    struct ms_file found;
    enum ms_code code;

    ms_file_clear(&found);
    code = begin_open(path, O_RDWR, &found, err);
    *file = *places;
    file->path = found.path;
    file->descriptor = found.descriptor;
    file->patches = NULL;
    file->n_patches = 0;
    file->proxy = NULL;
    /* The same file may have different device numbers on two machines, so only the inode is compared. */
    if (code == MS_OK && (found.inode != places->inode || found.bytes != places->bytes))
        code = ms_fail(
            err, MS_IO_ERROR,
            "%s is not the same file here as on rank 0; every machine must see the same file under this path",
            path);
    return code;
}

/* ---- rows ------------------------------------------------------------------------------------------- */

static enum ms_code fail_rows(const struct ms_file *file, enum ms_variable variable, int64_t first,
                              const char *doing, int cause, struct ms_error *err)
{
    char path[64];

    ms_schema_path(ms_schema[variable].group, ms_schema[variable].name, sizeof path, path);
    return ms_fail(err, ms_code_of_errno(cause, MS_IO_ERROR), "%s: %s %s from row %" PRId64 " on failed: %s",
                   file->path, doing, path, first, ms_bytes_reason(cause));
}

/* Replaces bytes that were read by those of the patches. */
static void patch(const struct ms_file *file, uint64_t offset, size_t count, unsigned char *bytes)
{
    for (size_t i = 0; i < file->n_patches; i++) {
        const struct ms_file_patch *one = &file->patches[i];
        uint64_t start = one->offset > offset ? one->offset : offset;
        uint64_t end = one->offset + one->count < offset + count ? one->offset + one->count : offset + count;

        if (start < end)
            memcpy(bytes + (start - offset), one->bytes + (start - one->offset), (size_t)(end - start));
    }
}

enum ms_code ms_file_read(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                          void *values, struct ms_error *err)
{
    uint64_t place = ms_file_place(file, variable, first);
    size_t bytes = (size_t)rows * ms_schema_row_bytes(&file->shape, variable);
    int cause = ms_bytes_read(file->descriptor, place, bytes, values);

    if (cause != 0)
        return fail_rows(file, variable, first, "reading", cause, err);
    patch(file, place, bytes, values);
    return MS_OK;
}

enum ms_code ms_file_write(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                           const void *values, struct ms_error *err)
{
    const struct ms_writer_proxy *proxy = file->proxy;
    const uint64_t place = ms_file_place(file, variable, first);
    const size_t bytes = (size_t)rows * ms_schema_row_bytes(&file->shape, variable);
    int cause = proxy == NULL ? ms_bytes_write(file->descriptor, place, bytes, values)
                              : proxy->write(proxy->context, place, bytes, values);

    return cause == 0 ? MS_OK : fail_rows(file, variable, first, "writing", cause, err);
}

/* ---- records ---------------------------------------------------------------------------------------- */

/* Reads one variable of several records. column is a buffer of [count][widest]. */
static enum ms_code read_variable(const struct ms_file *file, const struct ms_record_layout *layout,
                                  enum ms_variable variable, int64_t first, int64_t count,
                                  unsigned char *column, unsigned char *records, struct ms_error *err)
{
    size_t width = layout->width[variable];
    enum ms_code code = ms_file_read(file, variable, first, count, column, err);

    for (int64_t i = 0; code == MS_OK && i < count; i++)
        memcpy(records + (size_t)i * layout->bytes + layout->offset[variable], column + (size_t)i * width,
               width);
    return code;
}

enum ms_code ms_records_read(const struct ms_file *file, const struct ms_record_layout *layout, int64_t first,
                             int64_t count, unsigned char *bytes, struct ms_error *err)
{
    unsigned char *column = malloc((size_t)count * layout->widest);
    enum ms_code code = MS_OK;

    if (column == NULL)
        return ms_fail_memory(err, file->path, "to read %" PRId64 " %s", count,
                              ms_record_name(layout->kind, count));
    for (enum ms_variable v = layout->first; code == MS_OK && v < layout->end; v++)
        code = read_variable(file, layout, v, first, count, column, bytes, err);
    free(column);
    return code;
}

enum ms_code ms_record_write_data(const struct ms_file *file, const struct ms_record_layout *layout,
                                  int64_t index, const unsigned char *bytes, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (enum ms_variable v = layout->first; code == MS_OK && v < layout->end; v++)
        if (v != layout->checksum)
            code = ms_file_write(file, v, index, 1, bytes + layout->offset[v], err);
    return code;
}

enum ms_code ms_record_write_checksum(const struct ms_file *file, const struct ms_record_layout *layout,
                                      int64_t index, const unsigned char *bytes, struct ms_error *err)
{
    return ms_file_write(file, layout->checksum, index, 1, bytes + layout->offset[layout->checksum], err);
}
