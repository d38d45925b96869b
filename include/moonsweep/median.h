/* The median of measurements.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_MEDIAN_H
#define MOONSWEEP_MEDIAN_H

#ifdef __cplusplus
extern "C" {
#endif

/* The median of values[n], which it sorts: of an even number, the smaller one in the middle. NaN if there are none. */
double ms_median(double *values, int n);

#ifdef __cplusplus
}
#endif

#endif
