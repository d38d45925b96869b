/* Records: one value of every variable along `config`, `slot`, `run` or `lease`, with its checksum.
 *
 * Each is a struct (fields.h, moonsweep/row.h), and bytes: the values one after another in the order of the schema, as
 * they are in the file. The schema says where in the struct a value is, so packing, reading, checking and listing are
 * written once for all four.
 *
 *     struct ms_record_layout layout;
 *     ms_record_layout(&shape, MS_RECORD_SLOT, &layout);
 *     unsigned char *bytes = calloc(1, layout.bytes);
 *     ms_record_pack(&layout, &slot, network, bytes);
 *     ms_record_set_checksums(&layout, job_hash, index, 0, bytes);
 *
 *     ms_records_read(&file, &layout, first, count, bytes, err);
 *     if (ms_record_checksum_ok(&layout, job_hash, first, 0, bytes))
 *         ms_record_unpack(&layout, bytes, &slot); */
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
    enum ms_variable first, end; /* its variables: first .. end - 1 */
    enum ms_variable parameters; /* W1, which b1, W2 and b2 follow; `end` where there are none */
    enum ms_variable checksum;   /* the one of the record; of a configuration that of its times follows it */
    size_t offset[MS_VARIABLE_COUNT]; /* of its variables in the bytes, by the variable; multiples of 8 */
    size_t width[MS_VARIABLE_COUNT];  /* bytes of the value */
    size_t widest;                    /* of these */
    size_t bytes;                     /* of a whole record */
};

void ms_record_layout(const struct ms_shape *shape, enum ms_record_kind kind,
                      struct ms_record_layout *layout);

/* From the struct that holds the record's fields to its bytes, and back. Parameters are packed from network (NULL: they
 * stay as they are) in the file's precision, with NaN beyond the network's own units. Every NaN has the same bits. */
void ms_record_pack(const struct ms_record_layout *layout, const void *fields,
                    const struct ms_network *network, unsigned char *bytes);
void ms_record_unpack(const struct ms_record_layout *layout, const unsigned char *bytes, void *fields);

/* Copies the parameters into network, which must have the record's shape. */
void ms_record_network(const struct ms_record_layout *layout, const unsigned char *bytes,
                       struct ms_network *network);

/* What the checksum of record number index must be: that of the values that cover covers, over the job's hash and the
 * index. cost_hash: of a configuration's costs, which seeds its `checksum`; 0 for other records. */
uint64_t ms_record_checksum(const struct ms_record_layout *layout, enum ms_cover cover, uint64_t job_hash,
                            int64_t index, uint64_t cost_hash, const unsigned char *bytes);

/* The checksum as it is stored; setting all that a record has; whether all are right. */
uint64_t ms_record_stored_checksum(const struct ms_record_layout *layout, enum ms_cover cover,
                                   const unsigned char *bytes);
void ms_record_set_checksums(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                             uint64_t cost_hash, unsigned char *bytes);
bool ms_record_checksum_ok(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index,
                           uint64_t cost_hash, const unsigned char *bytes);

/* The status of a configuration, without unpacking it. */
enum ms_status ms_record_status(const struct ms_record_layout *layout, const unsigned char *bytes);

/* The variable that a byte of a record belongs to. */
enum ms_variable ms_record_variable_at(const struct ms_record_layout *layout, size_t byte);

/* What the record is called: "row", "checkpoint", "run", "lease"; many: "rows", ... */
const char *ms_record_name(enum ms_record_kind kind, int64_t count);

#endif
