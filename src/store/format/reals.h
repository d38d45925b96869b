/* The parameters in the bytes of a record: reals in the precision of the file, with NaN for the units
 * beyond those of the network.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_REALS_H
#define MOONSWEEP_STORE_REALS_H

#include <stdint.h>

#include "moonsweep/network.h"

/* Writes values[count] to `to`, followed by NaN up to a total of room reals. Every NaN has the same bits. */
void ms_reals_pack(enum ms_precision precision, int64_t count, const double *values, int64_t room,
                   unsigned char *to);

/* Reads the first count reals. */
void ms_reals_unpack(enum ms_precision precision, const unsigned char *from, int64_t count, double *values);

#endif
