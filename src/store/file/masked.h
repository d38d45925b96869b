/* A driver of HDF5 that reads a file without its values: where a variable or a scale is, it reads only bytes 0xff, of
 * which no structure of HDF5 consists. What HDF5 finds with it does not depend on any byte that a run may write.
 *
 *     struct ms_masked masked = {
 *         .file = &file, .count = count, .places = places, .driver = H5I_INVALID_HID};
 *     hid_t access = ms_masked_access(&masked);
 *     hid_t opened = H5Fopen(path, H5F_ACC_RDONLY, access);
 *     ... H5Fclose(opened), ms_masked_end(&masked)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_MASKED_H
#define MOONSWEEP_STORE_MASKED_H

#include <hdf5.h>

#include "pages.h"

struct ms_masked {
    const struct ms_file *file; /* its descriptor, size and patches; its name is not used */
    size_t count;
    const struct ms_pages_place *places; /* [count] */
    hid_t driver;                        /* private to the functions; H5I_INVALID_HID at first */
};

/* Returns a file access property list as ms_hdf5_access does, with this driver; negative on failure. The caller closes
 * it, and keeps what masked points to until the file is closed. */
hid_t ms_masked_access(struct ms_masked *masked);

/* Ends the use of the driver, after the file has been closed: HDF5 1.10 frees the driver of a file, if nothing else
 * refers to it, before it has closed the file. */
void ms_masked_end(struct ms_masked *masked);

#endif
