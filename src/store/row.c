#include "row.h"

void ms_row_pack(const struct ms_record_layout *layout, const struct ms_result *result,
                 const struct ms_row_origin *origin, unsigned char *row)
{
    uint8_t status = (uint8_t)result->status;

    ms_record_put(layout, MS_VAR_STATUS, &status, row);
    ms_record_put(layout, MS_VAR_ITERATIONS_DONE, &result->iterations_done, row);
    ms_record_put_f64(layout, MS_VAR_TRAIN_ACCURACY, result->train.accuracy, row);
    ms_record_put_f64(layout, MS_VAR_DEV_ACCURACY, result->dev.accuracy, row);
    ms_record_put(layout, MS_VAR_TRAIN_OUTCOMES, result->train.outcomes, row);
    ms_record_put(layout, MS_VAR_DEV_OUTCOMES, result->dev.outcomes, row);
    ms_record_put_f64(layout, MS_VAR_FINAL_COST, origin->final_cost, row);
    ms_record_put_f64(layout, MS_VAR_TRAIN_COST, result->train.cost, row);
    ms_record_put_f64(layout, MS_VAR_DEV_COST, result->dev.cost, row);
    ms_record_put_f64(layout, MS_VAR_TRAIN_SECONDS, result->train_seconds, row);
    ms_record_put(layout, MS_VAR_RANK, &origin->rank, row);
    ms_record_put(layout, MS_VAR_RUN, &origin->run, row);
    ms_record_put_network(layout, result->network, row);
}

enum ms_status ms_row_status(const struct ms_record_layout *layout, const unsigned char *row)
{
    return (enum ms_status)row[layout->offset[MS_VAR_STATUS]];
}

/* ---- checksums -------------------------------------------------------------------------------------- */

/* That of the row is seeded with the hash of its costs. */
uint64_t ms_row_checksum(const struct ms_record_layout *layout, enum ms_cover cover, uint64_t job_hash,
                         int64_t index, uint64_t cost_hash, const unsigned char *row)
{
    return ms_record_checksum(layout, cover, cover == MS_COVER_ROW ? cost_hash : 0, job_hash, index, row);
}

void ms_row_seal(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                 unsigned char *row)
{
    uint64_t sum = ms_row_checksum(layout, MS_COVER_ROW, job_hash, index, cost_hash, row);
    uint64_t times_sum = ms_row_checksum(layout, MS_COVER_TIMES, job_hash, index, cost_hash, row);

    ms_record_put(layout, MS_VAR_CHECKSUM, &sum, row);
    ms_record_put(layout, MS_VAR_TIMES_CHECKSUM, &times_sum, row);
}

bool ms_row_holds(const struct ms_record_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                  const unsigned char *row)
{
    return ms_record_u64(layout, row, MS_VAR_CHECKSUM) ==
               ms_row_checksum(layout, MS_COVER_ROW, job_hash, index, cost_hash, row) &&
           ms_record_u64(layout, row, MS_VAR_TIMES_CHECKSUM) ==
               ms_row_checksum(layout, MS_COVER_TIMES, job_hash, index, cost_hash, row);
}
