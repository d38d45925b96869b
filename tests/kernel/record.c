/* Appends values and parts to arrays that grow, compares two records, and hashes one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "demand.h"
#include "moonsweep/maths.h"

const uint64_t record_hash_start = 0xcbf29ce484222325;

void record_part(struct record *record, const char *what, enum record_layout layout, int64_t iteration)
{
    if (record->part_count == record->part_capacity) {
        record->part_capacity = record->part_capacity ? 2 * record->part_capacity : 64;
        record->parts = demand_memory(record->parts, record->part_capacity * sizeof *record->parts);
    }
    record->parts[record->part_count++] = (struct record_part){what, layout, iteration, record->value_count};
}

void record_add(struct record *record, double value)
{
    if (record->value_count == record->value_capacity) {
        record->value_capacity = record->value_capacity ? 2 * record->value_capacity : 1024;
        record->values = demand_memory(record->values, record->value_capacity * sizeof *record->values);
    }
    record->values[record->value_count++] = ms_canonical(value);
}

void record_reals(struct record *record, enum ms_precision precision, const void *reals, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        record_add(record,
                   precision == MS_FLOAT64 ? ((const double *)reals)[i] : (double)((const float *)reals)[i]);
}

void record_network(struct record *record, const struct ms_network *network, int64_t iteration)
{
    record_part(record, "parameters", RECORD_PARAMETERS, iteration);
    record_reals(record, MS_FLOAT64, network->W1, ms_network_size(network) - 1);
    record_add(record, network->b2);
}

/* Returns the part that contains value i. */
static struct record_part part_of(const struct record *record, size_t i)
{
    size_t part = record->part_count - 1;

    while (record->parts[part].first > i)
        part--;
    return record->parts[part];
}

bool record_same(const struct record *expected, const struct record *got,
                 struct record_difference *difference)
{
    for (size_t i = 0; i < got->value_count && i < expected->value_count; i++)
        if (memcmp(&expected->values[i], &got->values[i], sizeof(double)) != 0) {
            const struct record_part part = part_of(expected, i);

            *difference = (struct record_difference){part, (int64_t)(i - part.first), expected->values[i],
                                                     got->values[i]};
            return false;
        }
    demand(got->value_count <= expected->value_count, "a record is longer than the one it is compared with");
    return true;
}

uint64_t record_hash(const struct record *record, uint64_t start)
{
    uint64_t hash = start;

    for (size_t i = 0; i < record->value_count; i++) {
        uint64_t bits;

        memcpy(&bits, &record->values[i], sizeof bits);
        for (int byte = 0; byte < 8; byte++)
            hash = (hash ^ (bits >> 8 * byte & 0xff)) * 0x100000001b3;
    }
    return hash;
}

void record_clear(struct record *record)
{
    record->part_count = record->value_count = 0;
}

void record_free(struct record *record)
{
    free(record->parts);
    free(record->values);
    *record = (struct record){0};
}
