/* Attributes: small texts and numbers at the file, a group or a variable.
 *
 * Texts are variable-length UTF-8: fixed-length ones over 64 KB are refused by HDF5, and Debian's ncdump
 * misreads them. A writer returns false when HDF5 fails; its error stack then holds why. */
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

/* Sets *text to the text of an attribute, which the caller frees; to NULL if there is none of that name and kind. The
 * file's path is for the sentence. Errors: MS_NO_MEMORY. */
enum ms_code ms_attribute_read_text(const char *path, hid_t object, const char *name, char **text,
                                    struct ms_error *err);

/* Sets *texts to the texts of a list of exactly count, which the caller frees in one piece with free; to NULL if there
 * is none of that name, kind and count. Errors: MS_NO_MEMORY. */
enum ms_code ms_attribute_read_texts(hid_t object, const char *name, size_t count, const char ***texts,
                                     struct ms_error *err);

/* The number of an attribute; false if there is none of that name and kind. */
bool ms_attribute_read_i32(hid_t object, const char *name, int32_t *value);

/* A fixed-length text, as HDF5's dimension scales and netCDF want it for their own marks. */
bool ms_attribute_write_mark(hid_t object, const char *name, const char *text);

/* The type of variable-length UTF-8 text, negative on failure; the caller closes it. */
hid_t ms_attribute_text_type(void);

#endif
