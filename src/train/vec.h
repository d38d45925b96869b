/* The operations that the loop nest (nest.c) is written in. One header per instruction set and precision defines all of
 * them: vec_<isa>_<precision>.h, or vec_portable.h for both precisions. The nest is compiled once with each.
 *
 * Operations are exactly rounded or exact, except for vec_estimate, so every header gives the same bits; only
 * vec_sum_lanes combines lanes.
 * A machine whose vectors are narrower than the virtual vector runs a chunk once per lane group.
 *
 *   real                   double or float
 *   vec                    LANES reals in a register
 *   flags                  one truth value per lane
 *   LANES                  lanes of a vector of the machine; divides VIRTUAL_LANES
 *   VEC_REGISTERS          number of vector registers of the machine
 *   VIRTUAL_LANES          8 in float64, 16 in float32
 *   VEC_PRECISION          MS_FLOAT64 or MS_FLOAT32
 *   EXP2_A0, _A1, _A2      coefficients of exp2_constants.h (float32 has no EXP2_A2)
 *   NARROW_LIMIT           the largest |argument| for which the product of 8 probabilities stays normal
 *   WIDE_LIMIT             the largest |argument| of an exponential, and what MS_RANGE_ANY clamps to
 *
 *   vec_set(a)             a in every lane
 *   vec_load(p)            p[0 .. LANES-1]; p is a multiple of the vector's size
 *   vec_load_once(p)       the same, for operands of several operations: stays in a register
 *   vec_store(p, a)
 *   vec_add, vec_sub, vec_mul, vec_div (a, b)
 *   vec_estimate(a)        1 / a with a relative error of at most 1.51 * 2^-12, for 1 <= a <= 2^(WIDE_LIMIT + 3); only
 *                          quotient.h uses it, whose bits do not depend on it
 *   vec_fma(a, b, c)       a*b + c, rounded once
 *   vec_fnma(a, b, c)      c - a*b, rounded once
 *   vec_xor(a, b)          exclusive or of the bits
 *   vec_positive(a)        flags: a > 0
 *   flags_load(p)          *p, which flags_store(p, f) wrote
 *   vec_where(f, a)        a where f is set, else +0
 *   vec_fma_where(f, a, b, c)  a*b + c, rounded once, where f is set; else c, of which a zero may lose its sign. a is
 *                          finite
 *   vec_select(f, a, b)    a where f is set, else b
 *   vec_relu(a)            0 > a ? 0 : a; NaN stays NaN
 *   vec_clamp(a, limit)    a limited to [-limit, limit]; NaN stays NaN
 *   vec_exp2_split(t, T, r)  for t[0] and t[1], faster together on some machines: T = 2^k and r = t - k,
 *                          where k is the multiple of 1/8 (1/16 in float32) nearest to t, ties to even;
 *                          |t| <= WIDE_LIMIT or NaN (then r is NaN and T is undefined)
 *   vec_mantissa(a)        a / 2^e in [1, 2), and
 *   vec_exponent(a)        e as a real; a normal and positive (else undefined)
 *   vec_sum_lanes(row)     in lane i the sum of the lanes of row[i], 0 <= i < LANES; lane i takes lane i + n/2
 *                          for n = LANES, LANES/2, ..., 2
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_H
#define MOONSWEEP_TRAIN_VEC_H

#include "exp2_constants.h"
#include "range.h"

#define VEC_INLINE static inline __attribute__((always_inline))

#endif
