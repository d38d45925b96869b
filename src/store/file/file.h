/* An open result file. It knows where each variable is in the file, and reads and writes whole rows.
 *
 *     struct ms_file file;
 *     ms_file_open(path, O_RDONLY, NULL, &file, err)          // finds the places with HDF5, which is closed again
 *     ms_file_read(&file, MS_VAR_STATUS, first, count, status, err)
 *     ms_file_close(&file)
 *
 * HDF5 tells where each variable is; rows are transferred with pread and pwrite. In memory they are
 * exactly the bytes of the file, [rows][row_bytes] (ms_schema_row_bytes), little-endian. Each transfer is
 * one contiguous range of the file (rule 2 of docs/file-format.md).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_FILE_H
#define MOONSWEEP_STORE_FILE_H

#include <hdf5.h>

#include "moonsweep/error.h"
#include "record.h"
#include "schema.h"

enum {
    MS_FILE_ALIGNMENT =
        8 /* of every variable: no number is in two sectors of a disk, one of which may be lost */
};

/* Bytes that reads return instead of the corrupt ones in the file (pages.h). */
struct ms_file_patch {
    uint64_t offset;
    size_t count;
    unsigned char *bytes; /* [count] owned by whoever owns the patch */
};

/* Everything except path, descriptor, patches and proxy is plain data that another rank can use
 * (ms_file_open_again). */
struct ms_file {
    char *path;                          /* owned */
    int descriptor;                      /* -1 if none */
    const struct ms_file_patch *patches; /* [n_patches] by ascending offset */
    size_t n_patches;
    const struct ms_writer_proxy *proxy; /* writes for this process; NULL if it writes itself */
    uint64_t inode;
    uint64_t bytes;                     /* size of the file when it was opened */
    uint64_t offset[MS_VARIABLE_COUNT]; /* of the first row of each variable */
    struct ms_shape shape;
    int32_t numerics;
    uint64_t job_hash;
};

/* Opens a regular file without HDF5; the caller closes *descriptor. For writing, a symbolic link in a folder
 * that other users may write is not followed. Errors: MS_NO_INPUT (also if it is not a regular file), MS_NO_PERMISSION,
 * MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_file_descriptor(const char *path, int flags, int *descriptor, struct ms_error *err);

/* Opens an existing result and checks that every variable exists, has the type and the dimensions of the
 * schema, and is contiguous. flags is O_RDONLY or O_RDWR. *hdf5 receives the HDF5 file, open for reading,
 * which the caller closes even after an error (negative if it is not open); hdf5 may be NULL. The caller
 * must call ms_file_close even after an error. Errors: MS_NO_INPUT, MS_NO_PERMISSION, MS_BAD_INPUT,
 * MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_file_open(const char *path, int flags, hid_t *hdf5, struct ms_file *file,
                          struct ms_error *err);

/* Does the same as ms_file_open with a file that ms_file_descriptor has opened; ms_file_close closes it, even
 * after an error. What was checked with the descriptor applies to the file that is then read and written,
 * whatever happens to its name meanwhile. */
enum ms_code ms_file_take(const char *path, int descriptor, hid_t *hdf5, struct ms_file *file,
                          struct ms_error *err);

struct ms_structure_layouts;

/* Does the same with a file that may be stored in other layouts (structure.h). */
enum ms_code ms_file_take_as(const char *path, int descriptor, const struct ms_structure_layouts *layouts,
                             hid_t *hdf5, struct ms_file *file, struct ms_error *err);

/* Opens the file that another process has opened, for reading and writing, with the places that it found.
 * Errors: as for ms_file_open, and MS_IO_ERROR if path leads to another file in this process. */
enum ms_code ms_file_open_again(const char *path, const struct ms_file *places, struct ms_file *file,
                                struct ms_error *err);

/* Fails with MS_IO_ERROR because the path leads to another file in this process than on rank 0. */
enum ms_code ms_file_fail_other(const struct ms_file *file, struct ms_error *err);

/* Initializes file without a descriptor, so that ms_file_close may be called. */
void ms_file_clear(struct ms_file *file);
void ms_file_close(struct ms_file *file);

/* Returns the place of a row of a variable in the file. */
static inline uint64_t ms_file_place(const struct ms_file *file, enum ms_variable variable, int64_t row)
{
    return file->offset[variable] + (uint64_t)row * ms_schema_row_bytes(&file->shape, variable);
}

/* Read or write rows first .. first + rows - 1 of a variable. Errors: MS_IO_ERROR or MS_NO_MEMORY, with
 * the name of the variable and the cause. */
enum ms_code ms_file_read(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                          void *values, struct ms_error *err);
enum ms_code ms_file_write(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                           const void *values, struct ms_error *err);

/* Replaces those of count bytes, which were read from offset on, that the patches of the file correct. */
void ms_file_patch_bytes(const struct ms_file *file, uint64_t offset, size_t count, unsigned char *bytes);

/* Reads the records first .. first + count - 1 into bytes[count][layout->bytes]. Errors: as for
 * ms_file_read. */
enum ms_code ms_records_read(const struct ms_file *file, const struct ms_record_layout *layout, int64_t first,
                             int64_t count, unsigned char *bytes, struct ms_error *err);

/* Write one record except for its checksum, and then its checksum, which makes it valid. Errors: as for
 * ms_file_write. */
enum ms_code ms_record_write_data(const struct ms_file *file, const struct ms_record_layout *layout,
                                  int64_t index, const unsigned char *bytes, struct ms_error *err);
enum ms_code ms_record_write_checksum(const struct ms_file *file, const struct ms_record_layout *layout,
                                      int64_t index, const unsigned char *bytes, struct ms_error *err);

#endif
