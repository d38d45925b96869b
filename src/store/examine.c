#include "moonsweep/examine.h"

#include <stdlib.h>

#include "examine_state.h"
#include "moonsweep/version.h"
#include "reader_state.h"

/* The steps, in their order: each may rely on those before it. What one finds is of its kind, unless the step says
 * otherwise: a run writes values, but no metadata, and it trains again what does not hold its checksum. */
static enum ms_code go_through(struct ms_examination *examination, struct ms_error *err)
{
    static const struct {
        enum ms_code (*look)(struct ms_examination *examination, struct ms_error *err);
        enum ms_finding_kind kind;
    } steps[] = {
        {ms_examine_walk, MS_FINDING_PERMANENT},      {ms_examine_attributes, MS_FINDING_PERMANENT},
        {ms_examine_variables, MS_FINDING_PERMANENT}, {ms_examine_given, MS_FINDING_REPAIRABLE},
        {ms_examine_runs, MS_FINDING_WARNING},        {ms_examine_leases, MS_FINDING_WARNING},
        {ms_examine_rows, MS_FINDING_REPAIRABLE},     {ms_examine_slots, MS_FINDING_REPAIRABLE},
    };
    enum ms_code code = MS_OK;

    examination->kind = MS_FINDING_PERMANENT;
    if (examination->spec != NULL && !ms_examine_sizes(examination)) {
        examination->spec = NULL;
        examination->summary.refused = true;
    }
    for (size_t i = 0; code == MS_OK && i < sizeof steps / sizeof steps[0]; i++) {
        examination->kind = steps[i].kind;
        code = steps[i].look(examination, err);
    }
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
                    .trajectories = file->shape.size[MS_DIM_TRAJECTORY],
                    .refused = file->numerics != MS_NUMERICS ||
                               (spec != NULL && spec->job_hash != file->job_hash)},
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
