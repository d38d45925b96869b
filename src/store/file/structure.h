/* Checks the structure of an existing file, so that its rows can be read within bounds.
 *
 * An HDF5 file may be small and still claim data of any size, in other files, or generated while it is
 * read. In a result every variable is uncompressed, contiguous and within the file, so memory allocated by
 * the sizes of its dimensions never exceeds the size of the file. */
#ifndef MOONSWEEP_STORE_STRUCTURE_H
#define MOONSWEEP_STORE_STRUCTURE_H

#include "file.h"

/* Opens file, whose path, descriptor and size are set, for reading with HDF5, compares every variable with
 * the schema, and sets the other fields of file. The caller closes *hdf5 even after an error; it is
 * negative if not open. access is a file access property list, which is closed. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_structure_open(struct ms_file *file, hid_t access, hid_t *hdf5, struct ms_error *err);

/* Returns the type of a variable in the file and in memory, which must not be closed. */
hid_t ms_structure_type(const struct ms_shape *shape, enum ms_variable variable);

#endif
