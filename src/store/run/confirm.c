/* Confirms at the end of a run that the committed rows are in the file. If a copy is written over the file
 * (cp COPY OUT.h5), the name, the inode and, for a copy made during the run, the id of the run stay the
 * same: only rows are missing.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "moonsweep/writer.h"
#include "writer_state.h"

/* A network file system may show writes of another node late, so the check is repeated after a pause. */
enum { BLOCK = 64 << 10, ATTEMPTS = 10, PAUSE_NS = 100 * 1000 * 1000 };

/* Counts the final statuses; -1 if the file cannot be read. It opens the file anew, which makes a network
 * file system drop its cache of the file. */
static int64_t count_final(const struct ms_writer *writer)
{
    off_t place = (off_t)writer->file.offset[MS_VAR_STATUS];
    int64_t configs = writer->file.shape.size[MS_DIM_CONFIG], final = 0;
    int fd = open(writer->file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    unsigned char block[BLOCK];
    ssize_t length = 0;

    if (fd < 0)
        return -1;
    for (int64_t first = 0; first < configs && length >= 0; first += length) {
        size_t rows = configs - first < BLOCK ? (size_t)(configs - first) : BLOCK;

        length = pread(fd, block, rows, place + first);
        if (length == 0)
            break; /* the file has become shorter */
        for (ssize_t i = 0; i < length; i++)
            final += block[i] != MS_PENDING;
    }
    (void)close(fd);
    return length < 0 ? -1 : final;
}

enum ms_code ms_writer_confirm_rows(const struct ms_writer *writer, int64_t final, struct ms_error *err)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    enum ms_code code = ms_writer_still_named(writer, err);
    int64_t found;

    if (code != MS_OK)
        return code;
    found = count_final(writer);
    for (int i = 1; found < final && i < ATTEMPTS; i++) {
        (void)nanosleep(&pause, NULL);
        found = count_final(writer);
    }
    if (found < 0)
        return ms_fail(err, MS_IO_ERROR, "%s was written, but could not be read to confirm that: %s",
                       writer->file.path, strerror(errno));
    if (found < final)
        return ms_fail(err, MS_IO_ERROR,
                       "%s was overwritten by something else while it was written: %" PRId64
                       " trained configurations are missing; run the same command to train them again",
                       writer->file.path, final - found);
    return MS_OK;
}
