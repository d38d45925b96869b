/* One small table tells where each kind of record begins and ends in the schema; its layout, fields,
 * parameters and checksums follow from that. In memory each value begins at a multiple of 8 bytes; checksums
 * cover the values without the gaps.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "record.h"

#include <string.h>

#include "checksum.h"
#include "moonsweep/maths.h"
#include "moonsweep/plural.h"
#include "reals.h"

static const struct {
    enum ms_variable first, end, parameters, checksum;
    const char *one, *many;
} kinds[] = {
    [MS_RECORD_CONFIG] = {MS_VAR_N_H, MS_CONFIG_VARIABLE_COUNT, MS_VAR_W1, MS_VAR_CHECKSUM, "row", "rows"},
    [MS_RECORD_SLOT] = {MS_VAR_SLOT_TRAJECTORY, MS_VAR_SLOT_CHECKSUM + 1, MS_VAR_SLOT_W1,
                        MS_VAR_SLOT_CHECKSUM, "checkpoint", "checkpoints"},
    [MS_RECORD_RUN] = {MS_VAR_RUN_ID, MS_VAR_RUN_CHECKSUM + 1, MS_VAR_RUN_CHECKSUM + 1, MS_VAR_RUN_CHECKSUM,
                       "run", "runs"},
    [MS_RECORD_LEASE] = {MS_VAR_LEASE_RUN, MS_VAR_LEASE_CHECKSUM + 1, MS_VAR_LEASE_CHECKSUM + 1,
                         MS_VAR_LEASE_CHECKSUM, "lease", "leases"},
};

void ms_record_layout(const struct ms_shape *shape, enum ms_record_kind kind, struct ms_record_layout *layout)
{
    *layout = (struct ms_record_layout){.shape = *shape,
                                        .kind = kind,
                                        .first = kinds[kind].first,
                                        .end = kinds[kind].end,
                                        .parameters = kinds[kind].parameters,
                                        .checksum = kinds[kind].checksum};
    for (enum ms_variable v = layout->first; v < layout->end; v++) {
        layout->width[v] = ms_schema_row_bytes(shape, v);
        layout->offset[v] = layout->bytes;
        layout->bytes += (layout->width[v] + 7) / 8 * 8;
        if (layout->width[v] > layout->widest)
            layout->widest = layout->width[v];
    }
}

enum ms_variable ms_record_variable_at(const struct ms_record_layout *layout, size_t byte)
{
    enum ms_variable variable = layout->end - 1;

    while (layout->offset[variable] > byte)
        variable--;
    return variable;
}

const char *ms_record_name(enum ms_record_kind kind, int64_t count)
{
    return ms_plural(count, kinds[kind].one, kinds[kind].many);
}

enum ms_status ms_record_status(const struct ms_record_layout *layout, const unsigned char *bytes)
{
    return (enum ms_status)bytes[layout->offset[MS_VAR_STATUS]];
}

/* ---- parameters ------------------------------------------------------------------------------------- */

/* The parameters of a network in the order of the schema. W1 has the units as its outer dimension, so in
 * all parameters the units beyond n_h come last. */
enum { PARAMETERS = 4 };
struct parameter {
    double *values;
    int64_t count;
};

static void list_parameters(const struct ms_network *network, double *b2,
                            struct parameter parameters[PARAMETERS])
{
    parameters[0] = (struct parameter){network->W1, (int64_t)network->n_h * network->n_x};
    parameters[1] = (struct parameter){network->b1, network->n_h};
    parameters[2] = (struct parameter){network->W2, network->n_h};
    parameters[3] = (struct parameter){b2, 1};
}

static void pack_network(const struct ms_record_layout *layout, const struct ms_network *network,
                         unsigned char *bytes)
{
    struct parameter parameters[PARAMETERS];
    double b2 = network->b2;

    list_parameters(network, &b2, parameters);
    for (int i = 0; i < PARAMETERS; i++) {
        enum ms_variable variable = layout->parameters + (enum ms_variable)i;

        ms_reals_pack(layout->shape.precision, parameters[i].count, parameters[i].values,
                      ms_schema_row_elements(&layout->shape, variable), bytes + layout->offset[variable]);
    }
}

void ms_record_network(const struct ms_record_layout *layout, const unsigned char *bytes,
                       struct ms_network *network)
{
    struct parameter parameters[PARAMETERS];

    list_parameters(network, &network->b2, parameters);
    for (int i = 0; i < PARAMETERS; i++)
        ms_reals_unpack(layout->shape.precision,
                        bytes + layout->offset[layout->parameters + (enum ms_variable)i], parameters[i].count,
                        parameters[i].values);
}

/* ---- fields ----------------------------------------------------------------------------------------- */

static void pack_field(const struct ms_record_layout *layout, enum ms_variable variable, const void *fields,
                       unsigned char *bytes)
{
    const char *field = (const char *)fields + ms_schema[variable].field;
    double real;

    if (ms_schema[variable].type != MS_TYPE_F64) {
        memcpy(bytes + layout->offset[variable], field, layout->width[variable]);
        return;
    }
    memcpy(&real, field, sizeof real);
    real = ms_canonical(real);
    memcpy(bytes + layout->offset[variable], &real, sizeof real);
}

void ms_record_pack(const struct ms_record_layout *layout, const void *fields,
                    const struct ms_network *network, unsigned char *bytes)
{
    for (enum ms_variable v = layout->first; v < layout->end; v++)
        if (ms_schema[v].field != MS_NO_FIELD)
            pack_field(layout, v, fields, bytes);
    if (network != NULL)
        pack_network(layout, network, bytes);
}

void ms_record_unpack(const struct ms_record_layout *layout, const unsigned char *bytes, void *fields)
{
    for (enum ms_variable v = layout->first; v < layout->end; v++)
        if (ms_schema[v].field != MS_NO_FIELD)
            memcpy((char *)fields + ms_schema[v].field, bytes + layout->offset[v], layout->width[v]);
}

/* ---- checksums -------------------------------------------------------------------------------------- */

static enum ms_variable checksum_variable(const struct ms_record_layout *layout, enum ms_cover cover)
{
    return cover == MS_COVER_TIMES ? MS_VAR_TIMES_CHECKSUM : layout->checksum;
}

uint64_t ms_record_checksum(const struct ms_record_layout *layout, enum ms_cover cover, uint64_t job_hash,
                            int64_t index, uint64_t cost_hash, const unsigned char *bytes)
{
    struct ms_hash hash;

    ms_hash_begin(&hash, cover == MS_COVER_RECORD ? cost_hash : 0);
    ms_hash_add(&hash, &job_hash, sizeof job_hash);
    ms_hash_add(&hash, &index, sizeof index);
    for (enum ms_variable v = layout->first; v < layout->end; v++)
        if (ms_schema[v].cover == cover)
            ms_hash_add(&hash, bytes + layout->offset[v], layout->width[v]);
    return ms_hash_value(&hash);
}

uint64_t ms_record_stored_checksum(const struct ms_record_layout *layout, enum ms_cover cover,
                                   const unsigned char *bytes)
{
    uint64_t stored;

    memcpy(&stored, bytes + layout->offset[checksum_variable(layout, cover)], sizeof stored);
    return stored;
}

static enum ms_cover last_cover(const struct ms_record_layout *layout)
{
    return layout->kind == MS_RECORD_CONFIG ? MS_COVER_TIMES : MS_COVER_RECORD;
}

void ms_record_set_checksums(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                             uint64_t cost_hash, unsigned char *bytes)
{
    for (enum ms_cover cover = MS_COVER_RECORD; cover <= last_cover(layout); cover++) {
        uint64_t sum = ms_record_checksum(layout, cover, job_hash, index, cost_hash, bytes);

        memcpy(bytes + layout->offset[checksum_variable(layout, cover)], &sum, sizeof sum);
    }
}

bool ms_record_checksum_ok(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                           uint64_t cost_hash, const unsigned char *bytes)
{
    bool ok = true;

    for (enum ms_cover cover = MS_COVER_RECORD; ok && cover <= last_cover(layout); cover++)
        ok = ms_record_stored_checksum(layout, cover, bytes) ==
             ms_record_checksum(layout, cover, job_hash, index, cost_hash, bytes);
    return ok;
}
