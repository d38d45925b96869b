/* The vocabulary that the loop nest (nest.c) is written in. One header an instruction set and precision
 * defines it all: vec_<isa>_<precision>.h, or vec_portable.h for both precisions. The nest is compiled once with each.
 *
 * Operations are exactly rounded or exact, so every header gives the same bits; lanes meet in vec_sum_lanes alone.
 * A machine narrower than the virtual vector runs a chunk once a lane group.
 *
 *   real                   double or float
 *   vec                    LANES reals in a register
 *   flags                  a truth a lane
 *   LANES                  lanes of the machine's vector; divides VIRTUAL_LANES
 *   VEC_REGISTERS          how many vectors the machine holds in registers
 *   VIRTUAL_LANES          8 in float64, 16 in float32
 *   VEC_PRECISION          MS_FLOAT64 or MS_FLOAT32
 *   EXP2_A0, _A1, _A2      coefficients of exp2_constants.h (float32 has no EXP2_A2)
 *   NARROW_LIMIT           the largest |argument| for which 8 probabilities' product stays normal
 *   WIDE_LIMIT             the largest |argument| of an exponential, and what MS_RANGE_ANY clamps to
 *
 *   vec_set(a)             a in every lane
 *   vec_load(p)            p[0 .. LANES-1]; p is a multiple of the vector's size
 *   vec_load_once(p)       the same, for what several operations need: kept in a register
 *   vec_store(p, a)
 *   vec_add, vec_sub, vec_mul, vec_div (a, b)
 *   vec_fma(a, b, c)       a*b + c, rounded once
 *   vec_fnma(a, b, c)      c - a*b, rounded once
 *   vec_xor(a, b)          of the bits
 *   vec_positive(a)        where a > 0: flags
 *   flags_load(p)          *p, which flags_store(p, f) wrote
 *   vec_where(f, a)        a where f, else +0
 *   vec_select(f, a, b)    a where f, else b
 *   vec_relu(a)            0 > a ? 0 : a; a NaN stays
 *   vec_clamp(a, limit)    a within [-limit, limit]; a NaN stays
 *   vec_exp2_split(t, T, r)  of t[0] and t[1], which some machines do quicker together: T = 2^k and r = t - k,
 *                          where k is the multiple of 1/8 (1/16 in float32) next to t, ties to even;
 *                          |t| <= WIDE_LIMIT or NaN (then r is a NaN and T is anything)
 *   vec_mantissa(a)        a / 2^e in [1, 2), and
 *   vec_exponent(a)        e as a real; a normal and positive (of others: anything)
 *   vec_sum_lanes(row)     in lane i the sum of the lanes of row[i], 0 <= i < LANES: lane i takes lane i + n/2,
 *                          for n = LANES, LANES/2, ..., 2 */
#ifndef MOONSWEEP_TRAIN_VEC_H
#define MOONSWEEP_TRAIN_VEC_H

#include "exp2_constants.h"
#include "range.h"

#define VEC_INLINE static inline __attribute__((always_inline))

#endif
