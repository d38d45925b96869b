/* Measures of how well a network separates two classes, as fractions from 0 to 1 (MCC: from -1 to 1), computed from its
 * outcomes. Label 1 is the positive class.
 *
 *     const struct ms_measures dev = ms_measures_of(row->dev_outcomes);
 *
 * A measure whose denominator is 0 is undefined, and NaN. Samples without a prediction have no outcome, and so no
 * influence on a measure.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_MEASURES_H
#define MOONSWEEP_MEASURES_H

#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_measures {
    double precision; /* TP / (TP + FP): how many of the samples predicted as 1 have label 1 */
    double recall;    /* TP / (TP + FN): how many of the samples with label 1 are predicted as 1 */
    double f1;        /* 2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall */
    double mcc;       /* the correlation of labels and predictions (Matthews) */
};

/* The measures of these outcomes, none of which may be negative. */
struct ms_measures ms_measures_of(const int32_t outcomes[MS_OUTCOME_COUNT]);

/* Sets *auc to the area under the ROC curve: the share of all pairs of a sample with label 1 and one with label 0 in
 * which the former has the higher probability; equal probabilities count as one half. Samples with the probability NaN
 * are left out. It is NaN if there is no pair. Errors: MS_NO_MEMORY. */
enum ms_code ms_measures_auc(const double *probability, const uint8_t *y, int64_t m, double *auc,
                             struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
