#include "layout.h"

#include <hdf5.h>
#include <inttypes.h>
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attributes.h"
#include "checksum.h"
#include "file.h"
#include "hdf5_call.h"
#include "moonsweep/maths.h"
#include "moonsweep/version.h"
#include "scales.h"
#include "tuple.h"

enum {
    CONFIGS_AT_ONCE = 4096,  /* rows of the tuple's variables a write */
    INITIAL_BYTES = 4 << 20, /* of an initial value repeated, a write */
    STRIDE_ALL = 1           /* every cost is stored */
};

/* ---- variables -------------------------------------------------------------------------------------- */

/* Contiguous, at the final size and place from the start, so that no later write changes metadata. Variable
 * length data must be "filled": HDF5 refuses never for them. */
static hid_t variable_creation(enum ms_type type)
{
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);

    if (creation >= 0 && (H5Pset_layout(creation, H5D_CONTIGUOUS) < 0 ||
                          H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY) < 0 ||
                          (type != MS_TYPE_STRING && H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) < 0))) {
        (void)H5Pclose(creation);
        return H5I_INVALID_HID;
    }
    return creation;
}

static bool write_flags(hid_t dataset, const char *attribute, size_t count, const uint8_t *values,
                        const char *meanings)
{
    return ms_attribute_write_u8s(dataset, attribute, count, values) &&
           ms_attribute_write_text(dataset, "flag_meanings", meanings);
}

/* The attributes by which CF readers name the values of the two flag variables. */
static bool describe_flags(enum ms_variable variable, hid_t dataset)
{
    static const uint8_t status[] = {MS_PENDING, MS_DONE, MS_DIVERGED, MS_STOPPED, MS_DROPPED};
    static const uint8_t ends[] = {MS_RUN_RUNNING, MS_RUN_FINISHED, MS_RUN_STOPPED, MS_RUN_FAILED};

    if (variable == MS_VAR_STATUS)
        return write_flags(dataset, "flag_values", sizeof status, status,
                           "pending done diverged stopped dropped");
    if (variable == MS_VAR_RUN_HOW_ENDED)
        return write_flags(dataset, "flag_masks", sizeof ends, ends, "running finished stopped failed");
    return true;
}

static bool create_variable(struct ms_file *file, struct ms_scales *scales, enum ms_variable variable)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    hsize_t extent[MS_MAX_RANK] = {0};
    int rank = ms_schema_rank(variable);
    hid_t creation = variable_creation(schema->type);
    hid_t text = ms_attribute_text_type();
    hid_t type = schema->type == MS_TYPE_STRING ? text : ms_file_type(&file->shape, variable);
    hid_t dataset = H5I_INVALID_HID;
    char path[64];

    for (int i = 0; i < rank; i++)
        extent[i] = (hsize_t)file->shape.size[schema->dimensions[i]];
    ms_schema_path(schema->group, schema->name, sizeof path, path);
    file->space[variable] = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, extent, NULL);
    if (creation >= 0 && text >= 0 && file->space[variable] >= 0)
        dataset = H5Dcreate2(file->file, path, type, file->space[variable], H5P_DEFAULT, creation,
                             H5P_DEFAULT);
    file->dataset[variable] = dataset;
    ms_hdf5_close(creation, H5Pclose);
    ms_hdf5_close(text, H5Tclose);
    return dataset >= 0 && ms_attribute_write_text(dataset, "long_name", schema->long_name) &&
           ms_attribute_write_text(dataset, "units", schema->units) && describe_flags(variable, dataset) &&
           ms_scales_attach(file->file, scales, variable, dataset);
}

/* ---- values ----------------------------------------------------------------------------------------- */

/* Fills values[elements] with the initial NaN or -1 of a variable's type. */
static void fill_initial(enum ms_type type, enum ms_initial initial, int64_t elements, void *values)
{
    for (int64_t i = 0; i < elements; i++) {
        if (initial == MS_INITIAL_NAN)
            ((double *)values)[i] = ms_canonical((double)NAN);
        else if (type == MS_TYPE_I32)
            ((int32_t *)values)[i] = -1;
        else
            ((int64_t *)values)[i] = -1;
    }
}

static enum ms_code write_initial(const struct ms_file *file, enum ms_variable variable, void *room,
                                  struct ms_error *err)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    int64_t rows = ms_schema_rows(&file->shape, variable);
    int64_t at_once = INITIAL_BYTES / (int64_t)ms_schema_row_bytes(&file->shape, variable);
    enum ms_code code = MS_OK;

    if (schema->initial != MS_INITIAL_NAN && schema->initial != MS_INITIAL_MINUS_ONE)
        return MS_OK;
    if (at_once > rows)
        at_once = rows;
    fill_initial(schema->type, schema->initial, at_once, room);
    for (int64_t first = 0; code == MS_OK && first < rows; first += at_once)
        code = ms_file_write(file, variable, first, rows - first < at_once ? rows - first : at_once, room,
                             err);
    return code;
}

/* Writes count strings. */
static enum ms_code write_texts(const struct ms_file *file, enum ms_variable variable, int64_t first,
                                int64_t count, void *texts, struct ms_error *err)
{
    hsize_t start = (hsize_t)first, extent = (hsize_t)count;
    hid_t memory = H5Screate_simple(1, &extent, NULL);
    hid_t type = ms_attribute_text_type();
    enum ms_code code = MS_OK;

    if (memory < 0 || type < 0 ||
        H5Sselect_hyperslab(file->space[variable], H5S_SELECT_SET, &start, NULL, &extent, NULL) < 0 ||
        H5Dwrite(file->dataset[variable], type, memory, file->space[variable], H5P_DEFAULT, texts) < 0)
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing %s failed", file->path, ms_schema[variable].name);
    ms_hdf5_close(type, H5Tclose);
    ms_hdf5_close(memory, H5Sclose);
    return code;
}

static enum ms_code write_tuples(const struct ms_file *file, const struct ms_grid *grid, struct ms_error *err)
{
    int64_t configs = file->shape.size[MS_DIM_CONFIG];
    struct ms_config *block = malloc(CONFIGS_AT_ONCE * sizeof *block);
    void *values = malloc(CONFIGS_AT_ONCE * sizeof(double));
    enum ms_code code = MS_OK;

    if (block == NULL || values == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to lay it out", file->path);
    for (int64_t first = 0; code == MS_OK && first < configs; first += CONFIGS_AT_ONCE) {
        int64_t count = configs - first < CONFIGS_AT_ONCE ? configs - first : CONFIGS_AT_ONCE;

        for (int64_t i = 0; i < count; i++)
            block[i] = ms_grid_config(grid, first + i);
        for (int v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++) {
            if (!ms_tuple_has((enum ms_variable)v))
                continue;
            ms_tuple_fill((enum ms_variable)v, count, block, values);
            code = ms_schema[v].type == MS_TYPE_STRING
                       ? write_texts(file, (enum ms_variable)v, first, count, values, err)
                       : ms_file_write(file, (enum ms_variable)v, first, count, values, err);
        }
    }
    free(values);
    free(block);
    return code;
}

static enum ms_code write_histories(const struct ms_file *file, struct ms_error *err)
{
    int64_t trajectories = file->shape.size[MS_DIM_TRAJECTORY];
    int64_t length = file->shape.size[MS_DIM_COST_SAMPLE] / trajectories;
    int64_t *start = malloc((size_t)trajectories * sizeof *start);
    int64_t *stride = malloc((size_t)trajectories * sizeof *stride);
    enum ms_code code = MS_OK;

    if (start == NULL || stride == NULL) {
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to lay it out", file->path);
        goto cleanup;
    }
    for (int64_t t = 0; t < trajectories; t++) {
        start[t] = t * length;
        stride[t] = STRIDE_ALL;
    }
    code = ms_file_write(file, MS_VAR_COST_START, 0, trajectories, start, err);
    if (code == MS_OK)
        code = ms_file_write(file, MS_VAR_COST_STRIDE, 0, trajectories, stride, err);
cleanup:
    free(stride);
    free(start);
    return code;
}

static enum ms_code write_standardization(const struct ms_file *file, int64_t dataset, struct ms_error *err)
{
    int64_t n_x = file->shape.size[MS_DIM_FEATURE];
    double *values = calloc((size_t)n_x, sizeof *values);
    enum ms_code code;

    if (values == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to lay it out", file->path);
    code = ms_file_write(file, MS_VAR_FEATURE_MEAN, dataset, 1, values, err);
    for (int64_t i = 0; i < n_x; i++)
        values[i] = 1;
    if (code == MS_OK)
        code = ms_file_write(file, MS_VAR_FEATURE_SCALE, dataset, 1, values, err);
    free(values);
    return code;
}

/* Data set number, whose rows begin at train_start and dev_start. */
static enum ms_code write_dataset(const struct ms_file *file, int64_t number, const struct ms_dataset *data,
                                  int64_t train_start, int64_t dev_start, struct ms_error *err)
{
    uint64_t checksum = ms_checksum_dataset(data);
    double noise = ms_canonical(data->noise);
    const struct {
        enum ms_variable variable;
        int64_t first, rows;
        const void *values;
    } parts[] = {
        {MS_VAR_TRAIN_START, number, 1, &train_start},
        {MS_VAR_TRAIN_COUNT, number, 1, &data->train.rows},
        {MS_VAR_DEV_START, number, 1, &dev_start},
        {MS_VAR_DEV_COUNT, number, 1, &data->dev.rows},
        {MS_VAR_DATA_SEED, number, 1, &data->data_seed},
        {MS_VAR_SPLIT_SEED, number, 1, &data->split_seed},
        {MS_VAR_FOLD, number, 1, &data->fold},
        {MS_VAR_NOISE, number, 1, &noise},
        {MS_VAR_DATA_CHECKSUM, number, 1, &checksum},
        {MS_VAR_X_TRAIN, train_start, data->train.rows, data->train.X},
        {MS_VAR_Y_TRAIN, train_start, data->train.rows, data->train.y},
        {MS_VAR_X_DEV, dev_start, data->dev.rows, data->dev.X},
        {MS_VAR_Y_DEV, dev_start, data->dev.rows, data->dev.y},
    };
    enum ms_code code = write_standardization(file, number, err);

    for (size_t i = 0; code == MS_OK && i < sizeof parts / sizeof parts[0]; i++)
        code = ms_file_write(file, parts[i].variable, parts[i].first, parts[i].rows, parts[i].values, err);
    return code;
}

static enum ms_code write_datasets(const struct ms_file *file, const struct ms_store_spec *spec,
                                   struct ms_error *err)
{
    int64_t train_start = 0, dev_start = 0;
    enum ms_code code = MS_OK;

    for (int32_t d = 0; code == MS_OK && d < spec->n_datasets; d++) {
        code = write_dataset(file, d, &spec->datasets[d], train_start, dev_start, err);
        train_start += spec->datasets[d].train.rows;
        dev_start += spec->datasets[d].dev.rows;
    }
    return code;
}

static enum ms_code write_values(const struct ms_file *file, const struct ms_store_spec *spec,
                                 struct ms_error *err)
{
    void *room = malloc(INITIAL_BYTES);
    enum ms_code code = MS_OK;

    if (room == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to lay it out", file->path);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++)
        code = write_initial(file, (enum ms_variable)v, room, err);
    free(room);
    if (code == MS_OK)
        code = write_tuples(file, spec->grid, err);
    if (code == MS_OK)
        code = write_histories(file, err);
    if (code == MS_OK)
        code = write_datasets(file, spec, err);
    return code;
}

/* ---- root attributes -------------------------------------------------------------------------------- */

static bool write_feature_names(hid_t file, int32_t n_x)
{
    enum { NAME_BYTES = 16 };
    char(*names)[NAME_BYTES] = malloc((size_t)n_x * sizeof *names);
    const char **texts = malloc((size_t)n_x * sizeof *texts);
    bool ok = names != NULL && texts != NULL;

    for (int32_t i = 0; ok && i < n_x; i++) {
        (void)snprintf(names[i], NAME_BYTES, "x%" PRId32, i + 1);
        texts[i] = names[i];
    }
    ok = ok && ms_attribute_write_texts(file, "feature_names", (size_t)n_x, texts);
    free(texts);
    free(names);
    return ok;
}

/* What made the file: libraries, program, moment. */
static bool write_origin(hid_t file)
{
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING], hdf5[48], created[32];
    unsigned major, minor, release;
    time_t now = time(NULL);
    struct tm utc;
    int length;

    if (H5get_libversion(&major, &minor, &release) < 0 ||
        MPI_Get_library_version(mpi, &length) != MPI_SUCCESS || gmtime_r(&now, &utc) == NULL)
        return false;
    mpi[strcspn(mpi, "\r\n")] = '\0';
    (void)snprintf(hdf5, sizeof hdf5, "%u.%u.%u", major, minor, release);
    (void)strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return ms_attribute_write_text(file, "program_version", ms_version) &&
           ms_attribute_write_text(file, "git_commit", ms_git_commit) &&
           ms_attribute_write_text(file, "created", created) &&
           ms_attribute_write_text(file, "hdf5_version", hdf5) &&
           ms_attribute_write_text(file, "mpi_version", mpi);
}

static bool write_attributes(hid_t file, const struct ms_store_spec *spec)
{
    static const char *const labels[] = {"0", "1"};
    uint64_t text_hash = ms_checksum_bytes(spec->job_text, strlen(spec->job_text));
    char job_checksum[17], job_hash[17];

    (void)snprintf(job_checksum, sizeof job_checksum, "%016" PRIx64, text_hash);
    (void)snprintf(job_hash, sizeof job_hash, "%016" PRIx64, spec->job_hash);
    return ms_attribute_write_i32(file, "format_version", MS_FORMAT_VERSION) &&
           ms_attribute_write_text(file, "title", spec->title) &&
           ms_attribute_write_text(file, "job", spec->job_text) &&
           ms_attribute_write_text(file, "job_checksum", job_checksum) &&
           ms_attribute_write_text(file, "job_hash", job_hash) &&
           ms_attribute_write_i32(file, "numerics", MS_NUMERICS) &&
           ms_attribute_write_text(file, "command", spec->command) &&
           ms_attribute_write_text(file, "precision", ms_precision_name(spec->precision)) &&
           ms_attribute_write_texts(file, "label_values", sizeof labels / sizeof labels[0], labels) &&
           write_feature_names(file, spec->datasets[0].train.n_x) &&
           ms_attribute_write_text(file, "class_weight", "none") && write_origin(file);
}

/* ---- the file --------------------------------------------------------------------------------------- */

/* The oldest format: a newer superblock carries an "open for writing" flag that a killed run leaves behind.
 * Names are listed in the order of the schema where readers ask for it. */
static hid_t create_file(const char *path)
{
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    hid_t access = ms_hdf5_access();
    hid_t file = H5I_INVALID_HID;

    if (creation >= 0 && access >= 0 &&
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) >= 0)
        file = H5Fcreate(path, H5F_ACC_EXCL, creation, access);
    ms_hdf5_close(access, H5Pclose);
    ms_hdf5_close(creation, H5Pclose);
    return file;
}

static bool create_groups(hid_t file)
{
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    bool ok = creation >= 0 &&
              H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0;

    for (int g = 0; ok && g < MS_GROUP_COUNT; g++) {
        hid_t group = H5Gcreate2(file, ms_schema_groups[g], H5P_DEFAULT, creation, H5P_DEFAULT);

        ok = group >= 0 && H5Gclose(group) >= 0;
    }
    ms_hdf5_close(creation, H5Pclose);
    return ok;
}

static enum ms_code create_variables(struct ms_file *file, struct ms_scales *scales, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    if (!ms_scales_create(file->file, &file->shape, scales))
        code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: making the dimensions failed", file->path);
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++) {
        if (!create_variable(file, scales, (enum ms_variable)v))
            code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: making the variable %s failed", file->path,
                                ms_schema[v].name);
    }
    if (!ms_scales_finish(scales) && code == MS_OK)
        code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s: making the dimensions failed", file->path);
    return code;
}

enum ms_code ms_layout_write(const char *path, const struct ms_store_spec *spec, struct ms_error *err)
{
    struct ms_file file;
    struct ms_error ignored;
    struct ms_scales *scales = malloc(sizeof *scales);
    enum ms_code code = MS_OK;

    ms_hdf5_quiet();
    ms_file_clear(&file);
    file.path = strdup(path);
    if (scales == NULL || file.path == NULL) {
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to lay it out", path);
        goto cleanup;
    }
    ms_schema_shape(spec, &file.shape);
    file.file = create_file(path);
    if (file.file < 0) {
        code = ms_hdf5_fail(err, MS_CANNOT_CREATE, "%s cannot be created", path);
        goto cleanup;
    }
    if (!write_attributes(file.file, spec) || !create_groups(file.file)) {
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: writing the attributes failed", path);
        goto cleanup;
    }
    code = create_variables(&file, scales, err);
    if (code == MS_OK)
        code = write_values(&file, spec, err);
    if (code == MS_OK && H5Fflush(file.file, H5F_SCOPE_GLOBAL) < 0)
        code = ms_hdf5_fail(err, MS_IO_ERROR, "%s: flushing the file failed", path);
    if (code == MS_OK)
        code = ms_file_close(&file, err);
cleanup:
    free(scales);
    (void)ms_file_close(&file, &ignored);
    return code;
}
