/* Compares the start of a file with the signatures of the kinds that tables of samples often have. Only those
 * are listed that begin no text, so that nothing else is refused.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "file_kind.h"

#include <string.h>

static const struct {
    const char *signature; /* NUL-terminated */
    const char *what, *advice;
} kinds[] = {
    {"\x89HDF\r\n\x1a\n", "an HDF5 file, as results are", "name a text file instead"},
    {"PK\x03\x04", "a ZIP archive, as .xlsx and .npz files are", "save the table in it as CSV"},
    {"\x1f\x8b", "compressed by gzip", "decompress it first"},
    {"\xfd"
     "7zXZ",
     "compressed by xz", "decompress it first"},
    {"\x28\xb5\x2f\xfd", "compressed by zstd", "decompress it first"},
    {"\x93NUMPY", "an array of NumPy", "save it as CSV, or with its labels as HDF5"},
    {"PAR1\x15", "a Parquet file", "save the table as CSV"},
};

enum ms_code ms_file_kind_check(const char *path, const char *start, size_t bytes, struct ms_error *err)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const size_t length = strlen(kinds[i].signature);

        if (bytes >= length && memcmp(start, kinds[i].signature, length) == 0)
            return ms_fail(err, MS_BAD_INPUT, "%s: the file is %s; it must be plain text: %s", path,
                           kinds[i].what, kinds[i].advice);
    }
    return MS_OK;
}
