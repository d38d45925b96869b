/* What is wrong in a record whose checksum is wrong: one bit of the checksum, one bit of a value, or more, which nobody
 * can tell. */
#ifndef MOONSWEEP_STORE_RECORD_DAMAGE_H
#define MOONSWEEP_STORE_RECORD_DAMAGE_H

#include "verify_state.h"

/* A record under one of its checksums, and what that begins with. */
struct ms_checked_record {
    const struct ms_record_layout *layout;
    unsigned char *bytes; /* [layout->bytes] */
    uint64_t job_hash, cost_hash;
    int64_t index;
    enum ms_cover cover;
};

/* Whether the checksum of a struct ms_checked_record is right (an ms_one_bit_is_ok). */
bool ms_record_damage_none(const void *record);

/* Reports the bit that is wrong in a record, which is turned back; *found: there is one. Bits of what the job gives, whose
 * pages are verified, are not tried. Errors: MS_NO_MEMORY. */
enum ms_code ms_record_damage_bit(struct ms_verification *verification, struct ms_checked_record *record,
                                  bool *found, struct ms_error *err);

#endif
