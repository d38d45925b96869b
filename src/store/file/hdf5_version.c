/* The version of the HDF5 library in use, which may differ from that of the headers of the build.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <hdf5.h>
#include <stdio.h>

#include "moonsweep/writer.h"

const char *ms_writer_hdf5_version(void)
{
    static char text[32];
    unsigned major = 0, minor = 0, release = 0;

    (void)H5get_libversion(&major, &minor, &release);
    (void)snprintf(text, sizeof text, "%u.%u.%u", major, minor, release);
    return text;
}
