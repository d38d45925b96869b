/* One configuration's row under examination: whether it holds, and what is wrong with it.
 *
 *     struct ms_sealed_row row = {...};
 *     if (!ms_examine_holds(&row)) ms_examine_damage(examination, &row, err);
 *     else ms_examine_values(examination, layout, config, values, last_cost, err); */
#ifndef MOONSWEEP_STORE_EXAMINE_ROW_H
#define MOONSWEEP_STORE_EXAMINE_ROW_H

#include "examine_state.h"
#include "row.h"

/* A packed row under one of its two checksums, and what that begins with. */
struct ms_sealed_row {
    const struct ms_record_layout *layout;
    unsigned char *values; /* [layout->bytes] */
    uint64_t job_hash, cost_hash;
    int64_t config;
    enum ms_cover cover; /* MS_COVER_ROW or MS_COVER_TIMES */
    uint64_t stored;     /* the checksum */
};

/* Whether a struct ms_sealed_row holds (an ms_one_bit_holds). */
bool ms_examine_holds(const void *row);

/* Reports what is wrong in a row that does not hold. A flipped bit that is found is turned back in row->values.
 * Errors: MS_NO_MEMORY. */
enum ms_code ms_examine_damage(struct ms_examination *examination, struct ms_sealed_row *row,
                               struct ms_error *err);

/* Reports what is wrong in a row, done or diverged, that holds. last_cost: the last of its costs, NaN: it has none.
 * Errors: MS_IO_ERROR. */
enum ms_code ms_examine_values(struct ms_examination *examination, const struct ms_record_layout *layout,
                               int64_t config, const unsigned char *values, double last_cost,
                               struct ms_error *err);

#endif
