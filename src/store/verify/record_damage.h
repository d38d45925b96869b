/* Finds out what is wrong in a record that does not match its checksum: one bit of the checksum, one bit
 * of a value, or more, which nobody can tell.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_RECORD_DAMAGE_H
#define MOONSWEEP_STORE_RECORD_DAMAGE_H

#include "verify_state.h"

/* A record, one of its checksums, and the other inputs of that checksum. */
struct ms_checked_record {
    const struct ms_record_layout *layout;
    unsigned char *bytes; /* [layout->bytes] */
    uint64_t job_hash, cost_hash;
    int64_t index;
    enum ms_cover cover;
};

/* Returns whether the checksum of a struct ms_checked_record matches (an ms_one_bit_is_ok). */
bool ms_record_damage_none(const void *record);

/* If a single bit is wrong in a record, reports it, repairs it in record->bytes, and sets *found. Bits of
 * job inputs are not tried, since their pages are verified. Errors: MS_NO_MEMORY. */
enum ms_code ms_record_damage_bit(struct ms_verification *verification, struct ms_checked_record *record,
                                  bool *found, struct ms_error *err);

#endif
