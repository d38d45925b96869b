/* Writes weights as text, and finds those of a training set. Numbers are written in their shortest spelling,
 * by which equal ones have the same text. Balanced weights give each class half of the weight of all
 * samples.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/class_weight.h"

#include <stdio.h>

#include "moonsweep/shortest.h"

const char *ms_class_weight_write(const struct ms_class_weight *class_weight,
                                  char text[MS_CLASS_WEIGHT_CHARS])
{
    char weights[2][MS_SHORTEST_CHARS];

    if (class_weight->weighting == MS_WEIGHTING_GIVEN)
        (void)snprintf(text, MS_CLASS_WEIGHT_CHARS, "[%s, %s]",
                       ms_shortest(class_weight->given[0], weights[0]),
                       ms_shortest(class_weight->given[1], weights[1]));
    else
        (void)snprintf(text, MS_CLASS_WEIGHT_CHARS, "%s",
                       class_weight->weighting == MS_WEIGHTING_BALANCED ? "balanced" : "none");
    return text;
}

bool ms_class_weight_of(const struct ms_class_weight *class_weight, const struct ms_data *train,
                        double weight[2])
{
    const int64_t positives = ms_data_positives(train);
    const int64_t count[2] = {train->rows - positives, positives};

    for (int label = 0; label < 2; label++) {
        weight[label] = 1;
        if (class_weight->weighting == MS_WEIGHTING_BALANCED)
            weight[label] = (double)train->rows / (2 * (double)count[label]);
        else if (class_weight->weighting == MS_WEIGHTING_GIVEN)
            weight[label] = class_weight->given[label];
    }
    return class_weight->weighting != MS_WEIGHTING_NONE;
}
