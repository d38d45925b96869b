/* Wrong on purpose. The reduction rounds ties up instead of to even. */
#ifndef MOONSWEEP_TESTS_VEC_TIE_H
#define MOONSWEEP_TESTS_VEC_TIE_H

#define vec_exp2_split sound_vec_exp2_split
#include BASE_HEADER
#undef vec_exp2_split

VEC_INLINE vec vec_exp2_split(vec t, vec *r)
{
    const vec half = sizeof(real) == sizeof(double) ? 0x1p-4 : 0x1p-5;
    const vec T = sound_vec_exp2_split(t, r);

    if (*r != half)
        return T;
    *r = -half;
    return sound_vec_exp2_split(t + half, &(vec){0});
}

#endif
