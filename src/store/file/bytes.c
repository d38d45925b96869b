/* Repeats pread, pwrite and fdatasync until everything is done or one of them fails. A write that transfers
 * nothing counts as a failure, so that every loop ends.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

int ms_bytes_read(int descriptor, uint64_t offset, size_t count, void *to)
{
    for (size_t done = 0; done < count;) {
        ssize_t got = pread(descriptor, (char *)to + done, count - done, (off_t)(offset + done));

        if (got == 0)
            return MS_BYTES_END;
        if (got < 0 && errno != EINTR)
            return errno;
        if (got > 0)
            done += (size_t)got;
    }
    return 0;
}

int ms_bytes_write(int descriptor, uint64_t offset, size_t count, const void *from)
{
    for (size_t done = 0; done < count;) {
        ssize_t put = pwrite(descriptor, (const char *)from + done, count - done, (off_t)(offset + done));

        if (put == 0)
            return EIO;
        if (put < 0 && errno != EINTR)
            return errno;
        if (put > 0)
            done += (size_t)put;
    }
    return 0;
}

int ms_bytes_sync(int descriptor)
{
    while (fdatasync(descriptor) != 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

const char *ms_bytes_reason(int cause)
{
    return cause == MS_BYTES_END ? "the file ends before that" : strerror(cause);
}
