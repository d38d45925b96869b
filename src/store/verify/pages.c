/* Verifies what never changes by the checksums of its pages. Corrupt variables and scales are reported by
 * value, the structure by its place.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "finding.h"
#include "pages.h"

/* The state of ms_verify_pages. */
struct pass {
    struct ms_verification *verification;
    bool is_structure_ok, no_memory;
};

/* ---- by place --------------------------------------------------------------------------------------- */

/* Reports "structure, byte 2048", or "X_train, byte 17" if HDF5 cannot tell which value that is. */
static void report_bytes(struct ms_verification *verification, const struct ms_pages_damage *damage)
{
    char name[64] = "structure", place[MS_FINDING_TEXT], stored[8], expected[8];
    const int id = damage->id;

    if (id >= MS_VARIABLE_COUNT)
        ms_schema_path(ms_schema_dimensions[id - MS_VARIABLE_COUNT].group,
                       ms_schema_dimensions[id - MS_VARIABLE_COUNT].name, sizeof name, name);
    else if (id >= 0)
        ms_schema_path(ms_schema[id].group, ms_schema[id].name, sizeof name, name);
    for (size_t i = 0; i < damage->count; i++) {
        if (damage->expected != NULL && damage->stored[i] == damage->expected[i])
            continue;
        (void)snprintf(place, sizeof place, "%s, byte %" PRIu64, name, damage->offset - damage->start + i);
        (void)snprintf(stored, sizeof stored, "0x%02x", damage->stored[i]);
        if (damage->expected != NULL)
            (void)snprintf(expected, sizeof expected, "0x%02x", damage->expected[i]);
        ms_finding_report(verification, place, -1, stored, damage->expected == NULL ? "unknown" : expected);
        if (damage->expected == NULL) /* one finding represents the whole page */
            return;
    }
}

/* ---- collecting ------------------------------------------------------------------------------------- */

static void visit(void *context, const struct ms_pages_damage *damage)
{
    struct pass *pass = context;
    struct ms_verification *verification = pass->verification;

    if (damage->expected == NULL || damage->id == MS_PAGES_STRUCTURE ||
        damage->id == MS_VAR_INTEGRITY_PAGES) {
        verification->kind = damage->expected == NULL ? MS_FINDING_PERMANENT : MS_FINDING_REPAIRABLE;
        pass->is_structure_ok &= damage->id != MS_PAGES_STRUCTURE;
        report_bytes(verification, damage);
        return;
    }
    if (damage->id >= MS_VARIABLE_COUNT)
        verification->scale_start[damage->id - MS_VARIABLE_COUNT] = damage->start;
    pass->no_memory |= !ms_patches_add(&verification->patches, damage);
}

/* Reports the patches by their place if HDF5 may not be used to find the values. */
static void report_patches(struct ms_verification *verification)
{
    verification->kind = MS_FINDING_REPAIRABLE;
    for (size_t i = 0; i < verification->patches.count; i++) {
        char place[MS_FINDING_TEXT];

        (void)snprintf(place, sizeof place, "bytes %" PRIu64 " to %" PRIu64 " of the file",
                       verification->patches.list[i].offset,
                       verification->patches.list[i].offset + verification->patches.list[i].count - 1);
        ms_finding_report(verification, place, -1, "corrupt", "as in the second copy");
    }
}

enum ms_code ms_verify_pages(struct ms_verification *verification, bool *is_structure_ok,
                             struct ms_error *err)
{
    const char *path = verification->path;
    struct pass pass = {.verification = verification, .is_structure_ok = true};
    int descriptor;
    enum ms_pages_state state;
    enum ms_code code = ms_file_descriptor(path, O_RDONLY, &descriptor, err);

    if (code != MS_OK)
        return code;
    code = ms_pages_check(path, descriptor, visit, &pass, &state, err);
    (void)close(descriptor);
    if (code == MS_OK && pass.no_memory)
        code = ms_fail_memory(err, path, "to verify it");
    if (code != MS_OK)
        return code;
    verification->summary.rewritten = state == MS_PAGES_NONE;
    verification->summary.refused = state == MS_PAGES_NONE || state == MS_PAGES_DAMAGED;
    *is_structure_ok = pass.is_structure_ok;
    if (!pass.is_structure_ok)
        report_patches(verification);
    return MS_OK;
}

/* ---- by value --------------------------------------------------------------------------------------- */

/* Finds the variable and the row at a place of the file; false if there is none. */
static bool find_row(const struct ms_file *file, uint64_t offset, enum ms_variable *variable, int64_t *row)
{
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        const int64_t rows = ms_schema_rows(&file->shape, (enum ms_variable)v);

        if (offset < file->offset[v] || offset >= ms_file_place(file, (enum ms_variable)v, rows))
            continue;
        *variable = (enum ms_variable)v;
        *row = (int64_t)((offset - file->offset[v]) / ms_schema_row_bytes(&file->shape, *variable));
        return true;
    }
    return false;
}

/* Reports the values in which a row differs from the right one, which `right` reads with patches. */
static enum ms_code report_row(struct ms_verification *verification, const struct ms_file *right,
                               enum ms_variable variable, int64_t row, struct ms_error *err)
{
    const struct ms_file *file = verification->file;
    const size_t width = ms_schema_row_bytes(&file->shape, variable);
    unsigned char *stored = malloc(2 * width), *expected;
    enum ms_code code;

    if (stored == NULL)
        return ms_fail_memory(err, file->path, "to verify it");
    expected = stored + width;
    code = ms_file_read(file, variable, row, 1, stored, err);
    if (code == MS_OK)
        code = ms_file_read(right, variable, row, 1, expected, err);
    if (code == MS_OK)
        ms_finding_values(verification, variable, row, stored, expected);
    free(stored);
    return code;
}

/* Reports the value of a scale at a place of the file; the right value is its own position. *next is set
 * to the place of the next value. */
static enum ms_code report_scale(struct ms_verification *verification, uint64_t offset, uint64_t *next,
                                 struct ms_error *err)
{
    const struct ms_file *file = verification->file;
    char name[64], place[MS_FINDING_TEXT], found[MS_FINDING_TEXT], right[MS_FINDING_TEXT];
    int64_t stored, index = 0;
    int d = 0, cause;

    while (d < MS_DIM_COUNT - 1 &&
           (verification->scale_start[d] == 0 || offset < verification->scale_start[d] ||
            offset - verification->scale_start[d] >= (uint64_t)file->shape.size[d] * sizeof stored))
        d++;
    index = (int64_t)((offset - verification->scale_start[d]) / sizeof stored);
    *next = verification->scale_start[d] + (uint64_t)(index + 1) * sizeof stored;
    cause = ms_bytes_read(file->descriptor, *next - sizeof stored, sizeof stored, &stored);
    if (cause != 0)
        return ms_fail(err, MS_IO_ERROR, "%s: reading the scale %s failed: %s", file->path,
                       ms_schema_dimensions[d].name, ms_bytes_reason(cause));
    ms_schema_path(ms_schema_dimensions[d].group, ms_schema_dimensions[d].name, sizeof name, name);
    (void)snprintf(place, sizeof place, "%s[%" PRId64 "]", name, index);
    (void)snprintf(found, sizeof found, "%" PRId64, stored);
    (void)snprintf(right, sizeof right, "%" PRId64, index);
    ms_finding_report(verification, place, -1, found, right);
    return MS_OK;
}

enum ms_code ms_verify_final_values(struct ms_verification *verification, struct ms_error *err)
{
    struct ms_file right = verification->reader->file;
    enum ms_variable variable;
    int64_t row;
    uint64_t done = 0; /* everything before this place has been reported */
    enum ms_code code = MS_OK;

    verification->file = &verification->reader->file;
    verification->kind = MS_FINDING_REPAIRABLE;
    right.patches = verification->patches.list;
    right.n_patches = verification->patches.count;
    for (size_t i = 0; code == MS_OK && i < verification->patches.count; i++) {
        const struct ms_file_patch *patch = &verification->patches.list[i];

        for (uint64_t at = patch->offset > done ? patch->offset : done;
             code == MS_OK && at < patch->offset + patch->count; at = done) {
            if (find_row(&right, at, &variable, &row)) {
                code = report_row(verification, &right, variable, row, err);
                done = ms_file_place(&right, variable, row + 1);
            } else {
                code = report_scale(verification, at, &done, err);
            }
        }
    }
    return code;
}
