/* Definitions common to the vector headers of float64.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_F64_H
#define MOONSWEEP_TRAIN_VEC_F64_H

#include "vec.h"

typedef double real;

/* Integers of the same size. The lowest bits of a real are its fraction; above them is the exponent, which is
 * EXPONENT_OF_ONE for 1. */
typedef uint64_t real_bits;
typedef int64_t real_integer;
#define FRACTION_BITS 52
#define EXPONENT_OF_ONE 1023

/* A function of <math.h>: a*b + c, rounded once. */
#define REAL_FMA fma

#define VEC_PRECISION MS_FLOAT64
#define VIRTUAL_LANES 8
#define NARROW_LIMIT NARROW_LIMIT_F64
#define WIDE_LIMIT WIDE_LIMIT_F64
#define EXP2_A0 EXP2_A0_F64
#define EXP2_A1 EXP2_A1_F64
#define EXP2_A2 EXP2_A2_F64
#define EXP2_TABLE exp2_table_f64
#define EXP2_STEPS 8 /* per octave, in that table */

/* Adding it to |t| < 2^48 rounds t to a multiple of 1/8 and leaves the number of that multiple in the lowest bits. */
#define EXP2_SHIFT 0x1.8p+49
/* The shift that moves the whole part of that number to the exponent of a float64. */
#define EXP2_PLACE 49

#endif
