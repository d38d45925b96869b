/* Measures of how well a network separates two classes, as fractions from 0 to 1 (MCC: from -1 to 1), computed from its
 * outcomes. Label 1 is the positive class.
 *
 *     const struct ms_measures dev = ms_measures_of(row->dev_outcomes);
 *
 * A measure whose denominator is 0 is undefined, and NaN. Samples without a prediction have no outcome, and so no
 * influence on a measure. */
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

#ifdef __cplusplus
}
#endif

#endif
