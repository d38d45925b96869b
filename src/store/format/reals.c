/* Converts between the doubles of a network and the reals of a file. All NaNs are written with the same bits,
 * so that a checksum does not depend on how one came about.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "reals.h"

#include <math.h>
#include <string.h>

#include "moonsweep/maths.h"

void ms_reals_pack(enum ms_precision precision, int64_t count, const double *values, int64_t room,
                   unsigned char *to)
{
    for (int64_t i = 0; i < room; i++) {
        double value = ms_canonical(i < count ? values[i] : (double)NAN);
        float single = (float)value;

        if (precision == MS_FLOAT32)
            memcpy(to + (size_t)i * sizeof single, &single, sizeof single);
        else
            memcpy(to + (size_t)i * sizeof value, &value, sizeof value);
    }
}

void ms_reals_unpack(enum ms_precision precision, const unsigned char *from, int64_t count, double *values)
{
    float single;

    for (int64_t i = 0; i < count; i++) {
        if (precision == MS_FLOAT32) {
            memcpy(&single, from + (size_t)i * sizeof single, sizeof single);
            values[i] = (double)single;
        } else {
            memcpy(&values[i], from + (size_t)i * sizeof values[i], sizeof values[i]);
        }
    }
}
