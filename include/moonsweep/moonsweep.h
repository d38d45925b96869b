/* Everything of libmoonsweep. */
#ifndef MOONSWEEP_MOONSWEEP_H
#define MOONSWEEP_MOONSWEEP_H

#include "moonsweep/reader.h"
#include "moonsweep/train.h"
#include "moonsweep/verify.h"
#include "moonsweep/writer.h"

#endif
