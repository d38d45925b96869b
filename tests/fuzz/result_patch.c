#include "result_patch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "store/file.h"
#include "store/hdf5_call.h"
#include "store/row.h"
#include "store/verify.h"

enum {
    MAX_LINE = 128,
    MAX_LINES = 256,
    WORD = sizeof(uint32_t) /* of a reference to a text */
};

/* ---- the file ----------------------------------------------------------------------------------------- */

static struct ms_file open_file(const char *path)
{
    struct ms_file file;
    struct ms_error err;
    hid_t access = ms_hdf5_access();

    fuzz_require(ms_file_open(path, access, H5F_ACC_RDONLY, &file, &err) == MS_OK,
                 "a file whose values alone are changed opens");
    ms_hdf5_close(access, H5Pclose);
    return file;
}

static void close_file(struct ms_file *file)
{
    struct ms_error err;

    fuzz_require(ms_file_close(file, &err) == MS_OK, "a file that was only read closes");
}

static void read_bytes(const char *path, struct result_image *image)
{
    FILE *in = fopen(path, "rb");
    long size = -1;

    fuzz_require(in != NULL && fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) > 0 &&
                     fseek(in, 0, SEEK_SET) == 0,
                 "the base can be read");
    image->count = (size_t)size;
    image->bytes = malloc(image->count);
    fuzz_require(image->bytes != NULL && fread(image->bytes, 1, image->count, in) == image->count,
                 "there is memory for the base");
    (void)fclose(in);
}

void result_image_read(const char *path, struct result_image *image)
{
    struct ms_file file;

    read_bytes(path, image);
    file = open_file(path);
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        enum ms_variable variable = (enum ms_variable)v;
        size_t bytes = (size_t)ms_schema_rows(&file.shape, variable) *
                       ms_schema_row_bytes(&file.shape, variable);

        image->offset[v] = (size_t)H5Dget_offset(file.dataset[v]);
        image->width[v] = ms_schema[v].type == MS_TYPE_STRING
                              ? WORD
                              : ms_schema_element_bytes(&file.shape, variable);
        image->elements[v] = bytes / image->width[v];
        fuzz_require(image->offset[v] + bytes <= image->count, "a variable is in its file");
    }
    close_file(&file);
}

void result_image_write(const char *path, const unsigned char *bytes, size_t count)
{
    FILE *out = fopen(path, "r+b");

    fuzz_require(out != NULL && fwrite(bytes, 1, count, out) == count && fflush(out) == 0 &&
                     ftruncate(fileno(out), (off_t)count) == 0,
                 "a case can be written");
    (void)fclose(out);
}

/* ---- sealing ------------------------------------------------------------------------------------------ */

static void put(struct result_image *image, enum ms_variable variable, int64_t index, const void *value)
{
    memcpy(image->bytes + image->offset[variable] + (size_t)index * image->width[variable], value,
           image->width[variable]);
}

/* Computes the checksums of the row of config in file, as a commit does; false where it cannot be read. */
static bool seal_row(const struct ms_file *file, const struct ms_record_layout *layout, int64_t config,
                     unsigned char *row)
{
    struct ms_chain *chain = malloc(sizeof *chain);
    struct ms_extent extent;
    struct ms_error err;
    int64_t trajectory, costs;
    double last;
    bool ok = chain != NULL && ms_records_read(file, layout, MS_RECORD_ALL, config, 1, row, &err) == MS_OK;

    if (ok) {
        trajectory = config / (file->shape.size[MS_DIM_CONFIG] / file->shape.size[MS_DIM_TRAJECTORY]);
        ok = ms_verify_extents(file, trajectory, 1, &extent, &err) == MS_OK;
    }
    if (ok) {
        costs = ms_verify_cost_count(&extent, ms_record_i64(layout, row, MS_VAR_ITERATIONS));
        ms_chain_begin(chain, ms_schema_row_bytes(&file->shape, MS_VAR_COST));
        ok = ms_verify_costs(file, &extent, 0, costs, chain, &last, &err) == MS_OK;
    }
    if (ok)
        ms_row_seal(layout, file->job_hash, config, ms_chain_hash(chain), row);
    free(chain);
    return ok;
}

static void seal(struct result_image *image, const char *path, int64_t config)
{
    struct ms_record_layout layout;
    unsigned char *row;
    struct ms_file file;

    result_image_write(path, image->bytes, image->count);
    file = open_file(path);
    ms_record_layout(&file.shape, MS_RECORD_CONFIG, &layout);
    row = malloc(layout.bytes);
    fuzz_require(row != NULL, "there is memory");
    if (config >= 0 && config < file.shape.size[MS_DIM_CONFIG] && seal_row(&file, &layout, config, row)) {
        put(image, MS_VAR_CHECKSUM, config, row + layout.offset[MS_VAR_CHECKSUM]);
        put(image, MS_VAR_TIMES_CHECKSUM, config, row + layout.offset[MS_VAR_TIMES_CHECKSUM]);
    }
    free(row);
    close_file(&file);
}

/* ---- values ------------------------------------------------------------------------------------------- */

/* The variable with this path ("status", "runs/id"); MS_VARIABLE_COUNT: none. */
static enum ms_variable find_variable(const char *name)
{
    char path[64];
    int v = 0;

    while (v < MS_VARIABLE_COUNT &&
           strcmp(ms_schema_path(ms_schema[v].group, ms_schema[v].name, sizeof path, path), name) != 0)
        v++;
    return (enum ms_variable)v;
}

static bool is_real(const struct result_image *image, enum ms_variable variable, size_t bytes)
{
    enum ms_type type = ms_schema[variable].type;

    return (type == MS_TYPE_F64 || type == MS_TYPE_REAL) && image->width[variable] == bytes;
}

/* Numbers wrap around at the width of the element, as bits do. */
static void set_value(struct result_image *image, enum ms_variable variable, int64_t index, const char *text)
{
    double real = strtod(text, NULL);
    float single = (float)real;
    uint64_t whole = text[0] == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);

    if (is_real(image, variable, sizeof real))
        put(image, variable, index, &real);
    else if (is_real(image, variable, sizeof single))
        put(image, variable, index, &single);
    else
        put(image, variable, index, &whole); /* its low bytes: a little-endian machine */
}

static void apply_line(struct result_image *image, const char *path, char *line)
{
    char *rest, *name = strtok_r(line, " ", &rest), *index_text = strtok_r(NULL, " ", &rest);
    char *value = strtok_r(NULL, " ", &rest);
    int64_t index;
    enum ms_variable variable;

    if (name == NULL || name[0] == '#' || index_text == NULL)
        return;
    index = strtoll(index_text, NULL, 10);
    variable = find_variable(name);
    if (strcmp(name, "seal") == 0)
        seal(image, path, index);
    else if (variable != MS_VARIABLE_COUNT && value != NULL && index >= 0 &&
             (uint64_t)index < image->elements[variable])
        set_value(image, variable, index, value);
}

void result_patch(struct result_image *image, const char *path, const char *text, size_t count)
{
    const char *end = text + count;
    int lines = 0;

    while (text < end && lines++ < MAX_LINES) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((newline != NULL ? newline : end) - text);
        char line[MAX_LINE];

        if (length < sizeof line) {
            memcpy(line, text, length);
            line[length] = '\0';
            apply_line(image, path, line);
        }
        text = newline != NULL ? newline + 1 : end;
    }
}
