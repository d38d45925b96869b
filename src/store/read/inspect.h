/* Reads with HDF5 what a reader needs of a result: the places of the variables, and the root attributes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_INSPECT_H
#define MOONSWEEP_STORE_INSPECT_H

#include "reader_state.h"
#include "structure.h"

/* Fills reader as ms_separate_open does, but in this process. layouts: structure.h; NULL: those of moonsweep. Errors:
 * MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY, and those of layouts. */
enum ms_code ms_inspect(const char *path, int descriptor, const struct ms_structure_layouts *layouts,
                        struct ms_reader *reader, struct ms_error *err);

/* Lets the texts of info point to those that reader owns, and sets the fields of info that follow from its file. */
void ms_inspect_point(struct ms_reader *reader);

#endif
