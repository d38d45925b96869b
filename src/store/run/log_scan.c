/* Scans /runs and /leases when a run resumes a file: repairs single flipped bits, and finds the first free
 * lease.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "one_bit.h"
#include "run_id.h"
#include "walk.h"
#include "writer_state.h"

struct log_pass {
    const struct ms_writer *writer;
    struct ms_record_layout layout; /* of runs, then of leases */
    struct ms_run_id current, stop; /* runs/current and runs/stop */
    int64_t next_lease;
};

/* A record for ms_one_bit_find. */
struct candidate {
    const struct log_pass *pass;
    int64_t index;
    const unsigned char *bytes;
};

static bool is_ok(const void *context)
{
    const struct candidate *one = context;

    return ms_record_checksum_ok(&one->pass->layout, one->pass->writer->file.job_hash, one->index, 0,
                                 one->bytes);
}

/* Repairs a single flipped bit, and sets *is_whole to whether the record matches its checksum then. Any
 * other record with a checksum mismatch is free, or was left half-written by a killed run. */
static enum ms_code repair_log(const struct log_pass *pass, int64_t index, unsigned char *bytes,
                               bool *is_whole, struct ms_error *err)
{
    const struct ms_record_layout *layout = &pass->layout;
    const struct candidate candidate = {.pass = pass, .index = index, .bytes = bytes};
    enum ms_variable variable;
    size_t byte;

    *is_whole = is_ok(&candidate);
    if (*is_whole)
        return MS_OK;
    *is_whole = ms_one_bit_find(bytes, layout->bytes, layout->bytes, is_ok, &candidate, &byte);
    if (!*is_whole)
        return MS_OK;
    variable = ms_record_variable_at(layout, byte);
    return ms_file_write(&pass->writer->file, variable, index, 1, bytes + layout->offset[variable], err);
}

/* A checksum of 0 means that the row is free or half-written. */
static enum ms_code scan_run(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct log_pass *pass = context;
    struct ms_run_record run;
    bool is_whole;
    enum ms_code code;

    if (ms_record_stored_checksum(&pass->layout, MS_COVER_RECORD, bytes) == 0)
        return MS_OK;
    code = repair_log(pass, index, bytes, &is_whole, err);
    if (code == MS_OK && is_whole) {
        ms_record_unpack(&pass->layout, bytes, &run);
        ms_run_id_compare(&pass->current, run.id);
        ms_run_id_compare(&pass->stop, run.id);
    }
    return code;
}

static enum ms_code read_id(const struct log_pass *pass, enum ms_variable variable, struct ms_run_id *id,
                            struct ms_error *err)
{
    uint64_t stored;
    enum ms_code code = ms_file_read(&pass->writer->file, variable, 0, 1, &stored, err);

    if (code == MS_OK)
        ms_run_id_begin(id, stored);
    return code;
}

static enum ms_code repair_id(const struct log_pass *pass, enum ms_variable variable,
                              const struct ms_run_id *id, struct ms_error *err)
{
    return ms_run_id_is_damaged(id) ? ms_file_write(&pass->writer->file, variable, 0, 1, &id->expected, err)
                                    : MS_OK;
}

/* Rows that do not match their checksum may be overwritten. */
static enum ms_code scan_lease(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct log_pass *pass = context;
    uint64_t checksum = ms_record_stored_checksum(&pass->layout, MS_COVER_RECORD, bytes);
    bool is_whole = false;
    enum ms_code code = MS_OK;

    if (checksum != 0)
        code = repair_log(pass, index, bytes, &is_whole, err);
    if (code == MS_OK && is_whole)
        pass->next_lease = index + 1;
    return code;
}

static enum ms_code scan_table(struct log_pass *pass, enum ms_record_kind kind, ms_walk_record_visit *visit,
                               struct ms_error *err)
{
    ms_record_layout(&pass->writer->file.shape, kind, &pass->layout);
    return ms_walk_records(&pass->writer->file, &pass->layout, visit, pass, err);
}

enum ms_code ms_log_scan(const struct ms_writer *writer, int64_t *next_lease, struct ms_error *err)
{
    struct log_pass pass = {.writer = writer};
    enum ms_code code = read_id(&pass, MS_VAR_RUN_CURRENT, &pass.current, err);

    if (code == MS_OK)
        code = read_id(&pass, MS_VAR_RUN_STOP, &pass.stop, err);
    if (code == MS_OK)
        code = scan_table(&pass, MS_RECORD_RUN, scan_run, err);
    if (code == MS_OK)
        code = repair_id(&pass, MS_VAR_RUN_CURRENT, &pass.current, err);
    if (code == MS_OK)
        code = repair_id(&pass, MS_VAR_RUN_STOP, &pass.stop, err);
    if (code == MS_OK)
        code = scan_table(&pass, MS_RECORD_LEASE, scan_lease, err);
    if (code == MS_OK)
        *next_lease = pass.next_lease;
    return code;
}
