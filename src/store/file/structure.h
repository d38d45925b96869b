/* The structure of an existing file, as HDF5 tells it: what it must be for its rows to be read within bounds.
 *
 * HDF5 lets a small file claim data of any size, in other files, or made up as they are read. Ours has all it claims,
 * uncompressed and in one piece each: whoever allocates by the sizes of its dimensions never needs more than the file
 * has bytes. */
#ifndef MOONSWEEP_STORE_STRUCTURE_H
#define MOONSWEEP_STORE_STRUCTURE_H

#include "file.h"

/* Opens file, whose path, descriptor and size are set, by HDF5 for reading, compares every variable with the schema and
 * sets all else of file. The caller closes *hdf5 also after an error; negative: it is not open. Errors: MS_BAD_INPUT,
 * MS_NO_MEMORY. */
enum ms_code ms_structure_open(struct ms_file *file, hid_t *hdf5, struct ms_error *err);

/* The type of a variable in the file and in memory; not to be closed. */
hid_t ms_structure_type(const struct ms_shape *shape, enum ms_variable variable);

#endif
