#include "moonsweep/measures.h"

#include <math.h>

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
