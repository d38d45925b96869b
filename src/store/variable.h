/* Opening one variable of an existing file: what it must be to be read within bounds.
 *
 * HDF5 lets a small file claim data of any size, in other files, or made up as they are read. Ours has all it claims,
 * uncompressed and in one piece each: whoever allocates by the sizes of its dimensions never needs more than the file
 * has bytes. */
#ifndef MOONSWEEP_STORE_VARIABLE_H
#define MOONSWEEP_STORE_VARIABLE_H

#include "file.h"

/* Opens variable of file, whose file, path, bytes and precision are set, and compares it with the schema; the first that
 * has a dimension defines its size. Handles are left for ms_file_close. Errors: MS_BAD_INPUT. */
enum ms_code ms_variable_open(struct ms_file *file, enum ms_variable variable, struct ms_error *err);

/* Once all are open: that no two share a byte, or writing to one would destroy another. Errors: MS_BAD_INPUT. */
enum ms_code ms_variable_check_places(const struct ms_file *file, struct ms_error *err);

/* Whether name of the file is stored in it: a link to another file would open that, were it a pipe or a device. */
bool ms_variable_is_own(hid_t file, const char *name);

/* Whether the dataset is one piece of this file. */
bool ms_variable_is_contiguous(hid_t dataset);

#endif
