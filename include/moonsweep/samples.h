/* A set of samples laid out for the kernels: made once, shared read-only by every network trained on it. */
#ifndef MOONSWEEP_SAMPLES_H
#define MOONSWEEP_SAMPLES_H

#include "moonsweep/data.h"
#include "moonsweep/network.h"

struct ms_samples {
    enum ms_precision precision;
    int32_t n_x;
    int64_t m;      /* samples */
    int64_t chunks; /* C: of 8 virtual vectors (64 samples in float64, 128 in float32), the last one padded */
    int32_t segments; /* G = min(64, ceil(C/8)) */
    void *blocks; /* [chunks][n_x + 2][chunk samples] owned: the features, the label's sign, the valid mask */
    double *x_max; /* [n_x] owned: the largest |x| of each feature, for the bounds of the fast path */
};

/* Lays data out. Its values are rounded to precision. Errors: MS_NO_MEMORY. */
enum ms_code ms_samples_make(struct ms_samples *samples, const struct ms_data *data,
                             enum ms_precision precision, struct ms_error *err);
void ms_samples_free(struct ms_samples *samples);

/* The first chunk of segment g, 0 <= g <= segments: floor(g * C / G). */
int64_t ms_samples_segment(const struct ms_samples *samples, int32_t g);

#endif
