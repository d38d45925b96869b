/* Attributes: short texts and numbers of the file, a group or a variable.
 *
 * Texts are variable-length UTF-8: HDF5 refuses fixed-length ones of over 64 KB, and Debian's ncdump
 * misreads them. The functions that write return false if HDF5 fails; its error stack then contains the
 * reason.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ATTRIBUTES_H
#define MOONSWEEP_STORE_ATTRIBUTES_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/error.h"

bool ms_attribute_write_text(hid_t object, const char *name, const char *text);
bool ms_attribute_write_texts(hid_t object, const char *name, size_t count, const char *const *texts);
bool ms_attribute_write_i32(hid_t object, const char *name, int32_t value);
bool ms_attribute_write_u8s(hid_t object, const char *name, size_t count, const uint8_t *values);

/* Sets *text to the text of an attribute, which the caller frees, or to NULL if there is no such attribute
 * of that kind. path is for the message. Errors: MS_NO_MEMORY. */
enum ms_code ms_attribute_read_text(const char *path, hid_t object, const char *name, char **text,
                                    struct ms_error *err);

/* Sets *texts to a list of exactly count texts, which the caller frees with a single free, or to NULL if
 * there is no such attribute of that kind and count. Errors: MS_NO_MEMORY. */
enum ms_code ms_attribute_read_texts(hid_t object, const char *name, size_t count, const char ***texts,
                                     struct ms_error *err);

/* Reads the number of an attribute; false if there is no such attribute of that kind. */
bool ms_attribute_read_i32(hid_t object, const char *name, int32_t *value);

/* Returns whether HDF5 can read all attributes of an object, of any kind. most is the largest number of values that is
 * plausible for one. */
bool ms_attributes_are_readable(hid_t object, uint64_t most);

/* Writes a fixed-length text, which HDF5's dimension scales and netCDF require for their marks. */
bool ms_attribute_write_mark(hid_t object, const char *name, const char *text);

#endif
