/* Loads the YAML of a job file as a tree of libyaml, whose nodes have a line and a column.
 *
 *     yaml_document_t document;
 *     if (ms_document_load(path, text, bytes, &document, err) == MS_OK) {
 *         ... yaml_document_get_root_node(&document) ...
 *         yaml_document_delete(&document);
 *     }
 *
 * The text must be exactly one document of bounded depth without tags and merge keys. If these were ignored, a sweep
 * could mean something else than its author intended.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_DOCUMENT_H
#define MOONSWEEP_JOB_DOCUMENT_H

#include <stddef.h>
#include <yaml.h>

#include "moonsweep/error.h"

/* Errors: MS_BAD_INPUT with path:line:column, MS_NO_MEMORY. */
enum ms_code ms_document_load(const char *path, const char *text, size_t bytes, yaml_document_t *document,
                              struct ms_error *err);

#endif
