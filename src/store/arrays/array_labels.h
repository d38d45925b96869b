/* The labels in a dataset of a user's file: integers, reals or texts.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ARRAY_LABELS_H
#define MOONSWEEP_STORE_ARRAY_LABELS_H

#include "array_open.h"
#include "moonsweep/labels.h"

/* Reads the labels of rows, and sets y[rows] to their positions in labels, to which those are added that are not there
 * yet. Errors: MS_BAD_INPUT, MS_NO_MEMORY, MS_IO_ERROR. */
enum ms_code ms_array_labels_read(const struct ms_array *array, int64_t first, int64_t rows,
                                  struct ms_labels *labels, uint8_t *y, struct ms_error *err);

#endif
