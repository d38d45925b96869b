/* What the job gave to the file when it was made, against the job: tuples, places of histories, data. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "finding.h"
#include "given.h"
#include "heap.h"
#include "reader_state.h"

/* ---- sizes ------------------------------------------------------------------------------------------ */

/* The slots are as many as the ranks of the run that made the file asked for. */
static bool is_slot_count(int64_t slots, int64_t trajectories)
{
    int64_t least = trajectories < MS_SLOT_TRAJECTORIES ? trajectories : MS_SLOT_TRAJECTORIES;

    return slots % 2 == 0 && slots >= 2 * least && slots <= 2 * trajectories;
}

bool ms_examine_sizes(struct ms_examination *examination)
{
    const struct ms_shape *found = &examination->file->shape;
    struct ms_shape due;
    bool are = true;

    ms_schema_shape(examination->spec, &due);
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        char place[MS_FINDING_TEXT], stored[24], right[24];

        if (d == MS_DIM_SLOT ? is_slot_count(found->size[d], due.size[MS_DIM_TRAJECTORY])
                             : found->size[d] == due.size[d])
            continue;
        (void)snprintf(place, sizeof place, "dimension %s", ms_schema_dimensions[d].name);
        (void)snprintf(stored, sizeof stored, "%" PRId64, found->size[d]);
        (void)snprintf(right, sizeof right, "%" PRId64, due.size[d]);
        ms_finding_report(examination, place, -1, stored, right);
        are = false;
    }
    return are;
}

/* ---- values ----------------------------------------------------------------------------------------- */

/* A run puts a text right only where one bit of it is wrong, and refuses the file otherwise. */
static void report_text(struct ms_examination *examination, enum ms_variable variable, int64_t row,
                        const char *stored, const char *due)
{
    const struct ms_file *file = examination->file;
    uint64_t offset = H5Dget_offset(file->dataset[variable]) + (uint64_t)row * MS_HEAP_REFERENCE;

    if (!ms_heap_can_mend(file->descriptor, file->bytes, offset, due)) {
        examination->kind = MS_FINDING_PERMANENT;
        examination->summary.refused = true;
    }
    ms_finding_text(examination, variable, row, stored, due);
    examination->kind = MS_FINDING_REPAIRABLE;
}

static enum ms_code compare_texts(struct ms_examination *examination, const struct ms_given *given,
                                  char *stored, struct ms_error *err)
{
    const char *const *due = given->values;
    enum ms_code code = ms_file_read_texts(examination->file, given->variable, given->first, given->rows,
                                           MS_ACTIVATION_TEXT, stored, err);

    for (int64_t i = 0; code == MS_OK && i < given->rows; i++) {
        const char *text = stored + (size_t)i * MS_ACTIVATION_TEXT;

        if (strcmp(text, due[i]) != 0)
            report_text(examination, given->variable, given->first + i, text, due[i]);
    }
    return code;
}

static enum ms_code compare_rows(struct ms_examination *examination, const struct ms_given *given,
                                 size_t width, char *stored, struct ms_error *err)
{
    const char *due = given->values;
    enum ms_code code = ms_file_read(examination->file, given->variable, given->first, given->rows, stored,
                                     err);

    for (int64_t i = 0; code == MS_OK && i < given->rows; i++)
        if (memcmp(stored + (size_t)i * width, due + (size_t)i * width, width) != 0)
            ms_finding_values(examination, given->variable, given->first + i, stored + (size_t)i * width,
                              due + (size_t)i * width);
    return code;
}

/* What other numerics may make otherwise. */
static bool is_data(enum ms_variable variable)
{
    return variable == MS_VAR_X_TRAIN || variable == MS_VAR_Y_TRAIN || variable == MS_VAR_X_DEV ||
           variable == MS_VAR_Y_DEV || variable == MS_VAR_DATA_CHECKSUM;
}

static enum ms_code compare(void *context, const struct ms_given *given, struct ms_error *err)
{
    struct ms_examination *examination = context;
    bool is_text = ms_schema[given->variable].type == MS_TYPE_STRING;
    size_t width = is_text ? MS_ACTIVATION_TEXT
                           : ms_schema_row_bytes(&examination->file->shape, given->variable);
    char *stored;
    enum ms_code code;

    if (is_data(given->variable) && !examination->same_numerics)
        return MS_OK;
    stored = malloc((size_t)given->rows * width);
    if (stored == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to compare it with its job",
                       examination->file->path);
    code = is_text ? compare_texts(examination, given, stored, err)
                   : compare_rows(examination, given, width, stored, err);
    free(stored);
    return code;
}

/* ---- data that cannot be made again ----------------------------------------------------------------- */

/* One data set against its own checksum. */
static enum ms_code check_dataset(struct ms_examination *examination, int32_t dataset, struct ms_error *err)
{
    struct ms_dataset data = {0};
    uint64_t stored, due;
    enum ms_code code = ms_file_read(examination->file, MS_VAR_DATA_CHECKSUM, dataset, 1, &stored, err);

    if (code == MS_OK)
        code = ms_reader_samples(examination->file, dataset, &data, err);
    if (code == MS_BAD_INPUT) { /* it is not where a data set can be: for that, its place is damaged */
        ms_finding_report(examination, "train_start, train_count, dev_start or dev_count", -1,
                          "beyond the data", "the rows of the data set");
        return MS_OK;
    }
    if (code != MS_OK)
        return code;
    due = ms_checksum_dataset(&data);
    if (stored != due)
        ms_finding_values(examination, MS_VAR_DATA_CHECKSUM, dataset, &stored, &due);
    ms_dataset_free(&data);
    return MS_OK;
}

enum ms_code ms_examine_given(struct ms_examination *examination, struct ms_error *err)
{
    int64_t datasets = examination->file->shape.size[MS_DIM_DATASET];
    enum ms_code code = MS_OK;

    if (examination->spec != NULL)
        code = ms_given_each(&examination->file->shape, examination->spec, compare, examination, err);
    if (examination->spec != NULL && examination->same_numerics)
        return code;
    for (int64_t d = 0; code == MS_OK && d < datasets; d++)
        code = check_dataset(examination, (int32_t)d, err);
    return code;
}
