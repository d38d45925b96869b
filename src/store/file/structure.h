/* Checks the structure of an existing file, so that its rows can be read within bounds.
 *
 * An HDF5 file may be small and still claim data of any size, in other files, or generated while it is
 * read. In a result every variable is uncompressed, contiguous and within the file, so memory allocated by
 * the sizes of its dimensions never exceeds the size of the file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_STRUCTURE_H
#define MOONSWEEP_STORE_STRUCTURE_H

#include "file.h"

/* Opens file, whose path, descriptor and size are set, for reading with HDF5, compares every variable with
 * the schema, and sets the other fields of file. The caller closes *hdf5 even after an error; it is
 * negative if not open. access is a file access property list, which is closed. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_structure_open(struct ms_file *file, hid_t access, hid_t *hdf5, struct ms_error *err);

/* A variable of an open file. */
struct ms_structure_variable {
    struct ms_file *file;
    enum ms_variable variable;
    char path[64];
    hid_t dataset, space;
};

/* How a file is opened that another program may have stored in other layouts than moonsweep does. */
struct ms_structure_layouts {
    /* Checks how a variable is stored whose type and dimensions are right, and sets its offset. */
    enum ms_code (*check)(void *context, const struct ms_structure_variable *one, struct ms_error *err);
    /* Called when all of them are checked. */
    enum ms_code (*read)(void *context, hid_t hdf5, struct ms_file *file, struct ms_error *err);
    void *context;
};

/* Does the same as ms_structure_open if layouts is NULL. Otherwise the functions in it replace the check that every
 * variable is contiguous. Then the groups of the schema may be missing, which some programs do not copy: the offsets of
 * their variables are not set, and dimensions that nothing else has get their least sizes. Errors: those of
 * ms_structure_open and of the functions. */
enum ms_code ms_structure_open_as(struct ms_file *file, hid_t access,
                                  const struct ms_structure_layouts *layouts, hid_t *hdf5,
                                  struct ms_error *err);

/* Whether the file has the group of the variable. */
bool ms_structure_has_group(hid_t hdf5, enum ms_variable variable);

/* Returns the type of a variable in the file and in memory, which must not be closed. */
hid_t ms_structure_type(const struct ms_shape *shape, enum ms_variable variable);

#endif
