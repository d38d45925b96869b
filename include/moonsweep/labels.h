/* The labels of samples from a file: one or two values, each a number or a text. Values are the same label if they are
 * equal numbers (1 and 1.0), or equal byte for byte.
 *
 *     struct ms_labels labels = {0};
 *     uint8_t index;
 *     const char *fault = ms_labels_find(&labels, text, length, line, &index);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_LABELS_H
#define MOONSWEEP_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Space for the text of a label, with its NUL. */
enum { MS_LABEL_BYTES = 201 };

struct ms_label {
    char text[MS_LABEL_BYTES]; /* of a number: its shortest spelling */
    bool is_number;
    double number;
    size_t place; /* where it was found first */
};

struct ms_labels {
    bool are_fixed; /* no others are added */
    int count;
    struct ms_label values[2], third; /* third: the one that ms_labels_find refused as the third */
};

/* Sets the labels to these two, which all others are refused beside. */
void ms_labels_fix(struct ms_labels *labels, const char *const texts[2]);

/* Sets *index to the position of the label text[length], which was found at place (a line or a row, counted from 1);
 * adds it if it is new and labels are not fixed. Returns NULL, or what is wrong as the end of a sentence ("is not a
 * label"). */
const char *ms_labels_find(struct ms_labels *labels, const char *text, size_t length, size_t place,
                           uint8_t *index);

/* Whether a third label was found. */
bool ms_labels_are_three(const struct ms_labels *labels);

/* Renumbers the labels y of data, which are positions in labels, and sets texts to their values: label 0 is the smaller
 * of two numbers, otherwise the text that comes first in the order of bytes. Errors: MS_BAD_INPUT (all rows have the
 * same label); path is for the message. */
enum ms_code ms_labels_order(const char *path, const struct ms_labels *labels, struct ms_data *data,
                             const char *texts[2], struct ms_error *err);

/* Describes the fixed labels: "0 or 1", "'cat' or 'dog'". */
enum { MS_LABELS_DESCRIPTION = 256 };
void ms_labels_describe(const struct ms_labels *labels, char text[MS_LABELS_DESCRIPTION]);

#ifdef __cplusplus
}
#endif

#endif
