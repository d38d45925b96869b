/* Keeps all names in one block of bytes, one after another: the label, the values of the labels, the
 * features. The pointers follow from the block alone, so that names are copied, sent and hashed as these
 * bytes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/plural.h"

/* Allocates names of this size, and sets nothing in texts. Returns whether there was memory. */
static bool allocate(struct ms_names *names, size_t bytes, int32_t n_x)
{
    *names = (struct ms_names){.texts = malloc(bytes),
                               .bytes = bytes,
                               .n_x = n_x,
                               .features = malloc((size_t)n_x * sizeof *names->features)};
    if (names->texts != NULL && names->features != NULL)
        return true;
    ms_names_free(names);
    return false;
}

static enum ms_code fail_memory(int32_t n_x, struct ms_error *err)
{
    return ms_fail_memory(err, NULL, "for the names of %ld %s", (long)n_x,
                          ms_plural(n_x, "feature", "features"));
}

/* Lets the pointers point to the texts. */
static void point(struct ms_names *names)
{
    const char *at = names->texts;

    names->label = at;
    for (int i = 0; i < 2; i++)
        names->label_values[i] = at += strlen(at) + 1;
    for (int32_t i = 0; i < names->n_x; i++)
        names->features[i] = at += strlen(at) + 1;
}

enum ms_code ms_names_make(struct ms_names *names, const char *label, const char *const label_values[2],
                           int32_t n_x, const char *const *features, struct ms_error *err)
{
    size_t bytes = strlen(label) + strlen(label_values[0]) + strlen(label_values[1]) + 3;
    char *at;

    for (int32_t i = 0; i < n_x; i++)
        bytes += strlen(features[i]) + 1;
    if (!allocate(names, bytes, n_x))
        return fail_memory(n_x, err);
    at = stpcpy(names->texts, label) + 1;
    for (int i = 0; i < 2; i++)
        at = stpcpy(at, label_values[i]) + 1;
    for (int32_t i = 0; i < n_x; i++)
        at = stpcpy(at, features[i]) + 1;
    point(names);
    return MS_OK;
}

enum ms_code ms_names_copy(struct ms_names *names, const char *texts, size_t bytes, int32_t n_x,
                           struct ms_error *err)
{
    if (!allocate(names, bytes, n_x))
        return fail_memory(n_x, err);
    memcpy(names->texts, texts, bytes);
    point(names);
    return MS_OK;
}

void ms_names_free(struct ms_names *names)
{
    free(names->texts);
    free(names->features);
    *names = (struct ms_names){0};
}
