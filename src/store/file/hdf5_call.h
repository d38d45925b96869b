/* Calls HDF5 without its error stack on standard error, and puts the innermost reason for an error into
 * our message.
 *
 *     ms_hdf5_quiet();
 *     if (H5Dwrite(...) < 0)
 *         return ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing cost failed", path);
 *
 * gives "out.h5: writing cost failed: No space left on device".
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_HDF5_CALL_H
#define MOONSWEEP_STORE_HDF5_CALL_H

#include <hdf5.h>

#include "moonsweep/error.h"

/* Turns off the error messages that HDF5 prints. May be called repeatedly. */
void ms_hdf5_quiet(void);

/* Fills err with the message, a colon and the reason on HDF5's error stack, clears the stack, and returns
 * code. If the cause is an errno, it changes code as ms_code_of_errno says. */
enum ms_code ms_hdf5_fail(struct ms_error *err, enum ms_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Tells a corrupt file from one that could not be read. Something in the file was missing or wrong, which
 * code and err say; if errno, which was 0 before, tells of a failed read, code and err become MS_IO_ERROR
 * or MS_NO_MEMORY. Returns the code. */
enum ms_code ms_hdf5_check_errno(const char *path, enum ms_code code, struct ms_error *err);

/* Returns a file access property list without locks and without the sieve buffer, through which a second
 * read would return old data; negative on failure. The caller closes it. */
hid_t ms_hdf5_access(void);

/* Returns the descriptor that HDF5 uses for an open file, which remains its own; -1 on failure. */
int ms_hdf5_descriptor(hid_t file);

/* Closes id with close unless it is negative, for cleanup after an error. A call to HDF5 clears its error
 * stack; this one preserves the stack, and errno, for the message. */
void ms_hdf5_close(hid_t id, herr_t (*close)(hid_t));

#endif
