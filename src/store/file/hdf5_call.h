/* Calling HDF5: without its error stack on standard error, and with its innermost reason in our sentence.
 *
 *     ms_hdf5_quiet();
 *     if (H5Dwrite(...) < 0)
 *         return ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing cost failed", path);
 *
 * gives "out.h5: writing cost failed: No space left on device". */
#ifndef MOONSWEEP_STORE_HDF5_CALL_H
#define MOONSWEEP_STORE_HDF5_CALL_H

#include <hdf5.h>

#include "moonsweep/error.h"

/* HDF5 keeps its errors to itself from now on. Harmless when repeated. */
void ms_hdf5_quiet(void);

/* Fills err with the sentence, a colon and the reason on HDF5's error stack; clears the stack; returns code.
 * A cause from the system changes code as ms_code_of_errno says. */
enum ms_code ms_hdf5_fail(struct ms_error *err, enum ms_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* After something of a file was found to be missing or damaged, with code and err: it may only not have been readable.
 * errno knows if it was 0 before; then code and err become an MS_IO_ERROR or MS_NO_MEMORY. Returns the code. */
enum ms_code ms_hdf5_unread(const char *path, enum ms_code code, struct ms_error *err);

/* A file access property list: no locks, no sieve buffer (it would show a second look the old state);
 * negative on failure. The caller closes it. */
hid_t ms_hdf5_access(void);

/* Closes id with close unless it is negative: for cleaning up what may not have been opened. HDF5 forgets a
 * failure at its next call; this one keeps it, and errno, for the sentence that is to come. */
void ms_hdf5_close(hid_t id, herr_t (*close)(hid_t));

#endif
