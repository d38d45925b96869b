/* A configuration's row: the values of every variable along `config`, packed one after another in the order
 * of the schema. That is what is queued, checked and written.
 *
 *     struct ms_row_layout layout;
 *     ms_row_layout(&shape, &layout);
 *     unsigned char *row = malloc(layout.bytes);
 *     ms_rows_read(&file, &layout, MS_ROW_GIVEN, index, 1, row, err);    // the tuple
 *     ms_row_pack(&layout, &result, ..., row);                           // what became of it
 *     ms_row_seal(&layout, job_hash, index, cost_hash, row);             // both checksums
 *
 * A string takes MS_ACTIVATION_TEXT bytes in a packed row. */
#ifndef MOONSWEEP_STORE_ROW_H
#define MOONSWEEP_STORE_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "file.h"
#include "moonsweep/store.h"
#include "schema.h"

struct ms_row_layout {
    struct ms_shape shape;
    size_t offset[MS_CONFIG_VARIABLE_COUNT]; /* multiples of 8 */
    size_t width[MS_CONFIG_VARIABLE_COUNT];  /* bytes of the value */
    size_t bytes;                            /* of a whole row */
};

void ms_row_layout(const struct ms_shape *shape, struct ms_row_layout *layout);

/* Which variables are meant. */
enum ms_row_part {
    MS_ROW_GIVEN = 1, /* the tuple, written at creation */
    MS_ROW_RESULT = 2,
    MS_ROW_ALL = 3
};

/* Reads part of the rows first .. first + count - 1 into rows[count][layout->bytes]. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_rows_read(const struct ms_file *file, const struct ms_row_layout *layout,
                          enum ms_row_part part, int64_t first, int64_t count, unsigned char *rows,
                          struct ms_error *err);

/* Who commits, and the cost before the last update. */
struct ms_row_origin {
    double final_cost;
    int32_t rank, run;
};

/* Packs what became of a configuration into row: padding and NaN canonical, parameters in the file's
 * precision. */
void ms_row_pack(const struct ms_row_layout *layout, const struct ms_result *result,
                 const struct ms_row_origin *origin, unsigned char *row);

/* Copies the parameters of a row into network, whose shape must be the row's. */
void ms_row_network(const struct ms_row_layout *layout, const unsigned char *row, struct ms_network *network);

/* Sets both checksums of configuration index. cost_hash: of the costs up to its iteration. */
void ms_row_seal(const struct ms_row_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                 unsigned char *row);

/* What one of the two must be: the checksum of the variables that cover (MS_COVER_ROW, MS_COVER_TIMES) covers. */
uint64_t ms_row_checksum(const struct ms_row_layout *layout, enum ms_cover cover, uint64_t job_hash,
                         int64_t index, uint64_t cost_hash, const unsigned char *row);

/* Whether both hold. */
bool ms_row_holds(const struct ms_row_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                  const unsigned char *row);

/* Single values of a row. */
int32_t ms_row_i32(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable);
int64_t ms_row_i64(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable);
uint64_t ms_row_u64(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable);
double ms_row_f64(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable);
enum ms_status ms_row_status(const struct ms_row_layout *layout, const unsigned char *row);

#endif
