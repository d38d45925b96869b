/* Fills a job from a document, according to the table of keys.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_FILL_H
#define MOONSWEEP_JOB_FILL_H

#include <yaml.h>

#include "moonsweep/job.h"
#include "settings.h"

/* Fills job (all zero except for its text) from document, to which settings were applied. path is used only in
 * messages. The error reported is the first one in the file; the caller then frees what was filled in before. Errors:
 * MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_job_fill(const char *path, yaml_document_t *document, const struct ms_settings *settings,
                         struct ms_job *job, struct ms_error *err);

#endif
