#include "slot.h"

/* The stop rule's state stays 0: no rule uses it yet. */
void ms_slot_pack(const struct ms_record_layout *layout, const struct ms_slot_state *state,
                  const struct ms_network *network, unsigned char *slot)
{
    int32_t trajectory = (int32_t)state->trajectory;

    ms_record_put(layout, MS_VAR_SLOT_TRAJECTORY, &trajectory, slot);
    ms_record_put(layout, MS_VAR_SLOT_ITERATION, &state->iteration, slot);
    ms_record_put_f64(layout, MS_VAR_SLOT_SECONDS, state->seconds, slot);
    ms_record_put_network(layout, network, slot);
    ms_record_put(layout, MS_VAR_SLOT_COST_HASH, &state->cost_hash, slot);
}

struct ms_slot_state ms_slot_state(const struct ms_record_layout *layout, const unsigned char *slot)
{
    return (struct ms_slot_state){.trajectory = ms_record_i32(layout, slot, MS_VAR_SLOT_TRAJECTORY),
                                  .iteration = ms_record_i64(layout, slot, MS_VAR_SLOT_ITERATION),
                                  .seconds = ms_record_f64(layout, slot, MS_VAR_SLOT_SECONDS),
                                  .cost_hash = ms_record_u64(layout, slot, MS_VAR_SLOT_COST_HASH)};
}

/* ---- the checksum ----------------------------------------------------------------------------------- */

uint64_t ms_slot_checksum(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                          const unsigned char *slot)
{
    return ms_record_checksum(layout, MS_COVER_SLOT, 0, job_hash, index, slot);
}

void ms_slot_seal(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                  unsigned char *slot)
{
    uint64_t sum = ms_slot_checksum(layout, job_hash, index, slot);

    ms_record_put(layout, MS_VAR_SLOT_CHECKSUM, &sum, slot);
}

bool ms_slot_holds(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                   const unsigned char *slot)
{
    return ms_record_u64(layout, slot, MS_VAR_SLOT_CHECKSUM) ==
           ms_slot_checksum(layout, job_hash, index, slot);
}

/* ---- writing ---------------------------------------------------------------------------------------- */

enum ms_code ms_slot_write_data(const struct ms_file *file, const struct ms_record_layout *layout,
                                int64_t index, const unsigned char *slot, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (enum ms_variable v = layout->first; code == MS_OK && v < layout->end; v++)
        if (v != MS_VAR_SLOT_CHECKSUM)
            code = ms_file_write(file, v, index, 1, slot + layout->offset[v], err);
    return code;
}

enum ms_code ms_slot_write_checksum(const struct ms_file *file, const struct ms_record_layout *layout,
                                    int64_t index, const unsigned char *slot, struct ms_error *err)
{
    return ms_file_write(file, MS_VAR_SLOT_CHECKSUM, index, 1, slot + layout->offset[MS_VAR_SLOT_CHECKSUM],
                         err);
}
