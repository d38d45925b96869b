#include "slot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "moonsweep/maths.h"
#include "moonsweep/plural.h"
#include "packed_reals.h"

static size_t offset_of(const struct ms_slot_layout *layout, enum ms_variable variable)
{
    return layout->offset[variable - MS_SLOT_VARIABLE_FIRST];
}

static size_t width_of(const struct ms_slot_layout *layout, enum ms_variable variable)
{
    return ms_schema_row_bytes(&layout->shape, variable);
}

void ms_slot_layout(const struct ms_shape *shape, struct ms_slot_layout *layout)
{
    size_t offset = 0;

    layout->shape = *shape;
    for (int v = MS_SLOT_VARIABLE_FIRST; v < MS_VARIABLE_COUNT; v++) {
        layout->offset[v - MS_SLOT_VARIABLE_FIRST] = offset;
        offset += (width_of(layout, (enum ms_variable)v) + 7) / 8 * 8;
    }
    layout->bytes = offset;
}

/* ---- values ----------------------------------------------------------------------------------------- */

static void put(const struct ms_slot_layout *layout, enum ms_variable variable, const void *value,
                unsigned char *slot)
{
    memcpy(slot + offset_of(layout, variable), value, width_of(layout, variable));
}

static void get(const struct ms_slot_layout *layout, enum ms_variable variable, const unsigned char *slot,
                void *value)
{
    memcpy(value, slot + offset_of(layout, variable), width_of(layout, variable));
}

static void put_reals(const struct ms_slot_layout *layout, enum ms_variable variable, int64_t count,
                      const double *values, unsigned char *slot)
{
    ms_packed_reals_put(layout->shape.precision, count, values,
                        ms_schema_row_elements(&layout->shape, variable), slot + offset_of(layout, variable));
}

static void get_reals(const struct ms_slot_layout *layout, enum ms_variable variable,
                      const unsigned char *slot, int64_t count, double *values)
{
    ms_packed_reals_get(layout->shape.precision, slot + offset_of(layout, variable), count, values);
}

/* The stop rule's state stays 0: no rule uses it yet. */
void ms_slot_pack(const struct ms_slot_layout *layout, const struct ms_slot_state *state,
                  const struct ms_network *network, unsigned char *slot)
{
    int32_t trajectory = (int32_t)state->trajectory;
    double seconds = ms_canonical(state->seconds);

    put(layout, MS_VAR_SLOT_TRAJECTORY, &trajectory, slot);
    put(layout, MS_VAR_SLOT_ITERATION, &state->iteration, slot);
    put(layout, MS_VAR_SLOT_SECONDS, &seconds, slot);
    put_reals(layout, MS_VAR_SLOT_W1, (int64_t)network->n_h * network->n_x, network->W1, slot);
    put_reals(layout, MS_VAR_SLOT_B1, network->n_h, network->b1, slot);
    put_reals(layout, MS_VAR_SLOT_W2, network->n_h, network->W2, slot);
    put_reals(layout, MS_VAR_SLOT_B2, 1, &network->b2, slot);
    put(layout, MS_VAR_SLOT_COST_HASH, &state->cost_hash, slot);
}

struct ms_slot_state ms_slot_state(const struct ms_slot_layout *layout, const unsigned char *slot)
{
    struct ms_slot_state state;
    int32_t trajectory;

    get(layout, MS_VAR_SLOT_TRAJECTORY, slot, &trajectory);
    get(layout, MS_VAR_SLOT_ITERATION, slot, &state.iteration);
    get(layout, MS_VAR_SLOT_SECONDS, slot, &state.seconds);
    get(layout, MS_VAR_SLOT_COST_HASH, slot, &state.cost_hash);
    state.trajectory = trajectory;
    return state;
}

void ms_slot_network(const struct ms_slot_layout *layout, const unsigned char *slot,
                     struct ms_network *network)
{
    get_reals(layout, MS_VAR_SLOT_W1, slot, (int64_t)network->n_h * network->n_x, network->W1);
    get_reals(layout, MS_VAR_SLOT_B1, slot, network->n_h, network->b1);
    get_reals(layout, MS_VAR_SLOT_W2, slot, network->n_h, network->W2);
    get_reals(layout, MS_VAR_SLOT_B2, slot, 1, &network->b2);
}

/* ---- the checksum ----------------------------------------------------------------------------------- */

/* Over job hash, index and every value but the checksum itself. */
uint64_t ms_slot_checksum(const struct ms_slot_layout *layout, uint64_t job_hash, int64_t index,
                          const unsigned char *slot)
{
    struct ms_hash hash;

    ms_hash_begin(&hash, 0);
    ms_hash_add(&hash, &job_hash, sizeof job_hash);
    ms_hash_add(&hash, &index, sizeof index);
    for (int v = MS_SLOT_VARIABLE_FIRST; v < MS_VARIABLE_COUNT; v++) {
        enum ms_variable variable = (enum ms_variable)v;

        if (ms_schema[v].cover == MS_COVER_SLOT)
            ms_hash_add(&hash, slot + offset_of(layout, variable), width_of(layout, variable));
    }
    return ms_hash_value(&hash);
}

void ms_slot_seal(const struct ms_slot_layout *layout, uint64_t job_hash, int64_t index, unsigned char *slot)
{
    uint64_t sum = ms_slot_checksum(layout, job_hash, index, slot);

    put(layout, MS_VAR_SLOT_CHECKSUM, &sum, slot);
}

bool ms_slot_holds(const struct ms_slot_layout *layout, uint64_t job_hash, int64_t index,
                   const unsigned char *slot)
{
    uint64_t stored;

    get(layout, MS_VAR_SLOT_CHECKSUM, slot, &stored);
    return stored == ms_slot_checksum(layout, job_hash, index, slot);
}

/* ---- in and out of the file ------------------------------------------------------------------------- */

enum ms_code ms_slots_read(const struct ms_file *file, const struct ms_slot_layout *layout, int64_t first,
                           int64_t count, unsigned char *slots, struct ms_error *err)
{
    size_t widest = 0;
    unsigned char *column;
    enum ms_code code = MS_OK;

    for (int v = MS_SLOT_VARIABLE_FIRST; v < MS_VARIABLE_COUNT; v++) {
        size_t width = width_of(layout, (enum ms_variable)v);

        widest = width > widest ? width : widest;
    }
    column = malloc((size_t)count * widest);
    if (column == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for %" PRId64 " %s", file->path, count,
                       ms_plural(count, "checkpoint", "checkpoints"));
    for (int v = MS_SLOT_VARIABLE_FIRST; code == MS_OK && v < MS_VARIABLE_COUNT; v++) {
        enum ms_variable variable = (enum ms_variable)v;
        size_t width = width_of(layout, variable);

        code = ms_file_read(file, variable, first, count, column, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++)
            memcpy(slots + (size_t)i * layout->bytes + offset_of(layout, variable),
                   column + (size_t)i * width, width);
    }
    free(column);
    return code;
}

enum ms_code ms_slot_write_data(const struct ms_file *file, const struct ms_slot_layout *layout,
                                int64_t index, const unsigned char *slot, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int v = MS_SLOT_VARIABLE_FIRST; code == MS_OK && v < MS_VARIABLE_COUNT; v++) {
        if (v != MS_VAR_SLOT_CHECKSUM)
            code = ms_file_write(file, (enum ms_variable)v, index, 1,
                                 slot + offset_of(layout, (enum ms_variable)v), err);
    }
    return code;
}

enum ms_code ms_slot_write_checksum(const struct ms_file *file, const struct ms_slot_layout *layout,
                                    int64_t index, const unsigned char *slot, struct ms_error *err)
{
    return ms_file_write(file, MS_VAR_SLOT_CHECKSUM, index, 1, slot + offset_of(layout, MS_VAR_SLOT_CHECKSUM),
                         err);
}
