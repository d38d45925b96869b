/* Everything of libmoonsweep that needs no MPI: job files, training, and writing, reading and verifying results. Sweeps on
 * many ranks are in moonsweep/session.h. */
#ifndef MOONSWEEP_MOONSWEEP_H
#define MOONSWEEP_MOONSWEEP_H

#include "moonsweep/job.h"
#include "moonsweep/reader.h"
#include "moonsweep/train.h"
#include "moonsweep/verify.h"
#include "moonsweep/writer.h"

#endif
