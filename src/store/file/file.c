/* Opens a file, transfers rows, and transfers records, variable by variable. The descriptor is opened without
 * HDF5, which then only finds the places of the variables (structure.c). What is read is corrected by the
 * patches of the file; what is written goes through its proxy if it has one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "hdf5_call.h"
#include "strided.h"
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

/* Returns whether another user may put a link at path: its folder belongs to another user than root, or everybody may
 * write it, such as /tmp, or it is a folder of root that a group may write. */
static bool is_folder_of_others(const char *path)
{
    struct stat status;
    char *copy = strdup(path);
    const bool is_known = copy != NULL && stat(dirname(copy), &status) == 0;

    free(copy);
    if (!is_known)
        return true;
    if (status.st_uid == geteuid())
        return (status.st_mode & S_IWOTH) != 0;
    return status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

/* is_link: path is a symbolic link to a file, which was not followed. */
static enum ms_code fail_open(const char *path, bool is_link, bool writes, int cause, struct ms_error *err)
{
    if (is_link)
        return ms_fail(
            err, MS_NO_PERMISSION,
            "%s is a symbolic link in a folder in which other users may change it at any time, and is not "
            "followed for writing; give the path of the file itself",
            path);
    return ms_fail(err, ms_code_of_errno(cause, MS_NO_INPUT), "%s%s: %s", path,
                   writes ? " cannot be opened for writing" : "", strerror(cause));
}

/* Opening the file here gives the short messages of the operating system instead of those of HDF5.
 * O_NONBLOCK keeps open from waiting for the other end of a pipe. A device is not even opened, which might
 * have an effect. */
enum ms_code ms_file_descriptor(const char *path, int flags, int *descriptor, struct ms_error *err)
{
    const bool writes = (flags & O_ACCMODE) != O_RDONLY;
    struct stat status;
    int opened;
    const bool exists = stat(path, &status) == 0;

    if (exists && !S_ISREG(status.st_mode))
        return ms_fail(err, MS_NO_INPUT, "%s is not a regular file", path);
    if (writes && is_folder_of_others(path))
        flags |= O_NOFOLLOW;
    opened = open(path, flags | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0)
        return fail_open(path, exists && errno == ELOOP, writes, errno, err);
    if (fstat(opened, &status) == 0 && !S_ISREG(status.st_mode)) {
        (void)close(opened);
        return ms_fail(err, MS_NO_INPUT, "%s is not a regular file", path);
    }
    *descriptor = opened;
    return MS_OK;
}

/* Makes the descriptor that of the file, which closes it even after an error. */
static enum ms_code take_descriptor(const char *path, int descriptor, struct ms_file *file,
                                    struct ms_error *err)
{
    struct stat status;

    file->descriptor = descriptor;
    file->path = strdup(path);
    if (file->path == NULL)
        return ms_fail_memory(err, path, "to open it");
    if (fstat(descriptor, &status) != 0)
        return ms_fail(err, ms_code_of_errno(errno, MS_IO_ERROR), "%s: %s", path, strerror(errno));
    file->bytes = (uint64_t)status.st_size;
    file->inode = (uint64_t)status.st_ino;
    return MS_OK;
}

enum ms_code ms_file_take_as(const char *path, int descriptor, const struct ms_structure_layouts *layouts,
                             hid_t *hdf5, struct ms_file *file, struct ms_error *err)
{
    hid_t opened = H5I_INVALID_HID;
    enum ms_code code;

    ms_file_clear(file);
    code = take_descriptor(path, descriptor, file, err);
    if (code == MS_OK) {
        errno = 0;
        code = ms_hdf5_check_errno(path, ms_structure_open_as(file, ms_hdf5_access(), layouts, &opened, err),
                                   err);
    }
    if (hdf5 != NULL)
        *hdf5 = opened;
    else
        ms_hdf5_close(opened, H5Fclose);
    return code;
}

enum ms_code ms_file_take(const char *path, int descriptor, hid_t *hdf5, struct ms_file *file,
                          struct ms_error *err)
{
    return ms_file_take_as(path, descriptor, NULL, hdf5, file, err);
}

enum ms_code ms_file_open(const char *path, int flags, hid_t *hdf5, struct ms_file *file,
                          struct ms_error *err)
{
    int descriptor;
    enum ms_code code = ms_file_descriptor(path, flags, &descriptor, err);

    ms_file_clear(file);
    if (hdf5 != NULL)
        *hdf5 = H5I_INVALID_HID;
    return code == MS_OK ? ms_file_take(path, descriptor, hdf5, file, err) : code;
}

enum ms_code ms_file_fail_other(const struct ms_file *file, struct ms_error *err)
{
    return ms_fail(
        err, MS_IO_ERROR,
        "%s is not the same file here as on rank 0; every machine must see the same file under this path",
        file->path);
}

enum ms_code ms_file_open_again(const char *path, const struct ms_file *places, struct ms_file *file,
                                struct ms_error *err)
{
    struct ms_file found;
    int descriptor = -1;
    enum ms_code code = ms_file_descriptor(path, O_RDWR, &descriptor, err);

    ms_file_clear(&found);
    if (code == MS_OK)
        code = take_descriptor(path, descriptor, &found, err);
    *file = *places;
    file->path = found.path;
    file->descriptor = found.descriptor;
    file->patches = NULL;
    file->n_patches = 0;
    file->proxy = NULL;
    /* The same file may have different device numbers on two machines, so only the inode is compared. Files whose
     * inodes are equal by chance are told apart by the id of the run (ms_writer_confirm_joined). */
    if (code == MS_OK && (found.inode != places->inode || found.bytes != places->bytes))
        code = ms_file_fail_other(file, err);
    if (code == MS_NO_INPUT) {
        const struct ms_error reason = *err;

        code = ms_fail(err, code,
                       "%s, but rank 0 has opened it; every machine must see the same file under this path",
                       reason.text);
    }
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

/* Returns the first patch that ends after a place; n_patches if there is none. There may be as many patches as corrupt
 * bytes, so they are not searched one by one. */
static size_t first_patch_after(const struct ms_file *file, uint64_t offset)
{
    size_t from = 0, to = file->n_patches;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;

        if (file->patches[middle].offset + file->patches[middle].count > offset)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

void ms_file_patch_bytes(const struct ms_file *file, uint64_t offset, size_t count, unsigned char *bytes)
{
    const uint64_t end = offset + count;

    for (size_t i = first_patch_after(file, offset); i < file->n_patches && file->patches[i].offset < end;
         i++) {
        const struct ms_file_patch *one = &file->patches[i];
        const uint64_t from = one->offset > offset ? one->offset : offset;
        const uint64_t to = one->offset + one->count < end ? one->offset + one->count : end;

        memcpy(bytes + (from - offset), one->bytes + (from - one->offset), (size_t)(to - from));
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
    ms_file_patch_bytes(file, place, bytes, values);
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

    if (code == MS_OK)
        ms_strided_copy(count, width, records + layout->offset[variable], layout->bytes, column, width);
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
