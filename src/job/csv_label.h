/* The labels of a CSV file: one or two values, each a number or a text. Values are the same label if they are equal
 * numbers (1 and 1.0), or equal byte for byte. */
#ifndef MOONSWEEP_JOB_CSV_LABEL_H
#define MOONSWEEP_JOB_CSV_LABEL_H

#include "csv_field.h"

/* Space for the text of a label, with its NUL. */
enum { MS_CSV_LABEL_BYTES = 201 };

struct ms_csv_label {
    char text[MS_CSV_LABEL_BYTES]; /* of a number: its shortest spelling */
    bool is_number;
    double number;
    size_t line; /* where it was found first */
};

struct ms_csv_labels {
    bool are_fixed; /* no others are added */
    int count;
    struct ms_csv_label values[2], third; /* third: the one that ms_csv_labels_find refused as the third */
};

/* Sets the labels to these two, which all others are refused beside. */
void ms_csv_labels_fix(struct ms_csv_labels *labels, const char *const texts[2]);

/* Sets *index to the position of the label in the field at the cursor, which is in this line; adds it if it is new and
 * labels are not fixed. Returns NULL, or what is wrong as the end of a sentence ("is not a label"). */
const char *ms_csv_labels_find(struct ms_csv_labels *labels, const struct ms_csv_cursor *cursor, size_t line,
                               uint8_t *index);

/* Whether a third label was found. */
bool ms_csv_labels_are_three(const struct ms_csv_labels *labels);

/* The position of the label that is 0: the smaller of two numbers, otherwise the text that comes first in the order of
 * bytes. There must be two labels. */
int ms_csv_labels_zero(const struct ms_csv_labels *labels);

/* Describes the fixed labels: "0 or 1", "'cat' or 'dog'". */
enum { MS_CSV_LABELS_DESCRIPTION = 256 };
void ms_csv_labels_describe(const struct ms_csv_labels *labels, char text[MS_CSV_LABELS_DESCRIPTION]);

#endif
