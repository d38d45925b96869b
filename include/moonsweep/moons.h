/* scikit-learn's two moons: make_moons(samples, noise=noise, shuffle=True, random_state=seed).
 *
 * samples/2 points (rounded down) on the outer half circle, label 0, the rest on the inner one, label 1;
 * shuffled, then Gaussian noise of standard deviation noise added. Labels and order are exact, coordinates
 * within 1e-15 of scikit-learn's. noise 0 adds nothing (but scikit-learn's draws are made for noise=0.0 too).
 */
#ifndef MOONSWEEP_MOONS_H
#define MOONSWEEP_MOONS_H

#include "moonsweep/data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes data (the caller frees it), n_x = 2. samples >= 1, noise >= 0 and finite. Errors: MS_NO_MEMORY. */
enum ms_code ms_moons_make(int64_t samples, double noise, uint32_t seed, struct ms_data *data,
                           struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
