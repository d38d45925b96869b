/* Writes the attributes that every result has, then those that the job gives. A text of the job replaces the one that
 * describes any result.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "conventions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "moonsweep/version.h"

/* CF has 64-bit and unsigned integers from version 1.9 on. */
static const char conventions[] = "CF-1.9, ACDD-1.3";

/* What the texts have in every result; NULL: nothing. */
static const struct ms_metadata any_result = {
    .summary =
        "Neural networks with one hidden layer, trained with all configurations of a hyperparameter sweep: "
        "settings, parameters, accuracies and costs",
    .keywords = "hyperparameter sweep, neural networks, binary classification",
    .references = "docs/numerics.md (methods) and docs/file-format.md (this file) of the program's sources",
};

/* Writes "date: command" as the first line of the file's history. Later runs are in /runs. */
static bool write_history(hid_t file, const char *command, const char *created)
{
    const size_t bytes = strlen(created) + strlen(command) + sizeof ": ";
    char *history = malloc(bytes);
    bool is_written = false;

    if (history != NULL) {
        (void)snprintf(history, bytes, "%s: %s", created, command);
        is_written = ms_attribute_write_text(file, "history", history);
    }
    free(history);
    return is_written;
}

static bool write_source(hid_t file)
{
    char source[256];

    (void)snprintf(source, sizeof source,
                   "moonsweep %s: full-batch gradient descent of neural networks with one hidden layer",
                   ms_version);
    return ms_attribute_write_text(file, "source", source);
}

/* Sets texts to those of the job, or else to those of any result. */
static void choose_texts(const struct ms_writer_spec *spec, const char *texts[MS_METADATA_TEXTS])
{
    const char *given[MS_METADATA_TEXTS] = {0};

    if (spec->metadata != NULL)
        ms_metadata_list(spec->metadata, given);
    ms_metadata_list(&any_result, texts);
    for (int i = 0; i < MS_METADATA_TEXTS; i++)
        if (given[i] != NULL)
            texts[i] = given[i];
}

bool ms_conventions_write(hid_t file, const struct ms_writer_spec *spec, const char *created)
{
    const char *texts[MS_METADATA_TEXTS];
    bool is_written = ms_attribute_write_text(file, "Conventions", conventions) &&
                      ms_attribute_write_text(file, "date_created", created) &&
                      write_history(file, spec->command, created) && write_source(file);

    choose_texts(spec, texts);
    for (int i = 0; is_written && i < MS_METADATA_TEXTS; i++)
        if (texts[i] != NULL)
            is_written = ms_attribute_write_text(file, ms_metadata_names[i], texts[i]);
    return is_written;
}

int64_t ms_conventions_bytes(const struct ms_writer_spec *spec)
{
    const char *texts[MS_METADATA_TEXTS];
    int64_t bytes = (int64_t)strlen(spec->command);

    choose_texts(spec, texts);
    for (int i = 0; i < MS_METADATA_TEXTS; i++)
        bytes += texts[i] != NULL ? (int64_t)strlen(texts[i]) : 0;
    return bytes;
}
