/* Finds a file whose name in a job is relative to a folder that is not known any more.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_BESIDE_H
#define MOONSWEEP_CLI_BESIDE_H

#include "moonsweep/error.h"

/* The number of places where a file is looked for. */
enum { BESIDE_FOLDERS = 4 };

/* Sets *found to the absolute path of the file `name` of a job (NULL: *found is NULL). A name that is not absolute is
 * looked for in folders[0], which is the only one unless it is NULL; otherwise beside the files folders[1] and
 * folders[2], and in the folder folders[3]. The caller frees *found. Errors: MS_NO_INPUT, MS_NO_MEMORY. */
enum ms_code beside_find(const char *const folders[BESIDE_FOLDERS], const char *name, char **found,
                         struct ms_error *err);

#endif
