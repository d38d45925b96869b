/* Settings: values of keys that replace those of a job file, or are added to it (--set KEY=VALUE).
 *
 * They are a text with one setting in each line. KEY is a path of keys, with positions in lists: grid[1].n_h. VALUE is
 * YAML. A setting is applied to the document of the job file before it is read, so that all rules of job files hold for
 * it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_SETTINGS_H
#define MOONSWEEP_JOB_SETTINGS_H

#include <yaml.h>

#include "moonsweep/error.h"

/* One setting, and its nodes in the document. */
struct ms_setting {
    const char *text; /* in the text of the settings; not terminated */
    int length;
    int first, end; /* the nodes first .. end - 1 of the document, counted from 0 */
};

struct ms_settings {
    int count;
    struct ms_setting *items; /* [count] owned */
};

/* Applies the settings in text (NULL: none), one after another, to the document of the job file at path. text must
 * outlive settings, which the caller frees, also after an error. Errors: MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_settings_apply(const char *path, const char *text, yaml_document_t *document,
                               struct ms_settings *settings, struct ms_error *err);

/* The setting that node number `node` of the document is from, or NULL. settings may be NULL. */
const struct ms_setting *ms_settings_find(const struct ms_settings *settings, int node);

/* Space for the name of a setting in messages. */
#define MS_SETTING_BYTES 208

/* Writes "--set KEY=VALUE", shortened if it is long, and returns name. */
const char *ms_settings_name(const struct ms_setting *setting, char name[MS_SETTING_BYTES]);

void ms_settings_free(struct ms_settings *settings);

#endif
