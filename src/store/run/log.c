/* Writes /runs and /leases: when which run used the file, and which rank trained what. Each row is a
 * record with a checksum.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/clock.h"
#include "moonsweep/version.h"
#include "moonsweep/writer.h"
#include "run_id.h"
#include "writer_state.h"

enum ms_code ms_log_write(const struct ms_writer *writer, enum ms_record_kind kind, int64_t index,
                          const void *fields, struct ms_error *err)
{
    struct ms_record_layout layout;
    unsigned char *bytes;
    enum ms_code code;

    ms_record_layout(&writer->file.shape, kind, &layout);
    bytes = calloc(1, layout.bytes);
    if (bytes == NULL)
        return ms_fail_memory(err, writer->file.path, "to write a %s", ms_record_name(kind, 1));
    ms_record_pack(&layout, fields, NULL, bytes);
    ms_record_set_checksums(&layout, writer->file.job_hash, index, 0, bytes);
    code = ms_record_write_data(&writer->file, &layout, index, bytes, err);
    if (code == MS_OK)
        code = ms_record_write_checksum(&writer->file, &layout, index, bytes, err);
    free(bytes);
    return code;
}

/* ---- runs ------------------------------------------------------------------------------------------- */

enum ms_code ms_log_free_run(const struct ms_writer *writer, int32_t *row, struct ms_error *err)
{
    uint64_t ids[MS_RUNS];
    int64_t free_row = 0;
    enum ms_code code = ms_file_read(&writer->file, MS_VAR_RUN_ID, 0, MS_RUNS, ids, err);

    while (code == MS_OK && free_row < MS_RUNS - 1 && ids[free_row] != 0)
        free_row++;
    if (code == MS_OK)
        *row = (int32_t)free_row;
    return code;
}

/* Sets *id to the id that the run has been given, or to a random one. */
static enum ms_code choose_id(uint64_t given, uint64_t *id, struct ms_error *err)
{
    *id = given != 0 ? given : ms_run_id_random();
    if (*id == 0)
        return ms_fail(err, MS_INTERNAL, "the system returned no random number for the run: %s",
                       strerror(errno));
    return MS_OK;
}

void ms_log_cut_text(const char *text, char *row)
{
    size_t length = strlen(text);

    if (length > MS_RUN_TEXT) {
        length = MS_RUN_TEXT;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    memset(row, 0, MS_RUN_TEXT);
    memcpy(row, text, length);
}

enum ms_code ms_writer_run_begin(struct ms_writer *writer, const struct ms_run_info *info, uint64_t *id,
                                 int32_t *row, struct ms_error *err)
{
    struct ms_run_record *run = calloc(1, sizeof *run);
    char program[128];
    int32_t new_row = 0;
    enum ms_code code;

    if (run == NULL)
        return ms_fail_memory(err, writer->file.path, "to begin a run");
    free(writer->run);
    writer->run = run;
    run->started = ms_clock_wall_s();
    run->ended = run->core_seconds = (double)NAN;
    run->ranks = info->ranks;
    run->how_ended = MS_RUN_RUNNING;
    (void)snprintf(program, sizeof program, "%s (%s)", ms_version, ms_git_commit);
    ms_log_cut_text(info->hosts, run->hosts);
    ms_log_cut_text(program, run->version);
    ms_log_cut_text(info->isa, run->isa);
    ms_log_cut_text(info->kernels, run->kernels);
    ms_log_cut_text(info->command, run->command);
    ms_log_cut_text(info->batch_job, run->batch_job);
    code = ms_log_free_run(writer, &new_row, err);
    if (code == MS_OK)
        code = choose_id(info->id, &run->id, err);
    if (code == MS_OK)
        code = ms_log_write(writer, MS_RECORD_RUN, new_row, run, err);
    if (code == MS_OK)
        code = ms_file_write(&writer->file, MS_VAR_RUN_CURRENT, 0, 1, &run->id, err);
    if (code == MS_OK)
        code = ms_writer_sync(writer, err);
    if (code != MS_OK)
        return code;
    ms_writer_run_join(writer, run->id, new_row);
    *id = run->id;
    *row = new_row;
    return MS_OK;
}

void ms_writer_run_join(struct ms_writer *writer, uint64_t id, int32_t row)
{
    writer->run_id = id;
    writer->run_row = row;
}

enum ms_code ms_writer_run_end(struct ms_writer *writer, double core_seconds, unsigned how_ended,
                               struct ms_error *err)
{
    struct ms_run_record *run = writer->run;
    enum ms_code code = ms_writer_fence(writer, err);

    if (code != MS_OK)
        return code;
    run->ended = ms_clock_wall_s();
    run->core_seconds = core_seconds;
    run->how_ended = (uint8_t)how_ended;
    code = ms_log_write(writer, MS_RECORD_RUN, writer->run_row, run, err);
    return code == MS_OK ? ms_writer_sync(writer, err) : code;
}

/* ---- leases ----------------------------------------------------------------------------------------- */

int64_t ms_writer_lease_rows(const struct ms_writer *writer)
{
    return writer->file.shape.size[MS_DIM_LEASE];
}

enum ms_code ms_writer_lease(struct ms_writer *writer, const struct ms_writer_lease *lease, bool *full,
                             struct ms_error *err)
{
    const struct ms_lease_record record = {
        .run = writer->run_row,
        .rank = lease->rank,
        .first_trajectory = lease->first_trajectory,
        .count = lease->count,
        .from_iteration = lease->from_iteration,
        .to_iteration = lease->to_iteration,
        .started = lease->started,
        .finished = lease->finished,
    };
    enum ms_code code;

    *full = lease->row >= ms_writer_lease_rows(writer);
    if (*full)
        return MS_OK;
    code = ms_writer_fence(writer, err); /* another run may have begun and use this row */
    return code == MS_OK ? ms_log_write(writer, MS_RECORD_LEASE, lease->row, &record, err) : code;
}
