/* Definitions common to the vector headers of float32.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_VEC_F32_H
#define MOONSWEEP_TRAIN_VEC_F32_H

#include "vec.h"

typedef float real;

/* Integers of the same size. The lowest bits of a real are its fraction; above them is the exponent, which is
 * EXPONENT_OF_ONE for 1. */
typedef uint32_t real_bits;
typedef int32_t real_integer;
#define FRACTION_BITS 23
#define EXPONENT_OF_ONE 127

/* A function of <math.h>: a*b + c, rounded once. */
#define REAL_FMA fmaf

#define VEC_PRECISION MS_FLOAT32
#define VIRTUAL_LANES 16
#define NARROW_LIMIT NARROW_LIMIT_F32
#define WIDE_LIMIT WIDE_LIMIT_F32
#define EXP2_A0 EXP2_A0_F32
#define EXP2_A1 EXP2_A1_F32
#define EXP2_TABLE exp2_table_f32
#define EXP2_STEPS 16 /* per octave, in that table */

/* Adding it to |t| < 2^18 rounds t to a multiple of 1/16 and leaves the number of that multiple in the lowest bits. */
#define EXP2_SHIFT 0x1.8p+19f
/* The shift that moves the whole part of that number to the exponent of a float32. */
#define EXP2_PLACE 19

#endif
