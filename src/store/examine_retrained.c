/* What was trained again, against what is stored. A run repairs what differs only where a checksum does not hold: it
 * believes the rest. */
#include <stdlib.h>
#include <string.h>

#include "examine_state.h"
#include "finding.h"
#include "packed_reals.h"
#include "reader_state.h"
#include "row.h"
#include "verify.h"

/* Costs that a trajectory has room for. */
static int64_t room_of(const struct ms_shape *shape)
{
    return shape->size[MS_DIM_COST_SAMPLE] / shape->size[MS_DIM_TRAJECTORY];
}

/* Sets believed[count] of the packed rows of neighbouring configurations, the first of which is `first`. */
static enum ms_code find_believed(const struct ms_file *file, const struct ms_record_layout *layout,
                                  int64_t first, int64_t count, const unsigned char *rows, bool *believed,
                                  struct ms_extent *extent, struct ms_error *err)
{
    int64_t per_trajectory = file->shape.size[MS_DIM_CONFIG] / file->shape.size[MS_DIM_TRAJECTORY];
    int64_t trajectory = first / per_trajectory;
    enum ms_code code = ms_file_read(file, MS_VAR_COST_COUNT, trajectory, 1, &extent->count, err);

    if (code != MS_OK)
        return code;
    extent->start = trajectory * room_of(&file->shape);
    extent->stride = 1;
    if (extent->count < 0 || extent->count > room_of(&file->shape))
        extent->count = 0;
    return ms_verify_rows(file, layout, extent, first, count, rows, believed, err);
}

/* ---- a configuration -------------------------------------------------------------------------------- */

/* Whether training decides the variable. */
static bool is_trained(int variable)
{
    return ms_schema[variable].cover == MS_COVER_ROW && ms_schema[variable].initial != MS_INITIAL_GIVEN;
}

static bool differs(const struct ms_record_layout *layout, const unsigned char *stored,
                    const unsigned char *due)
{
    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++)
        if (is_trained(v) &&
            memcmp(stored + layout->offset[v], due + layout->offset[v], layout->width[v]) != 0)
            return true;
    return false;
}

/* Reports every value that differs in a row. */
static enum ms_code report_row(struct ms_examination *examination, const struct ms_record_layout *layout,
                               int64_t config, const unsigned char *stored, const unsigned char *due,
                               struct ms_error *err)
{
    struct ms_extent extent;
    bool believed;
    enum ms_code code = find_believed(examination->file, layout, config, 1, stored, &believed, &extent, err);

    if (code != MS_OK)
        return code;
    examination->kind = believed ? MS_FINDING_PERMANENT : MS_FINDING_REPAIRABLE;
    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++)
        if (is_trained(v))
            ms_finding_values(examination, (enum ms_variable)v, config, stored + layout->offset[v],
                              due + layout->offset[v]);
    return MS_OK;
}

enum ms_code ms_examine_result(struct ms_reader *reader, const struct ms_result *result, double final_cost,
                               const struct ms_examine_report *report, int64_t *findings,
                               struct ms_error *err)
{
    const struct ms_row_origin origin = {.final_cost = final_cost};
    struct ms_examination examination = {.file = &reader->file, .report = report};
    struct ms_record_layout layout;
    unsigned char *rows, *due;
    enum ms_code code;

    ms_record_layout(&reader->file.shape, MS_RECORD_CONFIG, &layout);
    rows = calloc(2, layout.bytes);
    if (rows == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare a row", reader->file.path);
    due = rows + layout.bytes;
    code = ms_records_read(&reader->file, &layout, MS_RECORD_ALL, result->config, 1, rows, err);
    if (code == MS_OK) {
        ms_row_pack(&layout, result, &origin, due);
        if (differs(&layout, rows, due))
            code = report_row(&examination, &layout, result->config, rows, due, err);
        *findings += examination.summary.findings;
    }
    free(rows);
    return code;
}

/* ---- costs ------------------------------------------------------------------------------------------ */

/* How many of a trajectory's costs belong to configurations that a run believes. */
static enum ms_code find_covered(const struct ms_file *file, int64_t trajectory, int64_t *covered,
                                 struct ms_error *err)
{
    int64_t count = file->shape.size[MS_DIM_CONFIG] / file->shape.size[MS_DIM_TRAJECTORY];
    struct ms_record_layout layout;
    struct ms_extent extent;
    unsigned char *rows;
    bool *believed = calloc((size_t)count, sizeof *believed);
    enum ms_code code = MS_OK;

    ms_record_layout(&file->shape, MS_RECORD_CONFIG, &layout);
    rows = malloc((size_t)count * layout.bytes);
    if (rows == NULL || believed == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare costs", file->path);
    if (code == MS_OK)
        code = ms_records_read(file, &layout, MS_RECORD_ALL, trajectory * count, count, rows, err);
    if (code == MS_OK)
        code = find_believed(file, &layout, trajectory * count, count, rows, believed, &extent, err);
    *covered = 0;
    for (int64_t i = 0; code == MS_OK && i < count; i++) {
        int64_t iterations = ms_record_i64(&layout, rows + (size_t)i * layout.bytes, MS_VAR_ITERATIONS);
        int64_t costs = believed[i] ? ms_verify_cost_count(&extent, iterations) : 0;

        *covered = costs > *covered ? costs : *covered;
    }
    free(believed);
    free(rows);
    return code;
}

/* Reports the costs from .. from + count - 1 of a trajectory that differ. */
static enum ms_code report_costs(struct ms_examination *examination, int64_t trajectory, int64_t from,
                                 int64_t count, const unsigned char *stored, const unsigned char *due,
                                 struct ms_error *err)
{
    const struct ms_shape *shape = &examination->file->shape;
    size_t width = ms_schema_row_bytes(shape, MS_VAR_COST);
    int64_t covered;
    enum ms_code code = find_covered(examination->file, trajectory, &covered, err);

    for (int64_t i = 0; code == MS_OK && i < count; i++) {
        examination->kind = from + i < covered ? MS_FINDING_PERMANENT : MS_FINDING_REPAIRABLE;
        ms_finding_values(examination, MS_VAR_COST, trajectory * room_of(shape) + from + i,
                          stored + (size_t)i * width, due + (size_t)i * width);
    }
    return code;
}

enum ms_code ms_examine_costs(struct ms_reader *reader, int64_t trajectory, int64_t from, int64_t count,
                              const double *costs, const struct ms_examine_report *report, int64_t *findings,
                              struct ms_error *err)
{
    const struct ms_shape *shape = &reader->file.shape;
    struct ms_examination examination = {.file = &reader->file, .report = report};
    size_t bytes = (size_t)count * ms_schema_row_bytes(shape, MS_VAR_COST);
    int64_t first = trajectory * room_of(shape) + from;
    unsigned char *stored, *due;
    enum ms_code code;

    if (count == 0)
        return MS_OK;
    stored = malloc(bytes);
    due = malloc(bytes);
    if (stored == NULL || due == NULL) {
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare costs", reader->file.path);
    } else {
        code = ms_file_read(&reader->file, MS_VAR_COST, first, count, stored, err);
        ms_packed_reals_put(shape->precision, count, costs, count, due);
        if (code == MS_OK && memcmp(stored, due, bytes) != 0)
            code = report_costs(&examination, trajectory, from, count, stored, due, err);
    }
    *findings += examination.summary.findings;
    free(due);
    free(stored);
    return code;
}
