/* A job file's YAML as libyaml's tree, whose nodes know their line and column.
 *
 *     yaml_document_t document;
 *     if (ms_document_load(path, text, bytes, &document, err) == MS_OK) {
 *         ... yaml_document_get_root_node(&document) ...
 *         yaml_document_delete(&document);
 *     }
 *
 * What loads is exactly one document of bounded depth, without tags and merge keys: they would have to be
 * obeyed or ignored, and ignoring is how a sweep comes to mean something else than its author thinks. */
#ifndef MOONSWEEP_JOB_DOCUMENT_H
#define MOONSWEEP_JOB_DOCUMENT_H

#include <stddef.h>
#include <yaml.h>

#include "moonsweep/error.h"

/* Errors: MS_BAD_INPUT with path:line:column, MS_NO_MEMORY. */
enum ms_code ms_document_load(const char *path, const char *text, size_t bytes, yaml_document_t *document,
                              struct ms_error *err);

#endif
