/* Finds or adds the row of /runs for what is taken over: a copy of the row in the older result, with the flag
 * MS_RUN_TAKEN_OVER, and with a command that begins with the name of the file and the number of the run.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "source.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "writer_state.h"

/* Reads run number `run` of the older result. If there is none, or it does not match its checksum, its values are those
 * of an unknown run. */
static enum ms_code read_run(const struct ms_older *older, int32_t run, struct ms_run_record *record,
                             struct ms_error *err)
{
    struct ms_record_layout layout;
    unsigned char *bytes;
    enum ms_code code;

    *record = (struct ms_run_record){
        .started = (double)NAN, .ended = (double)NAN, .core_seconds = (double)NAN};
    if (run < 0 || run >= MS_RUNS)
        return MS_OK;
    ms_record_layout(&older->file->shape, MS_RECORD_RUN, &layout);
    bytes = malloc(layout.bytes);
    if (bytes == NULL)
        return ms_fail_memory(err, older->file->path, "to read its runs");
    code = ms_records_read(older->file, &layout, run, 1, bytes, err);
    if (code == MS_OK && ms_record_checksum_ok(&layout, older->file->job_hash, run, 0, bytes))
        ms_record_unpack(&layout, bytes, record);
    free(bytes);
    return code;
}

/* Turns the record of a run of the older result into that of the new file. */
static enum ms_code describe(const struct ms_older *older, const struct ms_older_use *use, int32_t run,
                             struct ms_run_record *record, struct ms_error *err)
{
    const size_t bytes = (use->name == NULL ? 0 : strlen(use->name)) + sizeof record->command + 64;
    char *text = malloc(bytes);

    if (text == NULL)
        return ms_fail_memory(err, older->file->path, "to store its name");
    if (use->name == NULL) {
        memset(record->hosts, 0, sizeof record->hosts);
        memset(record->batch_job, 0, sizeof record->batch_job);
        (void)snprintf(text, bytes, "an older result, run %" PRId32, run);
    } else {
        (void)snprintf(text, bytes, "%s, run %" PRId32 ": %.*s", use->name, run, (int)sizeof record->command,
                       record->command);
    }
    ms_log_cut_text(text, record->command);
    free(text);
    record->how_ended |= MS_RUN_TAKEN_OVER;
    if (record->id == 0) /* an unknown run: a row whose id is 0 is free */
        record->id = ms_checksum_bytes(record->command, sizeof record->command) | 1;
    return MS_OK;
}

/* Sets *row to the row of /runs that is that of the record; -1: there is none. */
static enum ms_code find(const struct ms_writer *writer, const struct ms_run_record *record, int32_t *row,
                         struct ms_error *err)
{
    uint64_t ids[MS_RUNS];
    char command[MS_RUN_TEXT];
    uint8_t how_ended;
    enum ms_code code = ms_file_read(&writer->file, MS_VAR_RUN_ID, 0, MS_RUNS, ids, err);

    *row = -1;
    for (int32_t i = 0; code == MS_OK && *row < 0 && i < MS_RUNS; i++) {
        if (ids[i] != record->id)
            continue;
        code = ms_file_read(&writer->file, MS_VAR_RUN_COMMAND, i, 1, command, err);
        if (code == MS_OK)
            code = ms_file_read(&writer->file, MS_VAR_RUN_HOW_ENDED, i, 1, &how_ended, err);
        if (code == MS_OK && how_ended == record->how_ended &&
            memcmp(command, record->command, sizeof command) == 0)
            *row = i;
    }
    return code;
}

/* Writes the record to the first free row. Later runs use the last row, so that one is left to them. */
static enum ms_code add(struct ms_writer *writer, const struct ms_run_record *record, int32_t *row,
                        struct ms_error *err)
{
    enum ms_code code = ms_log_free_run(writer, row, err);

    if (code == MS_OK && *row == MS_RUNS - 1) {
        *row = writer->run_row;
        return MS_OK;
    }
    if (code == MS_OK)
        code = ms_writer_fence(writer, err);
    if (code == MS_OK)
        code = ms_log_write(writer, MS_RECORD_RUN, *row, record, err);
    if (code == MS_OK)
        ms_writer_note_written(writer);
    return code;
}

enum ms_code ms_source_row(const struct ms_older *older, const struct ms_older_use *use,
                           struct ms_writer *writer, int32_t run, int32_t *row, struct ms_error *err)
{
    struct ms_run_record record;
    int32_t found = -1;
    enum ms_code code = read_run(older, run, &record, err);

    if (code == MS_OK)
        code = describe(older, use, run, &record, err);
    if (code == MS_OK)
        code = find(writer, &record, &found, err);
    if (code == MS_OK && found < 0)
        code = add(writer, &record, &found, err);
    if (code == MS_OK)
        *row = found;
    return code;
}
