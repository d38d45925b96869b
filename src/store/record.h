/* A record: one value of every variable along `config`, or along `slot`, packed one after another in the order of the
 * schema. That is what is queued, checked, read and written of configurations (row.h) and checkpoints (slot.h).
 *
 *     struct ms_record_layout layout;
 *     ms_record_layout(&shape, MS_RECORD_SLOT, &layout);
 *     unsigned char *records = malloc(count * layout.bytes);
 *     ms_records_read(&file, &layout, MS_RECORD_ALL, first, count, records, err);
 *     ... ms_record_i64(&layout, records, MS_VAR_SLOT_ITERATION) ...
 *
 * A string takes MS_ACTIVATION_TEXT bytes in a record. */
#ifndef MOONSWEEP_STORE_RECORD_H
#define MOONSWEEP_STORE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "file.h"
#include "moonsweep/network.h"
#include "schema.h"

enum ms_record_kind { MS_RECORD_CONFIG, MS_RECORD_SLOT };

struct ms_record_layout {
    struct ms_shape shape;
    enum ms_record_kind kind;
    enum ms_variable first, end;      /* its variables: first .. end - 1 */
    enum ms_variable parameters;      /* W1; b1, W2 and b2 follow it */
    size_t offset[MS_VARIABLE_COUNT]; /* of its variables, by the variable; multiples of 8 */
    size_t width[MS_VARIABLE_COUNT];  /* bytes of the value */
    size_t widest;                    /* of these */
    size_t bytes;                     /* of a whole record */
};

void ms_record_layout(const struct ms_shape *shape, enum ms_record_kind kind,
                      struct ms_record_layout *layout);

/* Which variables are meant. */
enum ms_record_part {
    MS_RECORD_GIVEN = 1, /* the tuple, written at creation */
    MS_RECORD_RESULT = 2,
    MS_RECORD_ALL = 3
};

/* Reads part of the records first .. first + count - 1 into records[count][layout->bytes]. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_records_read(const struct ms_file *file, const struct ms_record_layout *layout,
                             enum ms_record_part part, int64_t first, int64_t count, unsigned char *records,
                             struct ms_error *err);

/* Single values. */
int32_t ms_record_i32(const struct ms_record_layout *layout, const unsigned char *record,
                      enum ms_variable variable);
int64_t ms_record_i64(const struct ms_record_layout *layout, const unsigned char *record,
                      enum ms_variable variable);
uint64_t ms_record_u64(const struct ms_record_layout *layout, const unsigned char *record,
                       enum ms_variable variable);
double ms_record_f64(const struct ms_record_layout *layout, const unsigned char *record,
                     enum ms_variable variable);

/* Sets the value of a variable to the layout->width[variable] bytes at value; the second one writes NaN with the same
 * bits whatever NaN it is. */
void ms_record_put(const struct ms_record_layout *layout, enum ms_variable variable, const void *value,
                   unsigned char *record);
void ms_record_put_f64(const struct ms_record_layout *layout, enum ms_variable variable, double value,
                       unsigned char *record);

/* Sets the parameters, in the file's precision and NaN beyond the network's own units; copies them into network, which
 * must have the record's shape. */
void ms_record_put_network(const struct ms_record_layout *layout, const struct ms_network *network,
                           unsigned char *record);
void ms_record_network(const struct ms_record_layout *layout, const unsigned char *record,
                       struct ms_network *network);

/* The checksum of record number index: of the job's hash, the index, and every value of the record that cover covers. */
uint64_t ms_record_checksum(const struct ms_record_layout *layout, enum ms_cover cover, uint64_t seed,
                            uint64_t job_hash, int64_t index, const unsigned char *record);

/* The variable that a byte of a record belongs to. */
enum ms_variable ms_record_variable_at(const struct ms_record_layout *layout, size_t byte);

#endif
