/* What is wrong in a row whose checksum does not hold: one bit of the checksum, one bit of a value, or more, which nobody
 * can tell. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "examine_row.h"
#include "finding.h"
#include "one_bit.h"

bool ms_examine_holds(const void *context)
{
    const struct ms_sealed_row *row = context;

    return ms_row_checksum(row->layout, row->cover, row->job_hash, row->config, row->cost_hash,
                           row->values) == row->stored;
}

enum ms_code ms_examine_damage(struct ms_examination *examination, struct ms_sealed_row *row,
                               struct ms_error *err)
{
    const struct ms_record_layout *layout = row->layout;
    enum ms_variable variable = row->cover == MS_COVER_ROW ? MS_VAR_CHECKSUM : MS_VAR_TIMES_CHECKSUM;
    uint64_t due = ms_row_checksum(layout, row->cover, row->job_hash, row->config, row->cost_hash,
                                   row->values);
    size_t skipped = layout->offset[MS_VAR_STATUS]; /* the tuple, which is compared with the job */
    unsigned char *damaged;
    size_t byte;

    if (__builtin_popcountll(due ^ row->stored) == 1) {
        ms_finding_values(examination, variable, row->config, &row->stored, &due);
        return MS_OK;
    }
    damaged = malloc(layout->bytes);
    if (damaged == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine a row", examination->file->path);
    memcpy(damaged, row->values, layout->bytes);
    if (ms_one_bit_find(row->values + skipped, layout->bytes - skipped, layout->bytes, ms_examine_holds, row,
                        &byte)) {
        variable = ms_record_variable_at(layout, skipped + byte);
        ms_finding_values(examination, variable, row->config, damaged + layout->offset[variable],
                          row->values + layout->offset[variable]);
    } else {
        ms_finding_rule(examination, variable, row->config, 0, &row->stored,
                        row->cover == MS_COVER_ROW ? "%016" PRIx64 ", the checksum of its row and costs"
                                                   : "%016" PRIx64 ", the checksum of its times",
                        due);
    }
    free(damaged);
    return MS_OK;
}
