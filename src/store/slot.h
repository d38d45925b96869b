/* A checkpoint slot: the record (record.h) of the variables along `slot`.
 *
 *     struct ms_record_layout layout;
 *     ms_record_layout(&shape, MS_RECORD_SLOT, &layout);
 *     unsigned char *slot = calloc(1, layout.bytes);
 *     ms_slot_pack(&layout, &state, network, slot);
 *     ms_slot_seal(&layout, job_hash, index, slot);
 *     ms_slot_write_data(...), fdatasync, ms_slot_write_checksum(...)     // in this order: invariant C2
 *
 *     ms_records_read(&file, &layout, MS_RECORD_ALL, index, 1, slot, err);
 *     if (ms_slot_holds(&layout, job_hash, index, slot)) ... ms_slot_state, ms_record_network ...
 *
 * The invariants C1, C2, ...: docs/file-format.md. */
#ifndef MOONSWEEP_STORE_SLOT_H
#define MOONSWEEP_STORE_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

/* What a slot holds besides the parameters. */
struct ms_slot_state {
    int64_t trajectory; /* -1: nothing was ever written to it */
    int64_t iteration;  /* updates in the parameters */
    double seconds;     /* of training so far */
    uint64_t cost_hash; /* of the costs before that iteration */
};

/* Packs state and parameters into slot [layout->bytes], which is zero before or was packed before. */
void ms_slot_pack(const struct ms_record_layout *layout, const struct ms_slot_state *state,
                  const struct ms_network *network, unsigned char *slot);

/* The other way, without the parameters. */
struct ms_slot_state ms_slot_state(const struct ms_record_layout *layout, const unsigned char *slot);

/* What the checksum of slot number index must be; setting it; whether it holds. */
uint64_t ms_slot_checksum(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                          const unsigned char *slot);
void ms_slot_seal(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                  unsigned char *slot);
bool ms_slot_holds(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                   const unsigned char *slot);

/* Writes all of a slot but its checksum, which makes it valid. Errors: MS_IO_ERROR. */
enum ms_code ms_slot_write_data(const struct ms_file *file, const struct ms_record_layout *layout,
                                int64_t index, const unsigned char *slot, struct ms_error *err);
enum ms_code ms_slot_write_checksum(const struct ms_file *file, const struct ms_record_layout *layout,
                                    int64_t index, const unsigned char *slot, struct ms_error *err);

#endif
