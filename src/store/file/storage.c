/* Counts the chunks of a dataset, and looks for filters that are missing. Before version 1.10.5 HDF5 could
 * not count the chunks in a file, which are then assumed to be complete.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "storage.h"

#include "hdf5_call.h"

/* Returns the number of chunks of a dataset of that extent; 0 if it cannot be read. */
static hsize_t count_chunks(hid_t space, int rank, const hsize_t *chunk)
{
    hsize_t extent[H5S_MAX_RANK] = {0}, count = 1;

    if (H5Sget_simple_extent_dims(space, extent, NULL) != rank)
        return 0;
    for (int i = 0; i < rank; i++)
        count *= (extent[i] + chunk[i] - 1) / chunk[i];
    return count;
}

bool ms_storage_chunks(hid_t dataset, int rank, const hsize_t *chunk, hsize_t *found, hsize_t *expected)
{
    const hid_t space = H5Dget_space(dataset);
    bool is_known = space >= 0;

    *found = *expected = is_known ? count_chunks(space, rank, chunk) : 0;
#if H5_VERSION_GE(1, 10, 5)
    is_known = is_known && H5Dget_num_chunks(dataset, space, found) >= 0;
#endif
    ms_hdf5_close(space, H5Sclose);
    return is_known;
}

int ms_storage_missing_filter(hid_t dataset, size_t bytes, char *name)
{
    const hid_t creation = H5Dget_create_plist(dataset);
    const int count = creation < 0 ? 0 : H5Pget_nfilters(creation);
    int missing = -1;

    for (int i = 0; missing < 0 && i < count; i++) {
        unsigned flags, config;
        size_t values = 0;
        const H5Z_filter_t filter = H5Pget_filter2(creation, (unsigned)i, &flags, &values, NULL, bytes, name,
                                                   &config);

        if (filter >= 0 && H5Zfilter_avail(filter) <= 0)
            missing = filter;
    }
    name[bytes - 1] = '\0';
    ms_hdf5_close(creation, H5Pclose);
    return missing;
}
