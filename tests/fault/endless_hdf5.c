/* A preloaded library in which HDF5 never finishes opening a variable, as with a corrupt list that is circular.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <hdf5.h>

__attribute__((visibility("default"))) hid_t H5Dopen2(hid_t place, const char *name, hid_t access)
{
    volatile hid_t never = place;

    (void)name;
    (void)access;
    while (never == place)
        ;
    return never;
}
