/* Opens a result with HDF5 in a separate process. HDF5 1.10 follows corrupt metadata without checks and survives no
 * failed allocation: it may crash, exit, or compute for ever. That ends the other process only, and this one never
 * calls HDF5.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_SEPARATE_H
#define MOONSWEEP_STORE_SEPARATE_H

#include "reader_state.h"
#include "separate_process.h"

/* Fills reader with what HDF5 finds in the file that ms_file_descriptor has opened, which reader->file then owns, even
 * after an error. reader must be zero; the caller frees it even after an error. Errors: MS_BAD_INPUT (also if the other
 * process crashed, or used more processor time or memory than any result needs), MS_NO_MEMORY (also if it crashed for
 * lack of memory or of stack), MS_IO_ERROR. */
enum ms_code ms_separate_open(const char *path, int descriptor, struct ms_reader *reader,
                              struct ms_error *err);

/* Does the same with other work of the other process, which sends the reader in the end. A stop request (NULL: none)
 * ends it with MS_WORK_LEFT. */
enum ms_code ms_separate_open_by(const char *path, int descriptor, const struct ms_separate_work *work,
                                 const struct ms_stop_request *stop, struct ms_reader *reader,
                                 struct ms_error *err);

#endif
