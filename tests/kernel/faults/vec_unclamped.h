/* Wrong on purpose: arguments are not clamped. */
#ifndef MOONSWEEP_TESTS_VEC_UNCLAMPED_H
#define MOONSWEEP_TESTS_VEC_UNCLAMPED_H

#define vec_clamp sound_vec_clamp
#include BASE_HEADER
#undef vec_clamp

VEC_INLINE vec vec_clamp(vec a, real limit)
{
    (void)limit;
    return a;
}

#endif
