/* Counts the dev sets in which all samples have one label, and writes one note for all of them, which
 * describes the first.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "classes.h"

#include <inttypes.h>
#include <stdbool.h>

#include "output.h"

static bool has_one_class(const struct ms_data *data)
{
    const int64_t positives = ms_data_positives(data);

    return positives == 0 || positives == data->rows;
}

/* Writes which samples of a dev set with one class are of which one, and returns the other class. */
static int write_samples(FILE *file, const struct ms_data *dev)
{
    const int only = dev->y[0];

    if (dev->rows == 1)
        (void)fprintf(file, "the only sample of the dev set is of class %d", only);
    else
        (void)fprintf(file, "all %" PRId64 " samples of the dev set are of class %d", dev->rows, only);
    return !only;
}

void classes_note(FILE *file, const char *path, const struct ms_dataset *datasets, int32_t count)
{
    int32_t first = -1, affected = 0;
    int other;

    for (int32_t d = count - 1; d >= 0; d--)
        if (has_one_class(&datasets[d].dev)) {
            first = d;
            affected++;
        }
    if (affected == 0)
        return;
    output_note(file, path);
    if (count > 1)
        (void)fprintf(file,
                      "the dev sets of %" PRId32 " of %" PRId32
                      " data sets are of one class: in data set %" PRId32 ", ",
                      affected, count, first);
    other = write_samples(file, &datasets[first].dev);
    (void)fprintf(file,
                  ", so accuracies on it say nothing about class %d; another split_seed or %s may help\n",
                  other, datasets[first].fold < 0 ? "a larger dev_fraction" : "fewer folds");
}
