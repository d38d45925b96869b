/* A preloaded library in which HDF5 never finishes reading the values of a variable.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <hdf5.h>

__attribute__((visibility("default"))) herr_t H5Dread(hid_t set, hid_t type, hid_t here, hid_t there,
                                                      hid_t transfer, void *values)
{
    volatile hid_t never = set;

    (void)type;
    (void)here;
    (void)there;
    (void)transfer;
    (void)values;
    while (never == set)
        ;
    return -1;
}
