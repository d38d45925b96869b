/* scikit-learn's train_test_split(X, y, test_size=dev_fraction, random_state=seed). */
#ifndef MOONSWEEP_SPLIT_H
#define MOONSWEEP_SPLIT_H

#include "moonsweep/data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Dev rows of rows at this fraction: rounded up. */
int64_t ms_split_dev_rows(int64_t rows, double dev_fraction);

/* Copies rows of all into train and dev (the caller frees both) in scikit-learn's order.
 * 0 < dev_fraction < 1 and at least one row each side; errors: MS_BAD_INPUT when a side would be empty,
 * MS_NO_MEMORY. */
enum ms_code ms_split(const struct ms_data *all, double dev_fraction, uint32_t seed, struct ms_data *train,
                      struct ms_data *dev, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
