/* Whether the variables of an open result are where the file was created with them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_PLACES_H
#define MOONSWEEP_STORE_PLACES_H

#include "file.h"

/* Checks that HDF5 finds every variable and every scale of the file at its place in `integrity/pages`, and that nothing
 * of what HDF5 reads to find them is in one of these places: then a run that writes to a variable changes nothing else.
 * It matters for files that were made to deceive; in others ms_pages_check finds any change of the structure. Errors:
 * MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_places_check(const struct ms_file *file, struct ms_error *err);

/* Checks the same of a file that HDF5 has not opened, since its structure is corrupt, with the patches of file. Of file,
 * the path, descriptor, size and patches are used. */
enum ms_code ms_places_check_patched(const struct ms_file *file, struct ms_error *err);

#endif
