/* Rule 4 of docs/file-format.md: a run that another run has replaced must not write any more.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/clock.h"
#include "moonsweep/writer.h"
#include "writer_state.h"

enum { ATTEMPTS = 10 };
static const double pause_s = 0.02;

/* Returns whether the row of this run in /runs is gone. A run that takes over the file leaves all earlier
 * rows, except that the last row is used again. An older copy that was written over the file does not have
 * the row. */
static bool is_row_lost(const struct ms_writer *writer)
{
    struct ms_error ignored;
    uint64_t id = writer->run_id;

    return writer->run_row < MS_RUNS - 1 &&
           ms_file_read(&writer->file, MS_VAR_RUN_ID, writer->run_row, 1, &id, &ignored) == MS_OK &&
           id != writer->run_id;
}

/* Does the same while a copy may be in progress: it may overwrite the row before or after /runs/current. */
static bool is_row_lost_soon(const struct ms_writer *writer)
{
    bool is = is_row_lost(writer);

    for (int i = 1; !is && i < ATTEMPTS; i++) {
        ms_clock_sleep(pause_s);
        is = is_row_lost(writer);
    }
    return is;
}

/* Inode and length may agree by chance, as of two files that are the first in two memory file systems; the random id
 * does not. A network file system may show it late. */
enum ms_code ms_writer_confirm_joined(const struct ms_writer *writer, struct ms_error *err)
{
    uint64_t current = 0;
    enum ms_code code = MS_OK;

    for (int i = 0; code == MS_OK && current != writer->run_id && i < ATTEMPTS; i++) {
        if (i > 0)
            ms_clock_sleep(pause_s);
        code = ms_file_read(&writer->file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);
    }
    return code != MS_OK || current == writer->run_id ? code : ms_file_fail_other(&writer->file, err);
}

enum ms_code ms_writer_fence(const struct ms_writer *writer, struct ms_error *err)
{
    uint64_t current;
    enum ms_code code = ms_file_read(&writer->file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);

    if (code != MS_OK || current == writer->run_id)
        return code;
    if (is_row_lost_soon(writer))
        return ms_fail(
            err, MS_IO_ERROR,
            "%s was overwritten by another file while it was written: the results are lost; this run "
            "stops writing",
            writer->file.path);
    return ms_fail(err, MS_BUSY, "%s has been taken over by another run; this one stops writing",
                   writer->file.path);
}
