/* Verifies checkpoints. A slot that does not match its checksum is not corrupt in itself: a killed run may
 * leave one half-written, and by C1 and C2 of docs/file-format.md the other one is intact. It is corrupt
 * if a single bit is wrong. The contents of slots of finished trajectories are irrelevant.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "costs.h"
#include "finding.h"
#include "record_damage.h"
#include "walk.h"

/* The slots that are being verified. */
struct slots {
    struct ms_verification *verification;
    struct ms_record_layout layout;
};

/* Returns whether the trajectory still needs its checkpoints. */
static bool is_under_way(const struct ms_verification *verification, int64_t trajectory)
{
    return trajectory >= 0 && trajectory < verification->file->shape.size[MS_DIM_TRAJECTORY] &&
           !verification->finished[trajectory];
}

/* Reports a flipped bit, if the trajectory needs the slot and a single bit is wrong. */
static enum ms_code verify_damaged(struct slots *slots, struct ms_checked_record *record,
                                   const struct ms_slot_record *stored, struct ms_error *err)
{
    struct ms_verification *verification = slots->verification;
    const int64_t trajectories = verification->file->shape.size[MS_DIM_TRAJECTORY];
    bool found;
    enum ms_code code;

    /* After a power cut, even the trajectory of the slot may be any number. */
    if (stored->trajectory >= 0 && stored->trajectory < trajectories &&
        verification->finished[stored->trajectory])
        return MS_OK;
    code = ms_record_damage_bit(verification, record, &found, err);
    if (code == MS_OK && !found)
        verification->summary.half_written++;
    return code;
}

/* Verifies the costs that a checkpoint was written with. */
static enum ms_code verify_costs(struct ms_verification *verification, int64_t index,
                                 const struct ms_slot_record *slot, struct ms_error *err)
{
    const struct ms_costs costs = ms_trajectories_costs(&verification->trajectories, slot->trajectory);
    const int64_t longest = verification->longest[slot->trajectory];
    bool have;
    enum ms_code code;

    if (slot->iteration < 1 || slot->iteration >= longest) {
        ms_finding_rule(verification, MS_VAR_SLOT_ITERATION, index, 0, &slot->iteration, "from 1 to %" PRId64,
                        longest - 1);
        return MS_OK;
    }
    code = ms_costs_have_hash(verification->file, &costs, ms_costs_within(&costs, slot->iteration),
                              slot->cost_hash, &have, err);
    if (code == MS_OK && !have)
        ms_finding_rule(verification, MS_VAR_SLOT_COST_HASH, index, 0, &slot->cost_hash,
                        "the hash of the costs before it");
    return code;
}

static enum ms_code verify_slot(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct slots *slots = context;
    struct ms_verification *verification = slots->verification;
    struct ms_checked_record record = {.layout = &slots->layout,
                                       .bytes = bytes,
                                       .job_hash = verification->file->job_hash,
                                       .index = index,
                                       .cover = MS_COVER_RECORD};
    struct ms_slot_record slot;

    ms_record_unpack(&slots->layout, bytes, &slot);
    if (slot.trajectory == -1 && slot.checksum == 0) /* the slot was never written */
        return MS_OK;
    if (!ms_record_damage_none(&record))
        return verify_damaged(slots, &record, &slot, err);
    if (!is_under_way(verification, slot.trajectory))
        return MS_OK;
    verification->summary.checkpoints++;
    return verify_costs(verification, index, &slot, err);
}

/* Returns whether all trajectories are finished, so that no checkpoint is needed. */
static bool is_all_finished(const struct ms_verification *verification)
{
    bool is = true;

    for (int64_t t = 0; is && t < verification->file->shape.size[MS_DIM_TRAJECTORY]; t++)
        is = verification->finished[t];
    return is;
}

enum ms_code ms_verify_slots(struct ms_verification *verification, struct ms_error *err)
{
    struct slots slots = {.verification = verification};

    if (is_all_finished(verification))
        return MS_OK;
    ms_record_layout(&verification->file->shape, MS_RECORD_SLOT, &slots.layout);
    return ms_walk_records(verification->file, &slots.layout, verify_slot, &slots, err);
}
