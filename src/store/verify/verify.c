/* Verifies in an order in which each step may rely on the earlier ones: the pages, before HDF5 opens the
 * file; what never changes, value by value; then the data sets, runs, leases, rows and checkpoints. These
 * last steps read the original bytes of corrupt pages where they are known.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/verify.h"

#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "finding.h"
#include "moonsweep/version.h"
#include "places.h"
#include "verify_state.h"

static enum ms_code fail_memory(const char *path, struct ms_error *err)
{
    return ms_fail_memory(err, path, "to verify it");
}

/* Makes all further reads return the original bytes where they are known. */
static void use_patches(struct ms_verification *verification)
{
    struct ms_file *file = &verification->reader->file;

    file->patches = verification->patches.list;
    file->n_patches = verification->patches.count;
    verification->file = file;
}

static enum ms_code open_file(struct ms_verification *verification, struct ms_error *err)
{
    bool is_structure_ok;
    enum ms_code code = ms_verify_pages(verification, &is_structure_ok, err);

    if (code != MS_OK || !is_structure_ok)
        return code;
    code = ms_reader_open(verification->path, &verification->reader, err);
    if (code == MS_OK && !verification->summary.refused)
        code = ms_places_check(&verification->reader->file, err);
    if (code != MS_OK)
        return code;
    verification->summary.readable = true;
    code = ms_verify_final_values(verification, err);
    use_patches(verification);
    return code;
}

enum ms_code ms_verify_open(const char *path, const struct ms_verify_report *report,
                            struct ms_verification **verification, struct ms_error *err)
{
    struct ms_verification *opened = calloc(1, sizeof *opened);
    enum ms_code code;

    if (opened == NULL || (opened->path = strdup(path)) == NULL) {
        free(opened);
        return fail_memory(path, err);
    }
    opened->report = *report;
    code = open_file(opened, err);
    if (code == MS_OK)
        *verification = opened;
    else
        ms_verify_close(opened);
    return code;
}

void ms_verify_close(struct ms_verification *verification)
{
    if (verification == NULL)
        return;
    ms_reader_close(verification->reader);
    ms_trajectories_free(&verification->trajectories);
    ms_patches_free(&verification->patches);
    free(verification->finished);
    free(verification->longest);
    free(verification->path);
    free(verification);
}

struct ms_reader *ms_verify_reader(struct ms_verification *verification)
{
    return verification->reader;
}

/* ---- the steps -------------------------------------------------------------------------------------- */

/* Compares the data sets with their own checksums. The pages cover them too; if there are no pages, this
 * is the only check. */
static enum ms_code verify_datasets(struct ms_verification *verification, struct ms_error *err)
{
    const struct ms_file *file = verification->file;
    enum ms_code code = MS_OK;

    for (int64_t d = 0; code == MS_OK && d < file->shape.size[MS_DIM_DATASET]; d++) {
        struct ms_dataset data = {0};
        uint64_t stored, expected;

        code = ms_file_read(file, MS_VAR_DATA_CHECKSUM, d, 1, &stored, err);
        if (code == MS_OK)
            code = ms_reader_samples(file, (int32_t)d, &data, err);
        if (code != MS_OK)
            break;
        expected = ms_checksum_dataset(&data);
        if (stored != expected)
            ms_finding_values(verification, MS_VAR_DATA_CHECKSUM, d, &stored, &expected);
        ms_dataset_free(&data);
    }
    return code;
}

/* Runs the steps in order; each may rely on the earlier ones. */
static enum ms_code run_steps(struct ms_verification *verification, struct ms_error *err)
{
    static const struct {
        enum ms_code (*step)(struct ms_verification *verification, struct ms_error *err);
        enum ms_finding_kind kind;
    } steps[] = {
        {verify_datasets, MS_FINDING_PERMANENT},   {ms_verify_runs, MS_FINDING_REPAIRABLE},
        {ms_verify_leases, MS_FINDING_REPAIRABLE}, {ms_verify_rows, MS_FINDING_REPAIRABLE},
        {ms_verify_slots, MS_FINDING_REPAIRABLE},
    };
    enum ms_code code = MS_OK;

    for (size_t i = 0; code == MS_OK && i < sizeof steps / sizeof steps[0]; i++) {
        verification->kind = verification->summary.refused ? MS_FINDING_PERMANENT : steps[i].kind;
        code = steps[i].step(verification, err);
    }
    return code;
}

enum ms_code ms_verify_file(struct ms_verification *verification, struct ms_verify_summary *summary,
                            struct ms_error *err)
{
    const struct ms_file *file = verification->file;
    enum ms_code code;

    if (verification->reader == NULL) {
        *summary = verification->summary;
        return MS_OK;
    }
    verification->summary.configs = file->shape.size[MS_DIM_CONFIG];
    verification->summary.trajectories = file->shape.size[MS_DIM_TRAJECTORY];
    verification->summary.refused |= file->numerics != MS_NUMERICS;
    verification->finished = calloc((size_t)verification->summary.trajectories, sizeof(bool));
    verification->longest = calloc((size_t)verification->summary.trajectories, sizeof(int64_t));
    if (verification->finished == NULL || verification->longest == NULL)
        return fail_memory(verification->path, err);
    code = ms_trajectories_read(file, &verification->trajectories, err);
    if (code == MS_OK)
        code = run_steps(verification, err);
    if (code == MS_OK)
        *summary = verification->summary;
    return code;
}
