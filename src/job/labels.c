/* Finds and adds labels, each stored as a text; that of a number is its shortest spelling, so that 1 and 1.0
 * are shown alike. Labels are numbered in the order in which they are found, and renumbered by
 * ms_labels_order once all are known.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/labels.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "moonsweep/printable.h"
#include "moonsweep/quote.h"
#include "moonsweep/shortest.h"
#include "number.h"

/* Spellings of a missing value that other programs write. */
static bool is_missing(const char *text)
{
    static const char *const words[] = {"nan", ".nan", "null", "~"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* Sets label->number, and the text of a number to its shortest spelling, if the text is one. */
static void take_number(struct ms_label *label)
{
    char shortest[MS_SHORTEST_CHARS];

    label->is_number = ms_number_real(label->text, strlen(label->text), &label->number) == NULL;
    if (label->is_number)
        (void)snprintf(label->text, sizeof label->text, "%s", ms_shortest(label->number, shortest));
}

/* Returns what is wrong with the characters of a text; NULL: nothing. */
static const char *find_unprintable(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    const size_t at = ms_printable_length(text, length);
    bool is_control;

    if (at == length)
        return NULL;
    /* The control characters 0x80 to 0x9F have two bytes, of which the first one is 0xC2. */
    is_control = byte[at] < 0x20 || byte[at] == 0x7F ||
                 (byte[at] == 0xC2 && at + 1 < length && (byte[at + 1] & 0xC0) == 0x80);
    return is_control ? "contains a line break or another control character" : "is not in UTF-8";
}

static const char *read_label(const char *text, size_t length, struct ms_label *label)
{
    const char *fault;

    if (length == 0)
        return "is empty";
    if (length >= sizeof label->text)
        return "has more than 200 bytes";
    fault = find_unprintable(text, length);
    if (fault != NULL)
        return fault;
    memcpy(label->text, text, length);
    label->text[length] = '\0';
    if (is_missing(label->text))
        return "means no value";
    take_number(label);
    return NULL;
}

static bool are_same(const struct ms_label *a, const struct ms_label *b)
{
    if (a->is_number && b->is_number)
        return a->number == b->number;
    return strcmp(a->text, b->text) == 0;
}

void ms_labels_fix(struct ms_labels *labels, const char *const texts[2])
{
    *labels = (struct ms_labels){.are_fixed = true, .count = 2};
    for (int i = 0; i < 2; i++) {
        (void)snprintf(labels->values[i].text, sizeof labels->values[i].text, "%s", texts[i]);
        take_number(&labels->values[i]);
    }
}

/* Returns the fault of a text that is none of the fixed labels: if these are numbers, why it is no number. */
static const char *refuse(const struct ms_labels *labels, const char *text, size_t length)
{
    const char *fault = NULL;
    double number;

    if (labels->values[0].is_number && labels->values[1].is_number)
        fault = ms_number_real(text, length, &number);
    return fault != NULL ? fault : "is not a label";
}

const char *ms_labels_find(struct ms_labels *labels, const char *text, size_t length, size_t place,
                           uint8_t *index)
{
    struct ms_label label = {.place = place};
    const char *fault = read_label(text, length, &label);

    for (int i = 0; fault == NULL && i < labels->count; i++)
        if (are_same(&labels->values[i], &label)) {
            *index = (uint8_t)i;
            return NULL;
        }
    if (labels->are_fixed)
        return refuse(labels, text, length);
    if (fault != NULL)
        return fault;
    if (labels->count == 2) {
        labels->third = label;
        return "is a third label";
    }
    *index = (uint8_t)labels->count;
    labels->values[labels->count++] = label;
    return NULL;
}

bool ms_labels_are_three(const struct ms_labels *labels)
{
    return labels->third.place > 0;
}

/* The position of the label that becomes 0. */
static int find_zero(const struct ms_labels *labels)
{
    const struct ms_label *values = labels->values;

    if (values[0].is_number && values[1].is_number)
        return values[1].number < values[0].number;
    return strcmp(values[1].text, values[0].text) < 0;
}

enum ms_code ms_labels_order(const char *path, const struct ms_labels *labels, struct ms_data *data,
                             const char *texts[2], struct ms_error *err)
{
    char quoted[MS_QUOTE_BYTES];
    int zero;

    if (labels->count < 2)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: all rows (%lld) have the label %s; there must be two different labels", path,
                       (long long)data->rows,
                       ms_quote(labels->values[0].text, strlen(labels->values[0].text), quoted));
    zero = find_zero(labels);
    texts[0] = labels->values[zero].text;
    texts[1] = labels->values[1 - zero].text;
    for (int64_t row = 0; zero == 1 && row < data->rows; row++)
        data->y[row] = 1 - data->y[row];
    return MS_OK;
}

void ms_labels_describe(const struct ms_labels *labels, char text[MS_LABELS_DESCRIPTION])
{
    char quoted[2][MS_QUOTE_BYTES];
    const char *shown[2];

    for (int i = 0; i < 2; i++) {
        const struct ms_label *label = &labels->values[i];

        shown[i] = label->is_number ? label->text : ms_quote(label->text, strlen(label->text), quoted[i]);
    }
    (void)snprintf(text, MS_LABELS_DESCRIPTION, "%s or %s", shown[0], shown[1]);
}
