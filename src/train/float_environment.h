/* The floating-point environment for which results are defined: round to nearest, subnormals kept, no traps.
 *
 * Loading a library that was built with -Ofast turns on flush-to-zero for the whole process. So code whose bits matter
 * enters this environment first, and restores the previous one afterwards. */
#ifndef MOONSWEEP_TRAIN_FLOAT_ENVIRONMENT_H
#define MOONSWEEP_TRAIN_FLOAT_ENVIRONMENT_H

#include <fenv.h>

static inline fenv_t float_environment_enter(void)
{
    fenv_t found;

    (void)fegetenv(&found);
    (void)fesetenv(FE_DFL_ENV);
    return found;
}

static inline void float_environment_leave(const fenv_t *found)
{
    (void)fesetenv(found);
}

#endif
