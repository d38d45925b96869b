/* A configuration's row: the record (record.h) of the variables along `config`.
 *
 *     struct ms_record_layout layout;
 *     ms_record_layout(&shape, MS_RECORD_CONFIG, &layout);
 *     unsigned char *row = malloc(layout.bytes);
 *     ms_records_read(&file, &layout, MS_RECORD_GIVEN, index, 1, row, err);    // the tuple
 *     ms_row_pack(&layout, &result, ..., row);                                 // what became of it
 *     ms_row_seal(&layout, job_hash, index, cost_hash, row);                   // both checksums */
#ifndef MOONSWEEP_STORE_ROW_H
#define MOONSWEEP_STORE_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/store.h"
#include "record.h"

/* Who commits, and the cost before the last update. */
struct ms_row_origin {
    double final_cost;
    int32_t rank, run;
};

/* Packs what became of a configuration into row: padding and NaN canonical, parameters in the file's
 * precision. */
void ms_row_pack(const struct ms_record_layout *layout, const struct ms_result *result,
                 const struct ms_row_origin *origin, unsigned char *row);

enum ms_status ms_row_status(const struct ms_record_layout *layout, const unsigned char *row);

/* Sets both checksums of configuration index. cost_hash: of the costs up to its iteration. */
void ms_row_seal(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                 unsigned char *row);

/* What one of the two must be: the checksum of the variables that cover (MS_COVER_ROW, MS_COVER_TIMES) covers. */
uint64_t ms_row_checksum(const struct ms_record_layout *layout, enum ms_cover cover, uint64_t job_hash,
                         int64_t index, uint64_t cost_hash, const unsigned char *row);

/* Whether both hold. */
bool ms_row_holds(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                  const unsigned char *row);

#endif
