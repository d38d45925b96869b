/* The functions that HDF5 requires of a driver, of which read_masked is the one that matters: it reads the
 * bytes, applies the patches of the file, and then overwrites whatever belongs to a masked place. Nothing is
 * ever written.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "masked.h"

#include <stdlib.h>
#include <string.h>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

#include "bytes.h"
#include "hdf5_call.h"

/* An open file, which HDF5 knows by its first field. */
struct open_file {
    H5FD_t base;
    struct ms_masked masked;
    int descriptor;
    haddr_t end; /* of what is allocated, as HDF5 has set it */
};

static H5FD_t *open_masked(const char *name, unsigned flags, hid_t access, haddr_t most)
{
    const struct ms_masked *masked = H5Pget_driver_info(access);
    struct open_file *file = masked == NULL ? NULL : calloc(1, sizeof *file);

    (void)name;
    (void)flags;
    (void)most;
    if (file == NULL)
        return NULL;
    file->masked = *masked;
    file->descriptor = masked->file->descriptor;
    return &file->base;
}

static herr_t close_masked(H5FD_t *base)
{
    free(base);
    return 0;
}

static haddr_t get_end(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const struct open_file *)base)->end;
}

static herr_t set_end(H5FD_t *base, H5FD_mem_t type, haddr_t end)
{
    (void)type;
    ((struct open_file *)base)->end = end;
    return 0;
}

static haddr_t get_size(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const struct open_file *)base)->masked.file->bytes;
}

static herr_t get_handle(H5FD_t *base, hid_t access, void **handle)
{
    (void)access;
    *handle = &((struct open_file *)base)->descriptor;
    return 0;
}

static herr_t read_masked(H5FD_t *base, H5FD_mem_t type, hid_t transfer, haddr_t offset, size_t count,
                          void *buffer)
{
    const struct ms_masked *masked = &((const struct open_file *)base)->masked;

    (void)type;
    (void)transfer;
    if (ms_bytes_read(masked->file->descriptor, offset, count, buffer) != 0)
        return -1;
    ms_file_patch_bytes(masked->file, offset, count, buffer);
    for (size_t i = 0; i < masked->count; i++) {
        const struct ms_pages_place *place = &masked->places[i];
        const uint64_t start = place->start > offset ? place->start : offset;
        const uint64_t place_end = place->start + place->bytes;
        const uint64_t end = place_end < offset + count ? place_end : offset + count;

        if (start < end)
            memset((unsigned char *)buffer + (start - offset), 0xff, (size_t)(end - start));
    }
    return 0;
}

/* HDF5 requires this function; it never calls it for a file that is open for reading. */
static herr_t refuse_to_write(H5FD_t *base, H5FD_mem_t type, hid_t transfer, haddr_t offset, size_t count,
                              const void *buffer)
{
    (void)base;
    (void)type;
    (void)transfer;
    (void)offset;
    (void)count;
    (void)buffer;
    return -1;
}

static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 14, 0)
    .version = H5FD_CLASS_VERSION,
    .value = H5_VFD_RESERVED, /* the first number that HDF5 leaves to others */
#endif
    .name = "moonsweep_masked",
    .maxaddr = INT64_MAX,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(struct ms_masked),
    .open = open_masked,
    .close = close_masked,
    .get_eoa = get_end,
    .set_eoa = set_end,
    .get_eof = get_size,
    .get_handle = get_handle,
    .read = read_masked,
    .write = refuse_to_write,
    .fl_map = H5FD_FLMAP_SINGLE,
};

hid_t ms_masked_access(struct ms_masked *masked)
{
    const hid_t access = ms_hdf5_access();

    masked->driver = H5FDregister(&driver);
    if (access >= 0 && masked->driver >= 0 && H5Pset_driver(access, masked->driver, masked) >= 0)
        return access;
    ms_hdf5_close(access, H5Pclose);
    return H5I_INVALID_HID;
}

void ms_masked_end(struct ms_masked *masked)
{
    ms_hdf5_close(masked->driver, H5FDunregister);
    masked->driver = H5I_INVALID_HID;
}
