/* Computes measures from counts, which are whole numbers and exact. The area under the ROC curve is found
 * without the curve: in samples sorted by probability, the pairs in which the sample with label 1 comes later
 * are counted, and half of those with equal probabilities.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/measures.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/plural.h"

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

struct ms_measures ms_measures_of(const int32_t outcomes[MS_OUTCOME_COUNT])
{
    const int64_t tn = outcomes[MS_TRUE_NEGATIVE], fp = outcomes[MS_FALSE_POSITIVE],
                  fn = outcomes[MS_FALSE_NEGATIVE], tp = outcomes[MS_TRUE_POSITIVE];
    /* The products of two counts are exact in 64 bits; the product of all four sums would not be. */
    const double covariance = (double)(tp * tn - fp * fn),
                 spread = sqrt((double)(tp + fp) * (double)(tn + fn)) *
                          sqrt((double)(tp + fn) * (double)(tn + fp));

    return (struct ms_measures){
        .precision = ratio((double)tp, (double)(tp + fp)),
        .recall = ratio((double)tp, (double)(tp + fn)),
        .f1 = ratio(2 * (double)tp, (double)(2 * tp + fp + fn)),
        .mcc = ratio(covariance, spread),
    };
}

/* ---- area under the ROC curve ---------------------------------------------------------------------------- */

struct judged {
    double probability;
    uint8_t label;
};

static int compare(const void *first, const void *second)
{
    const double a = ((const struct judged *)first)->probability,
                 b = ((const struct judged *)second)->probability;

    return (a > b) - (a < b);
}

/* The area for n samples, sorted by probability. All counts are whole numbers: the pairs are counted twice, so that
 * equal probabilities count as one. */
static double area(const struct judged *judged, int64_t n)
{
    int64_t negatives = 0, positives = 0, twice = 0;

    for (int64_t begin = 0, end; begin < n; begin = end) {
        int64_t equal_positives = 0;

        for (end = begin; end < n && judged[end].probability == judged[begin].probability; end++)
            equal_positives += judged[end].label;
        twice += equal_positives * (2 * negatives + (end - begin - equal_positives));
        positives += equal_positives;
        negatives += end - begin - equal_positives;
    }
    return ratio((double)twice, 2 * (double)positives * (double)negatives);
}

enum ms_code ms_measures_auc(const double *probability, const uint8_t *y, int64_t m, double *auc,
                             struct ms_error *err)
{
    struct judged *judged = malloc(((size_t)m + 1) * sizeof *judged);
    int64_t n = 0;

    if (!judged)
        return ms_fail_memory(err, NULL, "to sort %lld %s", (long long)m, ms_plural(m, "sample", "samples"));
    for (int64_t i = 0; i < m; i++)
        if (!isnan(probability[i]))
            judged[n++] = (struct judged){probability[i], y[i]};
    qsort(judged, (size_t)n, sizeof *judged, compare);
    *auc = area(judged, n);
    free(judged);
    return MS_OK;
}
