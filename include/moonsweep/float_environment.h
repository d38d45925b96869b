/* The floating-point environment for which results are defined: round to nearest, subnormals kept, no traps.
 *
 *     const fenv_t found = ms_float_environment_enter();
 *     ... calls of functions that compute ...
 *     ms_float_environment_leave(&found);
 *
 * Loading a library that was built with -Ofast turns on flush-to-zero for the whole process, and a caller may have set
 * another rounding mode. So every public function whose results are stored or printed enters this environment first,
 * and restores the previous one afterwards. What is called once for each number (moonsweep/maths.h, moonsweep/rng.h)
 * leaves that to its callers.
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

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the caller's environment. */
static inline fenv_t ms_float_environment_enter(void)
{
    fenv_t found;

    (void)fegetenv(&found);
    (void)fesetenv(FE_DFL_ENV);
    return found;
}

static inline void ms_float_environment_leave(const fenv_t *found)
{
    (void)fesetenv(found);
}

#ifdef __cplusplus
}
#endif

#endif
