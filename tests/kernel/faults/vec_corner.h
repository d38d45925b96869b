/* Wrong on purpose. relu's slope at 0 is 1. */
#ifndef MOONSWEEP_TESTS_VEC_CORNER_H
#define MOONSWEEP_TESTS_VEC_CORNER_H

#define vec_where_positive sound_vec_where_positive
#include BASE_HEADER
#undef vec_where_positive

VEC_INLINE vec vec_where_positive(vec a, vec b)
{
    return a >= 0 ? b : 0;
}

#endif
