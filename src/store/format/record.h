/* Records: a record is the row of every variable along `config`, `slot`, `run` or `lease`, with a
 * checksum.
 *
 * A record exists as a struct (fields.h, moonsweep/row.h) and as bytes: the values one after another in
 * the order of the schema, as they are in the file. The schema has the offset of each value in the struct,
 * so packing, reading, checking and listing are written once for all four kinds.
 *
 *     struct ms_record_layout layout;
 *     ms_record_layout(&shape, MS_RECORD_SLOT, &layout);
 *     unsigned char *bytes = calloc(1, layout.bytes);
 *     ms_record_pack(&layout, &slot, network, bytes);
 *     ms_record_set_checksums(&layout, job_hash, index, 0, bytes);
 *
 *     ms_records_read(&file, &layout, first, count, bytes, err);
 *     if (ms_record_checksum_ok(&layout, job_hash, first, 0, bytes))
 *         ms_record_unpack(&layout, bytes, &slot);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_RECORD_H
#define MOONSWEEP_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/network.h"
#include "moonsweep/row.h"
#include "schema.h"

enum ms_record_kind { MS_RECORD_CONFIG, MS_RECORD_SLOT, MS_RECORD_RUN, MS_RECORD_LEASE };

struct ms_record_layout {
    struct ms_shape shape;
    enum ms_record_kind kind;
    enum ms_variable first, end; /* its variables are first .. end - 1 */
    enum ms_variable parameters; /* W1, which b1, W2 and b2 follow; `end` if the record has no parameters */
    enum ms_variable checksum;   /* the record's checksum; times_checksum follows it in a configuration */
    size_t offset[MS_VARIABLE_COUNT]; /* of each variable in the bytes; multiples of 8 */
    size_t width[MS_VARIABLE_COUNT];  /* size of each value */
    size_t widest;                    /* the largest width */
    size_t bytes;                     /* size of a whole record */
};

/* Sets layout to the layout of records of one kind in a file of that shape. */
void ms_record_layout(const struct ms_shape *shape, enum ms_record_kind kind,
                      struct ms_record_layout *layout);

/* Convert between the struct with the record's fields and its bytes. Parameters are packed from network,
 * in the precision of the file and with NaN for the units beyond those of the network; with NULL they are
 * left unchanged. Every NaN has the same bits. */
void ms_record_pack(const struct ms_record_layout *layout, const void *fields,
                    const struct ms_network *network, unsigned char *bytes);
void ms_record_unpack(const struct ms_record_layout *layout, const unsigned char *bytes, void *fields);

/* Copies the parameters to network, which must have the record's shape. */
void ms_record_network(const struct ms_record_layout *layout, const unsigned char *bytes,
                       struct ms_network *network);

/* Returns the expected checksum of record number index, over the hash of the job, the index and the values
 * that `cover` selects. cost_hash is the hash of a configuration's costs, the seed of its `checksum`; it
 * is 0 for other records. */
uint64_t ms_record_checksum(const struct ms_record_layout *layout, enum ms_cover cover, uint64_t job_hash,
                            int64_t index, uint64_t cost_hash, const unsigned char *bytes);

/* Returns the stored checksum. */
uint64_t ms_record_stored_checksum(const struct ms_record_layout *layout, enum ms_cover cover,
                                   const unsigned char *bytes);

/* Sets all checksums of a record. */
void ms_record_set_checksums(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                             uint64_t cost_hash, unsigned char *bytes);

/* Returns whether all checksums of a record match. */
bool ms_record_checksum_ok(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                           uint64_t cost_hash, const unsigned char *bytes);

/* Returns the status of a configuration without unpacking its record. */
enum ms_status ms_record_status(const struct ms_record_layout *layout, const unsigned char *bytes);

/* Returns the variable that contains a byte of a record. */
enum ms_variable ms_record_variable_at(const struct ms_record_layout *layout, size_t byte);

/* Returns what such a record is called in messages: "row", "checkpoint", "run" or "lease", or the plural
 * unless count is 1. */
const char *ms_record_name(enum ms_record_kind kind, int64_t count);

#endif
