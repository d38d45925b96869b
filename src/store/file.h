/* An open result file: its variables' handles, and whole rows of them in and out.
 *
 *     struct ms_file file;
 *     ms_file_open(path, access, H5F_ACC_RDONLY, &file, err)
 *     ms_file_read(&file, MS_VAR_STATUS, first, count, status, err)
 *     ms_file_close(&file)
 *
 * Memory holds exactly the bytes of the file, [rows][row_bytes] (ms_schema_row_bytes), little-endian. Each
 * transfer is one contiguous run of the file, in pieces of at most 64 MiB (rule 2 of docs/file-format.md). */
#ifndef MOONSWEEP_STORE_FILE_H
#define MOONSWEEP_STORE_FILE_H

#include <hdf5.h>
#include <mpi.h>

#include "moonsweep/error.h"
#include "schema.h"

enum {
    MS_FILE_PIECE_BYTES = 64 << 20,
    MS_FILE_ALIGNMENT = 8 /* of every variable: no number lies in two sectors, of which one may be lost */
};

struct ms_file {
    char *path;     /* owned */
    int descriptor; /* for reading what HDF5 would read without a look; -1: none */
    uint64_t bytes; /* of the file when it was opened */
    hid_t file;
    MPI_File shared; /* moves the rows where ranks share the file; MPI_FILE_NULL: HDF5 does. Owned */
    struct ms_shape shape;
    int32_t numerics;
    uint64_t job_hash;
    hid_t dataset[MS_VARIABLE_COUNT];
    hid_t space[MS_VARIABLE_COUNT]; /* the whole extent of each */
};

/* Opens an existing result with a file access property list and checks that every variable is there with the
 * type and the dimensions of the schema. ms_file_close is due also after an error. Errors: MS_NO_INPUT,
 * MS_NO_PERMISSION, MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_file_open(const char *path, hid_t access, unsigned flags, struct ms_file *file,
                          struct ms_error *err);

/* From here on rows of the file, which is open for reading, are moved through MPI-IO and can be written too. Errors:
 * MS_IO_ERROR. */
enum ms_code ms_file_share(struct ms_file *file, struct ms_error *err);

/* Makes file one without handles, so that ms_file_close is harmless. */
void ms_file_clear(struct ms_file *file);

/* Errors: MS_IO_ERROR. */
enum ms_code ms_file_close(struct ms_file *file, struct ms_error *err);

/* Reads or writes rows first .. first + rows - 1 of a variable that is no string. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY with the variable's name and the cause. */
enum ms_code ms_file_read(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                          void *values, struct ms_error *err);
enum ms_code ms_file_write(const struct ms_file *file, enum ms_variable variable, int64_t first, int64_t rows,
                           const void *values, struct ms_error *err);

/* Reads rows of a string variable into texts[rows][size]; one that is damaged, or that does not fit, becomes an empty
 * one. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_file_read_texts(const struct ms_file *file, enum ms_variable variable, int64_t first,
                                int64_t rows, size_t size, char *texts, struct ms_error *err);

/* The type of a variable in the file and in memory; not to be closed (strings: ms_attribute_text_type). */
hid_t ms_file_type(const struct ms_shape *shape, enum ms_variable variable);

#endif
