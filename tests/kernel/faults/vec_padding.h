/* Wrong on purpose. Padding counts as samples. */
#ifndef MOONSWEEP_TESTS_VEC_PADDING_H
#define MOONSWEEP_TESTS_VEC_PADDING_H

#define vec_blend sound_vec_blend
#include BASE_HEADER
#undef vec_blend

VEC_INLINE vec vec_blend(vec m, vec a, vec b)
{
    (void)m;
    (void)b;
    return a;
}

#endif
