/* Elementary functions with the same bits on every machine.
 *
 * A C library may give different results with and without FMA hardware; these functions use only exactly rounded
 * operations (add, sub, mul, div, sqrt) and operations on bits, in a fixed order. docs/numerics.md states their
 * accuracy, measured against MPFR over the whole domain. Every NaN returned is the canonical one. The floating-point
 * environment must be that of moonsweep/float_environment.h: rounding to nearest, subnormals not flushed to zero.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_MATHS_H
#define MOONSWEEP_MATHS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Natural logarithm, within 0.52 ulp. x = 0: -infinity; x < 0 and NaN: NaN; infinity: infinity. */
double ms_log(double x);

/* e^x, within 0.52 ulp. Overflows to infinity, underflows through the subnormals to 0; NaN: NaN. */
double ms_exp(double x);

/* Sine and cosine, within 0.85 ulp, of x in radians, |x| <= 1e6 (the data need 0 .. pi). For larger |x| and for NaN:
 * NaN. */
double ms_sin(double x);
double ms_cos(double x);

/* Returns x, or for every NaN the one with the bits 0x7ff8000000000000: the bits of computed NaNs differ between
 * machines. */
double ms_canonical(double x);

#ifdef __cplusplus
}
#endif

#endif
