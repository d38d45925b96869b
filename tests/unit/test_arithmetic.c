/* The compiler flags of the project must not allow fused multiply-add, reordering, or flushing subnormal numbers to
 * zero: results would differ from those of other machines.
 *
 * Arguments are volatile, so that the compiler cannot compute the results; operations are in functions, as they are in
 * the sources.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "moonsweep/maths.h"
#include "unit.h"

/* On x86-64 only code for processors with FMA, such as the fast kernels, can be fused; on others all code can. */
#if defined __x86_64__
#define MAY_FUSE __attribute__((target("avx2,fma"), noinline))
static bool can_fuse(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#define MAY_FUSE __attribute__((noinline))
static bool can_fuse(void)
{
    return true;
}
#endif

enum { length = 64 };

MAY_FUSE static double multiply_add(double a, double b, double c)
{
    return a * b + c;
}

MAY_FUSE static float float_multiply_add(float a, float b, float c)
{
    return a * b + c;
}

/* sum[i] += a[i]^2, a loop that compilers vectorise. */
MAY_FUSE static void add_squares(const double *a, double *sum)
{
    for (int i = 0; i < length; i++)
        sum[i] += a[i] * a[i];
}

START_TEST(a_product_and_a_sum_are_rounded_separately)
{
    /* (1 + 2^-30)^2 = 1 + 2^-29 + 2^-60: only a fused operation keeps the last term. */
    volatile double a = 1 + 0x1p-30, rounded = 1 + 0x1p-29;

    ck_assert(fma(a, a, -rounded) == 0x1p-60); /* the fused result differs */
    ck_assert(a * a - rounded == 0);
    if (can_fuse())
        ck_assert(multiply_add(a, a, -rounded) == 0);
}
END_TEST

START_TEST(a_float32_product_and_a_sum_are_rounded_separately)
{
    volatile float a = 1 + 0x1p-14F, rounded = 1 + 0x1p-13F;

    ck_assert(fmaf(a, a, -rounded) == 0x1p-28F);
    ck_assert(a * a - rounded == 0);
    if (can_fuse())
        ck_assert(float_multiply_add(a, a, -rounded) == 0);
}
END_TEST

START_TEST(vectorised_loops_are_not_fused_either)
{
    double a[length], sum[length];

    for (int i = 0; i < length; i++) {
        a[i] = 1 + 0x1p-30;
        sum[i] = -(1 + 0x1p-29);
    }
    if (can_fuse())
        add_squares(a, sum);
    for (int i = 0; can_fuse() && i < length; i++)
        ck_assert(sum[i] == 0);
}
END_TEST

START_TEST(sums_are_not_reordered)
{
    volatile double large = 1e16, one = 1;

    ck_assert((large + one) - large == 0); /* 1e16 + 1 rounds to 1e16; algebra would give 1 */
    ck_assert((one - large) + large == 0);
}
END_TEST

START_TEST(subnormal_numbers_are_not_flushed_to_zero)
{
    volatile double smallest = DBL_TRUE_MIN, small = DBL_MIN, half = 0.5;
    volatile float float_small = FLT_MIN, float_half = 0.5F;

    ck_assert(small * half > 0);
    ck_assert(small * half + small * half == small);
    ck_assert(smallest * 0x1p60 == 0x1p-1014);
    ck_assert(float_small * float_half > 0);
    ck_assert(ms_exp(-740) > 0 && ms_exp(-740) < DBL_MIN);
    ck_assert(ms_log(smallest) < -744);
}
END_TEST

START_TEST(nan_and_signed_zero_are_honoured)
{
    volatile double nan = NAN, zero = 0;

    ck_assert(nan != nan);
    ck_assert(!(nan > zero) && !(zero > nan));
    ck_assert(signbit(zero * -1.0));
    ck_assert(1 / (zero * -1.0) == -INFINITY);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("arithmetic");
    TCase *tests = tcase_create("arithmetic");

    tcase_add_test(tests, a_product_and_a_sum_are_rounded_separately);
    tcase_add_test(tests, a_float32_product_and_a_sum_are_rounded_separately);
    tcase_add_test(tests, vectorised_loops_are_not_fused_either);
    tcase_add_test(tests, sums_are_not_reordered);
    tcase_add_test(tests, subnormal_numbers_are_not_flushed_to_zero);
    tcase_add_test(tests, nan_and_signed_zero_are_honoured);
    suite_add_tcase(suite, tests);
    return suite;
}
