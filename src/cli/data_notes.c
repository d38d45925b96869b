/* Writes the labels, and measures the features of one data set after another until there is a note about
 * them. Without memory for that there is no note: nothing depends on it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "data_notes.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/standardize.h"
#include "output.h"

/* Standard deviations that differ by more than this make gradient descent slow. */
static const double largest_ratio = 100;

/* The features that have been measured. */
struct measures {
    double *mean, *scale; /* [n_x] owned */
    bool *is_constant;    /* [n_x] owned */
};

/* Returns whether there is a note. */
static bool note_constants(FILE *file, const char *path, const struct ms_names *names,
                           const bool *is_constant)
{
    int32_t first = 0, count = 0;

    for (int32_t i = names->n_x - 1; i >= 0; i--)
        if (is_constant[i]) {
            first = i;
            count++;
        }
    if (count > 0)
        output_note(file, path);
    if (count == 1)
        (void)fprintf(file,
                      "the feature '%s' has one value only in the training set; it is 0 once it is "
                      "standardized\n",
                      names->features[first]);
    else if (count > 1)
        (void)fprintf(file,
                      "%ld features ('%s' and others) have one value only in the training set; they are 0 "
                      "once they are standardized\n",
                      (long)count, names->features[first]);
    return count > 0;
}

/* Names the first feature whose standard deviation overflows, and returns whether there is one. */
static bool note_overflow(FILE *file, const char *path, const struct ms_names *names, const double *scale)
{
    int32_t i = 0;

    while (i < names->n_x && isfinite(scale[i]))
        i++;
    if (i == names->n_x)
        return false;
    output_note(file, path);
    (void)fprintf(file,
                  "the feature '%s' has values so large that its standard deviation is not finite; divide it "
                  "by a constant, such as 1e100\n",
                  names->features[i]);
    return true;
}

/* Compares the features that are not constant, and returns whether there is a note. */
static bool note_sizes(FILE *file, const char *path, const struct ms_names *names,
                       const struct measures *measures)
{
    int32_t small = -1, large = -1;

    for (int32_t i = 0; i < names->n_x; i++) {
        if (measures->is_constant[i])
            continue;
        if (small < 0 || measures->scale[i] < measures->scale[small])
            small = i;
        if (large < 0 || measures->scale[i] > measures->scale[large])
            large = i;
    }
    if (small < 0 || measures->scale[large] <= largest_ratio * measures->scale[small])
        return false;
    output_note(file, path);
    (void)fprintf(file,
                  "the features are of very different size: the standard deviation of "
                  "'%s' is %.3g, that of '%s' is %.3g; with `standardize: true` in data both are 1\n",
                  names->features[small], measures->scale[small], names->features[large],
                  measures->scale[large]);
    return true;
}

/* Writes what is worth knowing about the features of a data set, and returns whether there is a note. */
static bool note_features(FILE *file, const char *path, const struct ms_dataset *dataset,
                          const struct measures *measures, bool is_standardized)
{
    ms_standardize_measure(&dataset->train, measures->mean, measures->scale, measures->is_constant);
    if (note_overflow(file, path, &dataset->names, measures->scale))
        return true;
    return is_standardized ? note_constants(file, path, &dataset->names, measures->is_constant)
                           : note_sizes(file, path, &dataset->names, measures);
}

void data_notes_write(FILE *file, const char *path, const struct ms_dataset *datasets, int32_t count,
                      bool is_standardized)
{
    const struct ms_names *names = &datasets[0].names;
    const size_t n_x = (size_t)names->n_x;
    struct measures measures;
    bool is_noted = false;

    if (names->texts == NULL)
        return;
    output_note(file, path);
    (void)fprintf(file, "'%s' is label 0, '%s' is label 1\n", names->label_values[0], names->label_values[1]);
    measures = (struct measures){malloc(n_x * sizeof(double)), malloc(n_x * sizeof(double)),
                                 malloc(n_x * sizeof(bool))};
    for (int32_t d = 0; d < count && !is_noted && measures.mean && measures.scale && measures.is_constant;
         d++)
        is_noted = note_features(file, path, &datasets[d], &measures, is_standardized);
    free(measures.mean);
    free(measures.scale);
    free(measures.is_constant);
}
