/* Our own elementary functions: the same bits on every machine.
 *
 * One C library gives different results with and without FMA hardware; these use only exactly rounded
 * operations (add, sub, mul, div, sqrt) and operations on bits, in a fixed order. Accuracy over the
 * stated domain, measured against MPFR: docs/numerics.md. Every NaN returned is the canonical one. Rounding
 * must be to nearest and subnormals kept, as a program finds them when it starts. */
#ifndef MOONSWEEP_MATHS_H
#define MOONSWEEP_MATHS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Natural logarithm, within 0.502 ulp. x = 0: -infinity; x < 0 and NaN: NaN; infinity: infinity. */
double ms_log(double x);

/* e^x, within 0.516 ulp. Overflows to infinity, underflows through the subnormals to 0; NaN: NaN. */
double ms_exp(double x);

/* Sine and cosine, within 0.78 ulp, x in radians, |x| <= 1e6 (what the data need is 0 .. pi); beyond, and for
 * NaN: NaN. */
double ms_sin(double x);
double ms_cos(double x);

/* x with one bit pattern for every NaN (0x7ff8000000000000), whose bits differ between machines. */
double ms_canonical(double x);

#ifdef __cplusplus
}
#endif

#endif
