/* Constants of the kernels' exponential, made by tools/exp2_constants.py: its text explains them. */
#ifndef MOONSWEEP_TRAIN_EXP2_CONSTANTS_H
#define MOONSWEEP_TRAIN_EXP2_CONSTANTS_H

#include <stdint.h>

/* Bits of 2^(i/8) less i << 49: plus k << 49 for k = 8*e + i they are those of 2^(k/8). */
static const uint64_t exp2_table_f64[8] __attribute__((aligned(64), unused)) = {
    0x3ff0000000000000, 0x3fef72b83c7d517b, 0x3fef06fe0a31b715, 0x3feebfdad5362a27,
    0x3feea09e667f3bcd, 0x3feeace5422aa0db, 0x3feee89f995ad3ad, 0x3fef5818dcfba487,
};

/* Bits of 2^(i/16) less i << 19, likewise. */
static const uint32_t exp2_table_f32[16] __attribute__((aligned(64), unused)) = {
    0x3f800000, 0x3f7daac3, 0x3f7b95c2, 0x3f79c3d3, 0x3f7837f0, 0x3f76f532, 0x3f75fed7, 0x3f75583f,
    0x3f7504f3, 0x3f7508a4, 0x3f75672a, 0x3f76248c, 0x3f7744fd, 0x3f78ccdf, 0x3f7ac0c7, 0x3f7d257d,
};

/* |error| <= 1.5e-16 for |r| <= 1/16 */
#define EXP2_A0_F64 0x1.71547652b8399p+1
#define EXP2_A1_F64 0x1.d9303fe07a20fp-4
#define EXP2_A2_F64 -0x1.e4f6e1754fdfep-11

/* |error| <= 2.9e-10 for |r| <= 1/32 */
#define EXP2_A0_F32 0x1.7154760000000p+1f
#define EXP2_A1_F32 0x1.d92f100000000p-4f

#endif
