/* Wrong on purpose: padding is counted as samples. */
#ifndef MOONSWEEP_TESTS_VEC_PADDING_H
#define MOONSWEEP_TESTS_VEC_PADDING_H

#define vec_select sound_vec_select
#include BASE_HEADER
#undef vec_select

VEC_INLINE vec vec_select(flags f, vec a, vec b)
{
    (void)f;
    (void)b;
    return a;
}

#endif
