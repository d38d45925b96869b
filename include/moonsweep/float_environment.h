/* The floating-point environment for which results are defined: round to nearest, subnormals kept, no traps.
 *
 *     const struct ms_float_environment found = ms_float_environment_enter();
 *     ... calls of functions that compute ...
 *     ms_float_environment_leave(&found);
 *
 * Loading a library that was built with -Ofast turns on flush-to-zero for the whole process, and a caller may have set
 * another rounding mode. So every public function whose results are stored or printed enters this environment first,
 * and restores the previous one afterwards. Most callers are in it already: then nothing is set, because that is slow in
 * comparison with a short training. Exception flags may be raised. What is called once for each number (moonsweep/maths.h,
 * moonsweep/rng.h) leaves the environment to its callers.
 *
 * Compilers assume that operations do not depend on the environment, and may move them across these calls. So what is
 * computed in between depends on memory or on other functions, or is volatile; tests/unit/test_float_environment.c
 * compares the bits.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_FLOAT_ENVIRONMENT_H
#define MOONSWEEP_FLOAT_ENVIRONMENT_H

#include <fenv.h>
#include <stdbool.h>
#include <stdint.h>

#if defined __x86_64__
#include <xmmintrin.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct ms_float_environment {
    bool is_default; /* it was the defined one */
    fenv_t found;    /* otherwise */
};

/* Whether the environment is the defined one, apart from exception flags. Only reads control registers; false where that
 * cannot be done. */
static inline bool ms_float_environment_is_default(void)
{
#if defined __x86_64__
    uint16_t x87;

    __asm__ volatile("fnstcw %0" : "=m"(x87));
    return x87 == 0x37f && (_mm_getcsr() & ~(unsigned)_MM_EXCEPT_MASK) == _MM_MASK_MASK;
#elif defined __aarch64__
    uint64_t control;

    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return control == 0;
#else
    return false;
#endif
}

/* Returns the caller's environment. */
static inline struct ms_float_environment ms_float_environment_enter(void)
{
    struct ms_float_environment found = {.is_default = ms_float_environment_is_default()};

    if (!found.is_default) {
        (void)fegetenv(&found.found);
        (void)fesetenv(FE_DFL_ENV);
    }
    return found;
}

static inline void ms_float_environment_leave(const struct ms_float_environment *found)
{
    if (!found->is_default)
        (void)fesetenv(&found->found);
}

#ifdef __cplusplus
}
#endif

#endif
