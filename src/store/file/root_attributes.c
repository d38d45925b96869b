/* Visits the attributes in a fixed order: the format version, the texts of the job, the names of the labels,
 * and those of the features. Samples that were not read from a file have labels 0 and 1, and features x1, x2
 * and so on.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "root_attributes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "schema.h"

void ms_root_attributes_hash(uint64_t hash, char text[17])
{
    (void)snprintf(text, 17, "%016" PRIx64, hash);
}

uint64_t ms_root_attributes_job_checksum(const char *text, const char *set)
{
    const uint64_t checksum = ms_checksum_bytes(text, strlen(text));
    struct ms_hash hash;

    if (set == NULL || *set == '\0')
        return checksum;
    ms_hash_begin(&hash, checksum);
    ms_hash_add(&hash, set, strlen(set));
    return ms_hash_value(&hash);
}

static enum ms_code visit_text(ms_root_visit *visit, void *context, const char *name, const char *text,
                               struct ms_error *err)
{
    const struct ms_root_attribute attribute = {
        .name = name, .kind = MS_ROOT_TEXT, .count = 1, .texts = &text};

    return visit(context, &attribute, err);
}

static enum ms_code visit_texts(ms_root_visit *visit, void *context, const char *name, size_t count,
                                const char *const *texts, struct ms_error *err)
{
    const struct ms_root_attribute attribute = {
        .name = name, .kind = MS_ROOT_TEXTS, .count = count, .texts = texts};

    return visit(context, &attribute, err);
}

/* "x1", "x2", ... */
static enum ms_code visit_numbered_names(ms_root_visit *visit, void *context, int32_t n_x,
                                         struct ms_error *err)
{
    enum { NAME_BYTES = 16 };
    char(*names)[NAME_BYTES] = malloc((size_t)n_x * sizeof *names);
    const char **texts = malloc((size_t)n_x * sizeof *texts);
    enum ms_code code = MS_OK;

    if (names == NULL || texts == NULL)
        code = ms_fail_memory(err, NULL, "for the names of %" PRId32 " features", n_x);
    for (int32_t i = 0; code == MS_OK && i < n_x; i++) {
        (void)snprintf(names[i], NAME_BYTES, "x%" PRId32, i + 1);
        texts[i] = names[i];
    }
    if (code == MS_OK)
        code = visit_texts(visit, context, "feature_names", (size_t)n_x, texts, err);
    free(texts);
    free(names);
    return code;
}

/* The names of features and labels, and of the column of labels if the samples were read from a file. */
static enum ms_code visit_names(ms_root_visit *visit, void *context, const struct ms_dataset *dataset,
                                struct ms_error *err)
{
    static const char *const zero_and_one[] = {"0", "1"};
    const struct ms_names *names = &dataset->names;
    const bool are_made = names->texts == NULL;
    enum ms_code code = visit_texts(visit, context, "label_values", 2,
                                    are_made ? zero_and_one : names->label_values, err);

    if (code != MS_OK)
        return code;
    if (are_made)
        return visit_numbered_names(visit, context, dataset->train.n_x, err);
    code = visit_text(visit, context, "label_name", names->label, err);
    if (code != MS_OK)
        return code;
    return visit_texts(visit, context, "feature_names", (size_t)names->n_x, names->features, err);
}

enum ms_code ms_root_attributes_each(const struct ms_writer_spec *spec, ms_root_visit *visit, void *context,
                                     struct ms_error *err)
{
    static const struct ms_root_attribute version = {
        .name = "format_version", .kind = MS_ROOT_I32, .number = MS_FORMAT_VERSION};
    static const struct ms_class_weight none = {.weighting = MS_WEIGHTING_NONE};
    char job_checksum[17], job_hash[17], class_weight[MS_CLASS_WEIGHT_CHARS];
    const struct {
        const char *name, *text;
    } texts[] = {
        {"title", spec->title},
        {"job", spec->job_text},
        {"job_checksum", job_checksum},
        {"job_hash", job_hash},
        {"precision", ms_precision_name(spec->precision)},
        {"class_weight", class_weight},
    };
    enum ms_code code = visit(context, &version, err);

    ms_root_attributes_hash(ms_root_attributes_job_checksum(spec->job_text, spec->job_set), job_checksum);
    ms_root_attributes_hash(spec->job_hash, job_hash);
    (void)ms_class_weight_write(spec->class_weight != NULL ? spec->class_weight : &none, class_weight);
    for (size_t i = 0; code == MS_OK && i < sizeof texts / sizeof texts[0]; i++)
        code = visit_text(visit, context, texts[i].name, texts[i].text, err);
    if (code == MS_OK && spec->job_set != NULL)
        code = visit_text(visit, context, "job_set", spec->job_set, err);
    return code == MS_OK ? visit_names(visit, context, &spec->datasets[0], err) : code;
}
