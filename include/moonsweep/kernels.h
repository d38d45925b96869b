/* The kernels of a sweep: which one trains networks of which size. All give the same bits, so the quickest one is taken.
 *
 *     struct ms_kernels kernels;
 *     ms_kernels_open(MS_FLOAT64, NULL, &kernels, err);            // the best one for every size, by the build's table
 *     ms_kernels_measure(&kernels, &spec, sizes, n, err);          // the quickest one for these sizes
 *     kernel = ms_kernels_for(&kernels, MS_TANH, 50);              // what holds for the nearest of them
 *
 * The struct contains no memory to free. On another machine it is meaningless.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_KERNELS_H
#define MOONSWEEP_KERNELS_H

#include "moonsweep/kernel.h"
#include "moonsweep/kernel_sizes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MS_KERNELS_MOST = 16 /* kernels of one precision */, MS_KERNELS_TEXT = 512 };

/* What was measured for one size. */
struct ms_kernels_point {
    struct ms_kernel_size size;
    /* Of each kernel: nanoseconds for one hidden unit and one sample; NaN: not measured */
    double ns[MS_KERNELS_MOST];
    int32_t quickest;
};

struct ms_kernels {
    /* Those to choose from, the best by the build's table first */
    const struct ms_kernel *kernel[MS_KERNELS_MOST];
    int32_t n_kernels;
    struct ms_kernels_point points[MS_KERNEL_SIZES_MOST]; /* those with the most work first */
    int32_t n_points;                                     /* 0: the first kernel trains everything */
    double seconds;                                       /* that the measurements took */
};

/* Opens the kernels that may be taken for a precision: those that the processor supports, but those in plain C only if
 * there are no others; or the one that is named by isa or the environment, as in ms_kernel_choose, whose errors it
 * returns. */
enum ms_code ms_kernels_open(enum ms_precision precision, const char *isa, struct ms_kernels *kernels,
                             struct ms_error *err);

/* The same, but also those in plain C, to compare all of them. */
enum ms_code ms_kernels_open_all(enum ms_precision precision, const char *isa, struct ms_kernels *kernels,
                                 struct ms_error *err);

struct ms_kernels_spec {
    double (*clock)(void);            /* the seconds that count, of this thread */
    double seconds;                   /* the measurements do not take more */
    const struct ms_samples *samples; /* of the precision; a part of them is trained on if there are many */
};

/* Measures the kernels for these sizes, and takes the quickest for each. Of two that are nearly equal it takes that
 * which the build's table prefers. Sizes for which there was too little time are left out. Errors: MS_NO_MEMORY. */
enum ms_code ms_kernels_measure(struct ms_kernels *kernels, const struct ms_kernels_spec *spec,
                                const struct ms_kernel_size *sizes, int32_t n, struct ms_error *err);

/* How long to measure before so many seconds of work on each rank: a hundredth, at most 50 ms; 0 if that is too short to
 * say anything, or if there is no choice. */
double ms_kernels_seconds(const struct ms_kernels *kernels, double work_s);

/* The kernel for networks of this size. */
const struct ms_kernel *ms_kernels_for(const struct ms_kernels *kernels, enum ms_activation activation,
                                       int32_t n_h);

/* Writes the names of all kernels that are taken for some size, separated by ", ", those with the most work first.
 * Returns text. */
const char *ms_kernels_names(const struct ms_kernels *kernels, char text[MS_KERNELS_TEXT]);

/* Writes what was measured for the first `points` sizes, such as "tanh 50: avx512 0.26, avx2 0.71; relu 50: avx512 0.11,
 * avx2 0.24": nanoseconds for a unit and a sample, the quickest kernel of each size first; "" if nothing was. What there
 * is no room for is left out. Returns text. */
const char *ms_kernels_text(const struct ms_kernels *kernels, int32_t points, char text[MS_KERNELS_TEXT]);

#ifdef __cplusplus
}
#endif

#endif
