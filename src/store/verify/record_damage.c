/* Tries the bits of a record from the first value that runs write to the end, checksums included. The search
 * repairs the record in place, so a copy made before tells what was stored.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "record_damage.h"

#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "one_bit.h"

static uint64_t expected_checksum(const struct ms_checked_record *record)
{
    return ms_record_checksum(record->layout, record->cover, record->job_hash, record->index,
                              record->cost_hash, record->bytes);
}

bool ms_record_damage_none(const void *context)
{
    const struct ms_checked_record *record = context;

    return ms_record_stored_checksum(record->layout, record->cover, record->bytes) ==
           expected_checksum(record);
}

/* Returns the offset of the first value that runs write. */
static size_t first_written(const struct ms_record_layout *layout)
{
    enum ms_variable variable = layout->first;

    while (!ms_schema_is_writable(variable))
        variable++;
    return layout->offset[variable];
}

enum ms_code ms_record_damage_bit(struct ms_verification *verification, struct ms_checked_record *record,
                                  bool *found, struct ms_error *err)
{
    const struct ms_record_layout *layout = record->layout;
    const size_t skipped = first_written(layout);
    unsigned char *damaged = malloc(layout->bytes);
    enum ms_variable variable;
    size_t byte;

    if (damaged == NULL)
        return ms_fail_memory(err, verification->path, "to verify a %s", ms_record_name(layout->kind, 1));
    memcpy(damaged, record->bytes, layout->bytes);
    *found = ms_one_bit_find(record->bytes + skipped, layout->bytes - skipped, layout->bytes,
                             ms_record_damage_none, record, &byte);
    if (*found) {
        variable = ms_record_variable_at(layout, skipped + byte);
        ms_finding_values(verification, variable, record->index, damaged + layout->offset[variable],
                          record->bytes + layout->offset[variable]);
    }
    free(damaged);
    return MS_OK;
}
