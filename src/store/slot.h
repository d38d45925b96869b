/* A checkpoint slot: the values of every variable along `slot`, packed one after another in the order of the
 * schema.
 *
 *     struct ms_slot_layout layout;
 *     ms_slot_layout(&shape, &layout);
 *     unsigned char *slot = calloc(1, layout.bytes);
 *     ms_slot_pack(&layout, &state, slot);
 *     ms_slot_seal(&layout, job_hash, index, slot);
 *     ms_slot_write_data(...), fdatasync, ms_slot_write_checksum(...)     // in this order: invariant C2
 *
 *     ms_slots_read(&file, &layout, index, 1, slot, err);
 *     if (ms_slot_holds(&layout, job_hash, index, slot)) ... ms_slot_state, ms_slot_network ...
 *
 * The invariants C1, C2, ...: docs/file-format.md. */
#ifndef MOONSWEEP_STORE_SLOT_H
#define MOONSWEEP_STORE_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "file.h"
#include "moonsweep/network.h"
#include "schema.h"

struct ms_slot_layout {
    struct ms_shape shape;
    size_t offset[MS_SLOT_VARIABLE_COUNT]; /* multiples of 8 */
    size_t bytes;                          /* of a whole slot */
};

void ms_slot_layout(const struct ms_shape *shape, struct ms_slot_layout *layout);

/* What a slot holds besides the parameters. */
struct ms_slot_state {
    int64_t trajectory; /* -1: nothing was ever written to it */
    int64_t iteration;  /* updates in the parameters */
    double seconds;     /* of training so far */
    uint64_t cost_hash; /* of the costs before that iteration */
};

/* Packs state and parameters into slot [layout->bytes], which is zero before or was packed before. */
void ms_slot_pack(const struct ms_slot_layout *layout, const struct ms_slot_state *state,
                  const struct ms_network *network, unsigned char *slot);

/* The other way; network has the trajectory's shape. */
struct ms_slot_state ms_slot_state(const struct ms_slot_layout *layout, const unsigned char *slot);
void ms_slot_network(const struct ms_slot_layout *layout, const unsigned char *slot,
                     struct ms_network *network);

/* What the checksum of slot number index must be; setting it; whether it holds. */
uint64_t ms_slot_checksum(const struct ms_slot_layout *layout, uint64_t job_hash, int64_t index,
                          const unsigned char *slot);
void ms_slot_seal(const struct ms_slot_layout *layout, uint64_t job_hash, int64_t index, unsigned char *slot);
bool ms_slot_holds(const struct ms_slot_layout *layout, uint64_t job_hash, int64_t index,
                   const unsigned char *slot);

/* Reads the slots first .. first + count - 1 into slots[count][layout->bytes]. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_slots_read(const struct ms_file *file, const struct ms_slot_layout *layout, int64_t first,
                           int64_t count, unsigned char *slots, struct ms_error *err);

/* Writes all of a slot but its checksum, which makes it valid. Errors: MS_IO_ERROR. */
enum ms_code ms_slot_write_data(const struct ms_file *file, const struct ms_slot_layout *layout,
                                int64_t index, const unsigned char *slot, struct ms_error *err);
enum ms_code ms_slot_write_checksum(const struct ms_file *file, const struct ms_slot_layout *layout,
                                    int64_t index, const unsigned char *slot, struct ms_error *err);

#endif
