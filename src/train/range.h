/* The limits of the argument t of 1 / (1 + 2^t), by precision.
 *
 * Wide: 2^t (A + r), with A + r below 2^2, does not overflow. A probability times the slope that it is multiplied by
 * (at least the distance of two reals next to 1) times a feature (of 2^-22 or more in float32, 2^-69 in float64) is a
 * normal number: arithmetic on subnormal numbers is slow. Narrow: the product of the eight probabilities of a chunk
 * and a mantissa is a normal number.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_RANGE_H
#define MOONSWEEP_TRAIN_RANGE_H

#define WIDE_LIMIT_F64 900.0
#define NARROW_LIMIT_F64 120.0

#define WIDE_LIMIT_F32 80.0f
#define NARROW_LIMIT_F32 15.0f

#endif
