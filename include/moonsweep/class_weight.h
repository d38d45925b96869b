/* Weights of the two classes in the cost, -sum(weight[y] log P) / m, that training minimises.
 *
 *     double weight[2];
 *     if (ms_class_weight_of(&class_weight, &dataset.train, weight)) ... ms_samples_weigh(&samples, weight, err)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLASS_WEIGHT_H
#define MOONSWEEP_CLASS_WEIGHT_H

#include <stdbool.h>

#include "moonsweep/data.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ms_weighting {
    MS_WEIGHTING_NONE,
    MS_WEIGHTING_BALANCED, /* m / (2 * samples of the class in the training set), as in scikit-learn */
    MS_WEIGHTING_GIVEN
};

struct ms_class_weight {
    enum ms_weighting weighting;
    double given[2]; /* of the labels 0 and 1, finite and above 0; 0 unless they are given */
};

/* Space for the text of weights, with its NUL. */
#define MS_CLASS_WEIGHT_CHARS 72

/* Writes "none", "balanced" or "[0.5, 2]", and returns text: the same for equal weights, different for others. */
const char *ms_class_weight_write(const struct ms_class_weight *class_weight,
                                  char text[MS_CLASS_WEIGHT_CHARS]);

/* Sets weight to the weights of the labels for networks that are trained on this set, which has both classes. Returns
 * false, with weights of 1, if samples are not weighted. */
bool ms_class_weight_of(const struct ms_class_weight *class_weight, const struct ms_data *train,
                        double weight[2]);

#ifdef __cplusplus
}
#endif

#endif
