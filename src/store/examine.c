#include "moonsweep/examine.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "examine_state.h"
#include "finding.h"
#include "moonsweep/maths.h"
#include "moonsweep/version.h"
#include "packed_reals.h"
#include "reader_state.h"
#include "row.h"

/* ---- the file --------------------------------------------------------------------------------------- */

/* The steps, in their order: each may rely on those before it. */
static enum ms_code go_through(struct ms_examination *examination, struct ms_error *err)
{
    static enum ms_code (*const steps[])(struct ms_examination * examination, struct ms_error * err) = {
        ms_examine_walk, ms_examine_attributes, ms_examine_variables, ms_examine_given,
        ms_examine_runs, ms_examine_leases,     ms_examine_rows,      ms_examine_slots,
    };
    enum ms_code code = MS_OK;

    if (examination->spec != NULL && !ms_examine_sizes(examination))
        examination->spec = NULL;
    for (size_t i = 0; code == MS_OK && i < sizeof steps / sizeof steps[0]; i++)
        code = steps[i](examination, err);
    return code;
}

enum ms_code ms_examine_file(struct ms_reader *reader, const struct ms_store_spec *spec,
                             const struct ms_examine_report *report, struct ms_examine_summary *summary,
                             struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_examination *examination = calloc(1, sizeof *examination);
    enum ms_code code;

    if (examination == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine it", file->path);
    *examination = (struct ms_examination){
        .file = file,
        .spec = spec,
        .same_numerics = file->numerics == MS_NUMERICS,
        .job_hash = spec != NULL ? spec->job_hash : file->job_hash,
        .report = report,
        .summary = {.configs = file->shape.size[MS_DIM_CONFIG],
                    .trajectories = file->shape.size[MS_DIM_TRAJECTORY]},
    };
    examination->finished = calloc((size_t)file->shape.size[MS_DIM_TRAJECTORY], sizeof(bool));
    if (examination->finished == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine it", file->path);
    else
        code = go_through(examination, err);
    if (code == MS_OK)
        *summary = examination->summary;
    free(examination->finished);
    free(examination);
    return code;
}

/* ---- what was trained again ------------------------------------------------------------------------- */

/* Compares every value of a row that training decides. */
static void compare_row(struct ms_examination *examination, const struct ms_row_layout *layout,
                        int64_t config, const unsigned char *stored, const unsigned char *due)
{
    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++)
        if (ms_schema[v].cover == MS_COVER_ROW && ms_schema[v].initial != MS_INITIAL_GIVEN)
            ms_finding_values(examination, (enum ms_variable)v, config, stored + layout->offset[v],
                              due + layout->offset[v]);
}

enum ms_code ms_examine_result(struct ms_reader *reader, const struct ms_result *result, double final_cost,
                               const struct ms_examine_report *report, int64_t *findings,
                               struct ms_error *err)
{
    const struct ms_row_origin origin = {.final_cost = final_cost};
    struct ms_examination examination = {.file = &reader->file, .report = report};
    struct ms_row_layout layout;
    unsigned char *rows;
    enum ms_code code;

    ms_row_layout(&reader->file.shape, &layout);
    rows = calloc(2, layout.bytes);
    if (rows == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare a row", reader->file.path);
    code = ms_rows_read(&reader->file, &layout, MS_ROW_ALL, result->config, 1, rows, err);
    if (code == MS_OK) {
        ms_row_pack(&layout, result, &origin, rows + layout.bytes);
        compare_row(&examination, &layout, result->config, rows, rows + layout.bytes);
        *findings += examination.summary.findings;
    }
    free(rows);
    return code;
}

enum ms_code ms_examine_costs(struct ms_reader *reader, int64_t trajectory, int64_t from, int64_t count,
                              const double *costs, const struct ms_examine_report *report, int64_t *findings,
                              struct ms_error *err)
{
    const struct ms_shape *shape = &reader->file.shape;
    struct ms_examination examination = {.file = &reader->file, .report = report};
    size_t width = ms_schema_row_bytes(shape, MS_VAR_COST);
    int64_t room = shape->size[MS_DIM_COST_SAMPLE] / shape->size[MS_DIM_TRAJECTORY];
    int64_t first = trajectory * room + from;
    unsigned char *stored, *due;
    enum ms_code code;

    if (count == 0)
        return MS_OK;
    stored = malloc((size_t)count * width);
    due = malloc((size_t)count * width);
    if (stored == NULL || due == NULL) {
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare costs", reader->file.path);
    } else {
        code = ms_file_read(&reader->file, MS_VAR_COST, first, count, stored, err);
        ms_packed_reals_put(shape->precision, count, costs, count, due);
    }
    for (int64_t i = 0; code == MS_OK && i < count; i++)
        ms_finding_values(&examination, MS_VAR_COST, first + i, stored + (size_t)i * width,
                          due + (size_t)i * width);
    *findings += examination.summary.findings;
    free(due);
    free(stored);
    return code;
}
