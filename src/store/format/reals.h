/* Parameters in a packed record: reals in the precision of the file, NaN beyond the network's own units. */
#ifndef MOONSWEEP_STORE_REALS_H
#define MOONSWEEP_STORE_REALS_H

#include <stdint.h>

#include "moonsweep/network.h"

/* Writes values[count] and, up to room reals in all, NaN to `to`; every NaN has the same bits. */
void ms_reals_pack(enum ms_precision precision, int64_t count, const double *values, int64_t room,
                   unsigned char *to);

/* Reads the first count of them. */
void ms_reals_unpack(enum ms_precision precision, const unsigned char *from, int64_t count, double *values);

#endif
