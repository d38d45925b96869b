/* Writes the place of a value as h5py would index it, and the value with all digits that distinguish it from
 * its neighbours. Values that differ and still look the same are followed by their bits. Each element that
 * differs is a separate finding.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "finding.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ms_finding_report(struct ms_verification *verification, const char *place, int64_t config,
                       const char *stored, const char *expected)
{
    const struct ms_finding finding = {
        .kind = verification->kind, .place = place, .config = config, .stored = stored, .due = expected};

    verification->report.visit(verification->report.context, &finding);
}

/* ---- places ----------------------------------------------------------------------------------------- */

/* Writes "group/name[row,i,j]". element is the position in the row, along the dimensions after the first. */
static void write_place(const struct ms_shape *shape, enum ms_variable variable, int64_t row, int64_t element,
                        char place[MS_FINDING_TEXT])
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    int rank = ms_schema_rank(variable);
    int64_t index[MS_MAX_RANK] = {row};

    ms_schema_path(schema->group, schema->name, MS_FINDING_TEXT, place);
    for (int d = rank - 1; d > 0; d--) {
        int64_t size = shape->size[schema->dimensions[d]];

        index[d] = element % size;
        element /= size;
    }
    for (int d = 0; d < rank; d++) {
        size_t used = strlen(place);

        (void)snprintf(place + used, MS_FINDING_TEXT - used, "%s%" PRId64 "%s", d == 0 ? "[" : ",", index[d],
                       d == rank - 1 ? "]" : "");
    }
}

static int64_t config_of(enum ms_variable variable, int64_t row)
{
    return (int)variable < MS_CONFIG_VARIABLE_COUNT ? row : -1;
}

/* ---- values ----------------------------------------------------------------------------------------- */

static void write_real(double value, const char *format, char text[MS_FINDING_TEXT])
{
    (void)snprintf(text, MS_FINDING_TEXT, format, value);
}

/* Writes all digits that distinguish a value from its neighbours. A u64 is a checksum or an id and is
 * written in hex. */
static void write_value(const struct ms_shape *shape, enum ms_variable variable, const unsigned char *bytes,
                        char text[MS_FINDING_TEXT])
{
    uint64_t word = 0;
    double f64;
    float f32;

    memcpy(&word, bytes,
           ms_schema_element_bytes(shape, variable) <= 8 ? ms_schema_element_bytes(shape, variable) : 8);
    switch (ms_schema[variable].type) {
    case MS_TYPE_U8:
    case MS_TYPE_CHAR:
        (void)snprintf(text, MS_FINDING_TEXT, "%" PRIu64, word);
        break;
    case MS_TYPE_I32:
        (void)snprintf(text, MS_FINDING_TEXT, "%" PRId32, (int32_t)word);
        break;
    case MS_TYPE_I64:
        (void)snprintf(text, MS_FINDING_TEXT, "%" PRId64, (int64_t)word);
        break;
    case MS_TYPE_F64:
    case MS_TYPE_REAL:
        memcpy(&f64, &word, sizeof f64);
        memcpy(&f32, &word, sizeof f32);
        if (ms_schema_element_bytes(shape, variable) == sizeof f32)
            write_real((double)f32, "%.9g", text);
        else
            write_real(f64, "%.17g", text);
        break;
    case MS_TYPE_U64:
    case MS_TYPE_COUNT:
        (void)snprintf(text, MS_FINDING_TEXT, "%016" PRIx64, word);
        break;
    }
}

/* Appends the bits, for two values that look the same, such as two NaNs. */
static void write_bits(const unsigned char *bytes, size_t count, char text[MS_FINDING_TEXT])
{
    size_t used = strlen(text);

    (void)snprintf(text + used, MS_FINDING_TEXT - used, " (0x");
    for (size_t i = count; i-- > 0;) {
        used = strlen(text);
        (void)snprintf(text + used, MS_FINDING_TEXT - used, "%02x%s", bytes[i], i == 0 ? ")" : "");
    }
}

void ms_finding_values(struct ms_verification *verification, enum ms_variable variable, int64_t row,
                       const void *stored, const void *expected)
{
    const struct ms_shape *shape = &verification->file->shape;
    size_t width = ms_schema_element_bytes(shape, variable);
    int64_t elements = ms_schema_row_elements(shape, variable);
    char place[MS_FINDING_TEXT], found[MS_FINDING_TEXT], right[MS_FINDING_TEXT];

    for (int64_t i = 0; i < elements; i++) {
        const unsigned char *actual = (const unsigned char *)stored + (size_t)i * width;
        const unsigned char *wanted = (const unsigned char *)expected + (size_t)i * width;

        if (memcmp(actual, wanted, width) == 0)
            continue;
        write_place(shape, variable, row, i, place);
        write_value(shape, variable, actual, found);
        write_value(shape, variable, wanted, right);
        if (strcmp(found, right) == 0) {
            write_bits(actual, width, found);
            write_bits(wanted, width, right);
        }
        ms_finding_report(verification, place, config_of(variable, row), found, right);
    }
}

void ms_finding_rule(struct ms_verification *verification, enum ms_variable variable, int64_t row,
                     int64_t element, const void *stored, const char *expected, ...)
{
    const struct ms_shape *shape = &verification->file->shape;
    char place[MS_FINDING_TEXT], found[MS_FINDING_TEXT], right[MS_FINDING_TEXT];
    va_list arguments;

    va_start(arguments, expected);
    (void)vsnprintf(right, sizeof right, expected, arguments);
    va_end(arguments);
    write_place(shape, variable, row, element, place);
    write_value(shape, variable, stored, found);
    ms_finding_report(verification, place, config_of(variable, row), found, right);
}
