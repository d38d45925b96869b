/* scikit-learn's two moons: make_moons(samples, noise=noise, shuffle=True, random_state=seed).
 *
 * samples/2 points (rounded down) are on the outer half circle with label 0, the others on the inner one with label 1.
 * They are shuffled, and Gaussian noise of standard deviation `noise` is added. Labels and order are equal to
 * scikit-learn's, coordinates agree up to a few roundings. A noise of 0 adds nothing, but draws the same random numbers as
 * scikit-learn does for noise=0.0.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_MOONS_H
#define MOONSWEEP_MOONS_H

#include "moonsweep/data.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes data with n_x = 2; the caller frees it. samples >= 1, noise >= 0 and finite. Errors: MS_NO_MEMORY, and
 * MS_WORK_LEFT if stop (may be NULL) asked for an early end. */
enum ms_code ms_moons_make(int64_t samples, double noise, uint32_t seed, const struct ms_stop_request *stop,
                           struct ms_data *data, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
