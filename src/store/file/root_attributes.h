/* The root attributes that follow from the job.
 *
 *     static enum ms_code write(void *context, const struct ms_root_attribute *attribute, struct ms_error *err) ...
 *     ms_root_attributes_each(spec, write, &file, err);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_ROOT_ATTRIBUTES_H
#define MOONSWEEP_STORE_ROOT_ATTRIBUTES_H

#include <stdint.h>

#include "moonsweep/writer.h"

enum ms_root_kind { MS_ROOT_I32, MS_ROOT_TEXT, MS_ROOT_TEXTS };

struct ms_root_attribute {
    const char *name;
    enum ms_root_kind kind;
    int32_t number;           /* MS_ROOT_I32 */
    size_t count;             /* of texts; 1 for MS_ROOT_TEXT */
    const char *const *texts; /* [count] */
};

/* Receives one attribute. An error ends the pass. */
typedef enum ms_code ms_root_visit(void *context, const struct ms_root_attribute *attribute,
                                   struct ms_error *err);

/* Visits format_version, title, job, job_checksum, job_hash, precision, class_weight, job_set (if there are settings), label_values,
 * label_name (of samples from a file) and feature_names. Errors: MS_NO_MEMORY, and those of visit. */
enum ms_code ms_root_attributes_each(const struct ms_writer_spec *spec, ms_root_visit *visit, void *context,
                                     struct ms_error *err);

/* The checksum of a job: of its text, or with settings that of the settings, seeded with the former. set: NULL or empty if
 * there are none. */
uint64_t ms_root_attributes_job_checksum(const char *text, const char *set);

/* Writes hash as in its attribute: 16 hex digits. */
void ms_root_attributes_hash(uint64_t hash, char text[17]);

#endif
