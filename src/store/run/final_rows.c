/* What the final rows of a trajectory tell a run that continues it. A final row never changes; those that must be
 * trained again are made pending before any rank trains (reopen.c).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/writer.h"
#include "writer_state.h"

enum ms_code ms_writer_is_final(const struct ms_writer *writer, int64_t config, bool *is_final,
                                struct ms_error *err)
{
    uint8_t status;
    const enum ms_code code = ms_file_read(&writer->file, MS_VAR_STATUS, config, 1, &status, err);

    if (code == MS_OK)
        *is_final = status != MS_PENDING;
    return code;
}

/* Sets *end to where the rule about time has ended the trajectory, if the row of this configuration says so. */
static enum ms_code look_at(const struct ms_writer *writer, int64_t config, int64_t *end,
                            struct ms_error *err)
{
    uint8_t status, ended_by;
    enum ms_code code = ms_file_read(&writer->file, MS_VAR_STATUS, config, 1, &status, err);

    if (code != MS_OK || status != MS_STOPPED)
        return code;
    code = ms_file_read(&writer->file, MS_VAR_ENDED_BY, config, 1, &ended_by, err);
    if (code != MS_OK || ended_by != MS_ENDED_BY_TIME)
        return code;
    return ms_file_read(&writer->file, MS_VAR_ITERATIONS_DONE, config, 1, end, err);
}

enum ms_code ms_writer_time_end(const struct ms_writer *writer, int64_t count,
                                const struct ms_grid_member *members, int64_t *end, struct ms_error *err)
{
    int64_t found = 0;
    enum ms_code code = MS_OK;

    for (int64_t i = 0; code == MS_OK && found == 0 && i < count; i++)
        code = look_at(writer, members[i].config, &found, err);
    if (code == MS_OK)
        *end = found;
    return code;
}
