/* Applies lines of text to a result: they set values, and have checksums renewed.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "result_patch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "store/file/costs.h"
#include "store/file/file.h"
#include "store/file/hdf5_call.h"
#include "store/file/pages.h"
#include "store/format/checksum.h"
#include "store/format/record.h"

enum { MAX_LINE = 128, MAX_LINES = 256 };

/* ---- the file ----------------------------------------------------------------------------------------- */

static void open_file(const char *path, hid_t *hdf5, struct ms_file *file)
{
    struct ms_error err;

    fuzz_require(ms_file_open(path, O_RDWR, hdf5, file, &err) == MS_OK,
                 "a file in which only values were changed can be opened");
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
                 "the base can be read into memory");
    (void)fclose(in);
}

static void find_scales(hid_t hdf5, struct result_image *image)
{
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        char path[64];
        hid_t scale;

        if (ms_schema_dimensions[d].bare)
            continue;
        ms_schema_path(ms_schema_dimensions[d].group, ms_schema_dimensions[d].name, sizeof path, path);
        scale = H5Dopen2(hdf5, path, H5P_DEFAULT);
        fuzz_require(scale >= 0, "every dimension has a scale");
        image->scale_place[d] = H5Dget_offset(scale);
        ms_hdf5_close(scale, H5Dclose);
    }
}

void result_image_read(const char *path, struct result_image *image)
{
    struct ms_file file;
    hid_t hdf5;

    read_bytes(path, image);
    open_file(path, &hdf5, &file);
    find_scales(hdf5, image);
    ms_hdf5_close(hdf5, H5Fclose);
    for (int v = 0; v < MS_VARIABLE_COUNT; v++) {
        enum ms_variable variable = (enum ms_variable)v;
        size_t bytes = (size_t)ms_schema_rows(&file.shape, variable) *
                       ms_schema_row_bytes(&file.shape, variable);

        image->offset[v] = (size_t)file.offset[v];
        image->width[v] = ms_schema_element_bytes(&file.shape, variable);
        image->elements[v] = bytes / image->width[v];
        fuzz_require(image->offset[v] + bytes <= image->count, "a variable lies inside the file");
    }
    ms_file_close(&file);
}

void result_image_write(const char *path, const unsigned char *bytes, size_t count)
{
    FILE *out = fopen(path, "r+b");

    fuzz_require(out != NULL && fwrite(bytes, 1, count, out) == count && fflush(out) == 0 &&
                     ftruncate(fileno(out), (off_t)count) == 0,
                 "a case can be written");
    (void)fclose(out);
}

/* ---- records ------------------------------------------------------------------------------------------ */

static void put(struct result_image *image, enum ms_variable variable, int64_t index, const void *value)
{
    memcpy(image->bytes + image->offset[variable] + (size_t)index * image->width[variable], value,
           image->width[variable]);
}

/* Computes the hash of the costs of a configuration. Returns false if their place in the file is invalid. */
static bool hash_costs(const struct ms_file *file, int64_t config, int64_t iterations, uint64_t *hash)
{
    const int64_t *size = file->shape.size;
    const int64_t trajectory = config / (size[MS_DIM_CONFIG] / size[MS_DIM_TRAJECTORY]);
    int64_t start[2] = {0, size[MS_DIM_COST_SAMPLE]}, stored, stride;
    struct ms_chain *chain = malloc(sizeof *chain);
    struct ms_costs costs;
    struct ms_error err;
    double last;
    bool ok = chain != NULL &&
              ms_file_read(file, MS_VAR_COST_START, trajectory,
                           trajectory == size[MS_DIM_TRAJECTORY] - 1 ? 1 : 2, start, &err) == MS_OK &&
              ms_file_read(file, MS_VAR_COST_COUNT, trajectory, 1, &stored, &err) == MS_OK &&
              ms_file_read(file, MS_VAR_COST_STRIDE, trajectory, 1, &stride, &err) == MS_OK && stride >= 0 &&
              start[0] >= 0 && start[0] <= start[1] && start[1] <= size[MS_DIM_COST_SAMPLE];

    if (ok) {
        costs = (struct ms_costs){.start = start[0],
                                  .count = ms_costs_count(stored, stride > 0 ? start[1] - start[0] : 0),
                                  .stride = stride};
        ms_chain_begin(chain, ms_schema_row_bytes(&file->shape, MS_VAR_COST));
        ok = ms_costs_append(file, &costs, 0, ms_costs_within(&costs, iterations), chain, &last, &err) ==
             MS_OK;
    }
    if (ok)
        *hash = ms_chain_hash(chain);
    free(chain);
    return ok;
}

/* Computes the checksums of a record, as a run does. Returns false if it cannot be read. */
static bool rehash_record(const struct ms_file *file, const struct ms_record_layout *layout, int64_t index,
                          unsigned char *bytes)
{
    uint64_t cost_hash = 0;
    int64_t iterations;
    struct ms_error err;

    if (index < 0 || index >= ms_schema_rows(&file->shape, layout->first) ||
        ms_records_read(file, layout, index, 1, bytes, &err) != MS_OK)
        return false;
    if (layout->kind == MS_RECORD_CONFIG) {
        memcpy(&iterations, bytes + layout->offset[MS_VAR_ITERATIONS], sizeof iterations);
        if (!hash_costs(file, index, iterations, &cost_hash))
            return false;
    }
    ms_record_set_checksums(layout, file->job_hash, index, cost_hash, bytes);
    return true;
}

static void rehash(struct result_image *image, const char *path, enum ms_record_kind kind, int64_t index)
{
    struct ms_record_layout layout;
    struct ms_file file;
    unsigned char *bytes;

    result_image_write(path, image->bytes, image->count);
    open_file(path, NULL, &file);
    ms_record_layout(&file.shape, kind, &layout);
    bytes = malloc(layout.bytes);
    fuzz_require(bytes != NULL, "memory is available");
    if (rehash_record(&file, &layout, index, bytes)) {
        put(image, layout.checksum, index, bytes + layout.offset[layout.checksum]);
        if (kind == MS_RECORD_CONFIG)
            put(image, MS_VAR_TIMES_CHECKSUM, index, bytes + layout.offset[MS_VAR_TIMES_CHECKSUM]);
    }
    free(bytes);
    ms_file_close(&file);
}

/* ---- pages -------------------------------------------------------------------------------------------- */

static void write_pages(struct result_image *image, const char *path)
{
    struct ms_file file;
    struct ms_error err;

    result_image_write(path, image->bytes, image->count);
    open_file(path, NULL, &file);
    fuzz_require(ms_pages_write(&file, image->scale_place, NULL, &err) == MS_OK,
                 "pages can be written again");
    ms_file_close(&file);
    free(image->bytes);
    read_bytes(path, image);
}

/* The offsets of the fields of a footer (pages.h), and its size. */
enum { PLACES_HALF = 12, START = 16, FINAL = 32, PIECES = 40, TABLE_HASH = 48, HASH = 56, FOOTER = 64 };

static uint64_t word_at(const unsigned char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Copies the first of the footer's tables over the second, and sets their hash, if both are inside the file. */
static void forge_tables(struct result_image *image, unsigned char *footer)
{
    const uint64_t start = word_at(footer + START), final = word_at(footer + FINAL),
                   pieces = word_at(footer + PIECES);
    uint32_t places;
    uint64_t bytes, hash;

    memcpy(&places, footer + PLACES_HALF, sizeof places);
    if (start > image->count || final > image->count - start || pieces > image->count ||
        places > image->count)
        return;
    bytes = pieces * sizeof(uint64_t) + places * 3 * sizeof(uint64_t);
    if (2 * bytes > image->count - start - final)
        return;
    memcpy(image->bytes + start + final + bytes, image->bytes + start + final, (size_t)bytes);
    hash = ms_checksum_bytes(image->bytes + start + final, (size_t)bytes);
    memcpy(footer + TABLE_HASH, &hash, sizeof hash);
}

static void forge_footers(struct result_image *image)
{
    unsigned char footer[FOOTER];
    uint64_t hash;

    memcpy(footer, image->bytes + image->count - FOOTER, FOOTER);
    forge_tables(image, footer);
    hash = ms_checksum_bytes(footer, HASH);
    memcpy(footer + HASH, &hash, sizeof hash);
    memcpy(image->bytes + image->count - FOOTER, footer, FOOTER);
    memcpy(image->bytes + image->count - 2 * (size_t)FOOTER, footer, FOOTER);
}

/* Sets eight bytes of the pages dataset. */
static void set_word(struct result_image *image, int64_t index, const char *text)
{
    const size_t bytes = image->elements[MS_VAR_INTEGRITY_PAGES];
    const uint64_t word = text[0] == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);

    if (bytes >= sizeof word && (uint64_t)index <= bytes - sizeof word)
        memcpy(image->bytes + image->offset[MS_VAR_INTEGRITY_PAGES] + index, &word, sizeof word);
}

/* ---- values ------------------------------------------------------------------------------------------- */

/* Returns the variable with this path ("status", "runs/id"), or MS_VARIABLE_COUNT if there is none. */
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

/* Integers wrap around at the width of the element. */
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
        put(image, variable, index, &whole); /* the low bytes, on a little-endian machine */
}

/* Applies a command to a whole record or to the pages. Returns false if the name is not a command. */
static bool apply_command(struct result_image *image, const char *path, const char *name, int64_t index)
{
    static const struct {
        const char *name;
        enum ms_record_kind kind;
    } rehashes[] = {{"rehash", MS_RECORD_CONFIG},
                    {"rehash-slot", MS_RECORD_SLOT},
                    {"rehash-run", MS_RECORD_RUN},
                    {"rehash-lease", MS_RECORD_LEASE}};

    for (size_t i = 0; i < sizeof rehashes / sizeof rehashes[0]; i++)
        if (strcmp(name, rehashes[i].name) == 0) {
            rehash(image, path, rehashes[i].kind, index);
            return true;
        }
    if (strcmp(name, "pages") == 0)
        write_pages(image, path);
    else if (strcmp(name, "footer") == 0)
        forge_footers(image);
    else
        return false;
    return true;
}

static void apply_line(struct result_image *image, const char *path, char *line)
{
    char *rest, *name = strtok_r(line, " ", &rest), *index_text = strtok_r(NULL, " ", &rest);
    char *value = strtok_r(NULL, " ", &rest);
    bool is_word;
    int64_t index;
    enum ms_variable variable;

    if (name == NULL || name[0] == '#' || index_text == NULL)
        return;
    index = strtoll(index_text, NULL, 10);
    if (apply_command(image, path, name, index))
        return;
    is_word = strcmp(name, "word") == 0;
    variable = is_word ? MS_VAR_INTEGRITY_PAGES : find_variable(name);
    if (variable == MS_VARIABLE_COUNT || value == NULL)
        return;
    if (index < 0 && (uint64_t) - (index + 1) < image->elements[variable])
        index += (int64_t)image->elements[variable];
    if (index >= 0 && is_word)
        set_word(image, index, value);
    else if (index >= 0 && (uint64_t)index < image->elements[variable])
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
