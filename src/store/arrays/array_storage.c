/* Checks the kinds of storage of HDF5 before any value is read. Of a chunked dataset all chunks must have
 * been written, and those of one row must fit into memory; it is opened again with a cache for them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "array_storage.h"

#include <stdint.h>
#include <unistd.h>

#include "hdf5_call.h"
#include "separate_process.h"
#include "storage.h"

static enum ms_code fail(const struct ms_array *array, const char *what, const char *right,
                         struct ms_error *err)
{
    return ms_fail(err, MS_BAD_INPUT, "%s: the values of '%s' are %s; %s", array->path, array->name, what,
                   right);
}

/* A link may lead to another file. */
static bool is_elsewhere(hid_t file, hid_t set)
{
    H5O_info_t root, object;

    return H5Oget_info(file, &root) < 0 || H5Oget_info(set, &object) < 0 || root.fileno != object.fileno;
}

/* ---- chunks ---------------------------------------------------------------------------------------------- */

static enum ms_code check_written(const struct ms_array *array, const hsize_t sizes[2], struct ms_error *err)
{
    hsize_t found, expected;

    if (!ms_storage_chunks(array->set, array->rank, sizes, &found, &expected))
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the chunks of '%s' cannot be read", array->path,
                            array->name);
    if (found < expected)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: '%s' was not written completely: the file has %llu of its %llu chunks",
                       array->path, array->name, (unsigned long long)found, (unsigned long long)expected);
    return MS_OK;
}

/* Returns the bytes of all chunks that contain one row; SIZE_MAX: too many. */
static size_t band_bytes(const struct ms_array *array, const hsize_t sizes[2])
{
    const hsize_t across = array->rank == 1 ? 1 : ((hsize_t)array->columns + sizes[1] - 1) / sizes[1];
    const hsize_t width = array->rank == 1 ? 1 : sizes[1];
    const double bytes = (double)across * (double)width * (double)sizes[0] * (double)H5Tget_size(array->type);

    return bytes < (double)(SIZE_MAX / 16) ? (size_t)bytes : SIZE_MAX;
}

/* Opens the dataset with a cache for all chunks of a row, so that each is decompressed once. */
static enum ms_code open_with_cache(struct ms_array *array, hid_t file, size_t bytes, struct ms_error *err)
{
    enum { SLOTS = 12421, LEAST = 1 << 20 }; /* a prime, as HDF5 recommends */
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    const bool is_set = access >= 0 &&
                        H5Pset_chunk_cache(access, SLOTS, bytes < LEAST ? LEAST : bytes, 1.0) >= 0;
    const hid_t set = is_set ? H5Dopen2(file, array->name, access) : H5I_INVALID_HID;

    ms_hdf5_close(access, H5Pclose);
    if (set < 0)
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the dataset '%s' cannot be opened", array->path,
                            array->name);
    ms_hdf5_close(array->set, H5Dclose);
    array->set = set;
    return MS_OK;
}

static enum ms_code check_chunks(hid_t file, struct ms_array *array, hid_t creation, struct ms_error *err)
{
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    hsize_t sizes[2] = {0};
    size_t bytes;
    enum ms_code code;

    if (H5Pget_chunk(creation, 2, sizes) != array->rank || sizes[0] == 0 ||
        (array->rank == 2 && sizes[1] == 0))
        return ms_hdf5_fail(err, MS_BAD_INPUT, "%s: the chunks of '%s' cannot be read", array->path,
                            array->name);
    if (!ms_separate_process_allow(0))
        return ms_fail_memory(err, array->path, "to read it");
    code = check_written(array, sizes, err);
    if (code != MS_OK)
        return code;
    bytes = band_bytes(array, sizes);
    if (bytes == SIZE_MAX || (double)bytes > memory)
        return ms_fail(err, MS_NO_MEMORY,
                       "%s: the chunks of '%s' that contain a row have more bytes than this machine has "
                       "memory; write it with smaller chunks",
                       array->path, array->name);
    array->together = 3 * bytes; /* in the file, decompressed, and in the cache */
    if (!ms_separate_process_allow(array->together))
        return ms_fail_memory(err, array->path, "to read chunks of %zu bytes", bytes);
    return open_with_cache(array, file, bytes, err);
}

/* ---- all kinds of storage -------------------------------------------------------------------------------- */

enum ms_code ms_array_storage_check(hid_t file, struct ms_array *array, struct ms_error *err)
{
    const hid_t creation = H5Dget_create_plist(array->set);
    const H5D_layout_t layout = creation < 0 ? H5D_LAYOUT_ERROR : H5Pget_layout(creation);
    enum ms_code code = MS_OK;

    if (layout == H5D_LAYOUT_ERROR)
        code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s: how '%s' is stored cannot be read", array->path,
                            array->name);
    else if (is_elsewhere(file, array->set) || layout == H5D_VIRTUAL || H5Pget_external_count(creation) != 0)
        code = fail(array, "in another file", "copy them into this one", err);
    else if (layout == H5D_CHUNKED)
        code = check_chunks(file, array, creation, err);
    else if (layout == H5D_CONTIGUOUS && H5Dget_storage_size(array->set) == 0)
        code = fail(array, "missing", "they were never written", err);
    ms_hdf5_close(creation, H5Pclose);
    return code;
}

enum ms_code ms_array_storage_fail(const struct ms_array *array, struct ms_error *err)
{
    char name[64] = "";
    const enum ms_code code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s: reading '%s' failed", array->path,
                                           array->name);
    const int missing = ms_storage_missing_filter(array->set, sizeof name, name);

    if (missing < 0)
        return code;
    return ms_fail(err, MS_BAD_INPUT,
                   "%s: '%s' is compressed with filter %d (%s), which this HDF5 does not have; write it with "
                   "gzip or without compression",
                   array->path, array->name, missing, name[0] != '\0' ? name : "without a name");
}
