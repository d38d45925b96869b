/* Verifies /runs and /leases. A row that does not match its checksum is corrupt if a single bit is wrong;
 * otherwise a run was killed while writing it, which is no corruption.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */

#include "finding.h"
#include "record_damage.h"
#include "run_id.h"
#include "walk.h"

/* The table that is being verified. */
struct table {
    struct ms_verification *verification;
    struct ms_record_layout layout;
    struct ms_run_id current, stop; /* runs/current, the run that may write, and runs/stop */
};

bool ms_verify_is_settled(const struct ms_verification *verification, int32_t run)
{
    /* Several runs may have used the last row. */
    return run >= 0 && run < MS_RUNS - 1 &&
           (verification->how_ended[run] == MS_RUN_FINISHED ||
            verification->how_ended[run] == MS_RUN_STOPPED);
}

/* Sets *ok to whether the record matches its checksum, possibly after the repair of a bit. */
static enum ms_code check_record(struct table *table, int64_t index, unsigned char *bytes, bool *ok,
                                 struct ms_error *err)
{
    struct ms_checked_record record = {.layout = &table->layout,
                                       .bytes = bytes,
                                       .job_hash = table->verification->file->job_hash,
                                       .index = index,
                                       .cover = MS_COVER_RECORD};

    *ok = ms_record_damage_none(&record);
    return *ok ? MS_OK : ms_record_damage_bit(table->verification, &record, ok, err);
}

static enum ms_code verify_run(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct table *table = context;
    struct ms_run_record run;
    bool ok;
    enum ms_code code;

    ms_record_unpack(&table->layout, bytes, &run);
    if (run.checksum == 0)
        return MS_OK;
    code = check_record(table, index, bytes, &ok, err);
    if (code != MS_OK || !ok)
        return code;
    ms_record_unpack(&table->layout, bytes, &run);
    table->verification->how_ended[index] = run.how_ended;
    ms_run_id_compare(&table->current, run.id);
    ms_run_id_compare(&table->stop, run.id);
    if (run.id == table->current.stored && run.how_ended == MS_RUN_RUNNING)
        table->verification->summary.running = true;
    return MS_OK;
}

static void report_id(struct ms_verification *verification, enum ms_variable variable,
                      const struct ms_run_id *id)
{
    if (ms_run_id_is_damaged(id))
        ms_finding_values(verification, variable, 0, &id->stored, &id->expected);
}

enum ms_code ms_verify_runs(struct ms_verification *verification, struct ms_error *err)
{
    struct table table = {.verification = verification};
    uint64_t current, stop;
    enum ms_code code = ms_file_read(verification->file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);

    if (code == MS_OK)
        code = ms_file_read(verification->file, MS_VAR_RUN_STOP, 0, 1, &stop, err);
    if (code != MS_OK)
        return code;
    ms_run_id_begin(&table.current, current);
    ms_run_id_begin(&table.stop, stop);
    ms_record_layout(&verification->file->shape, MS_RECORD_RUN, &table.layout);
    code = ms_walk_records(verification->file, &table.layout, verify_run, &table, err);
    if (code == MS_OK) {
        report_id(verification, MS_VAR_RUN_CURRENT, &table.current);
        report_id(verification, MS_VAR_RUN_STOP, &table.stop);
    }
    return code;
}

static enum ms_code verify_lease(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct table *table = context;
    struct ms_lease_record lease;
    bool ok;

    ms_record_unpack(&table->layout, bytes, &lease);
    return lease.checksum == 0 ? MS_OK : check_record(table, index, bytes, &ok, err);
}

enum ms_code ms_verify_leases(struct ms_verification *verification, struct ms_error *err)
{
    struct table table = {.verification = verification};

    ms_record_layout(&verification->file->shape, MS_RECORD_LEASE, &table.layout);
    return ms_walk_records(verification->file, &table.layout, verify_lease, &table, err);
}
