/* Everything of libmoonsweep that needs no MPI: job files, data, training, and writing, reading and verifying results.
 * Sweeps on many ranks are in moonsweep/session.h.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_MOONSWEEP_H
#define MOONSWEEP_MOONSWEEP_H

#include "moonsweep/csv.h"
#include "moonsweep/job.h"
#include "moonsweep/moons.h"
#include "moonsweep/reader.h"
#include "moonsweep/split.h"
#include "moonsweep/train.h"
#include "moonsweep/trajectory.h"
#include "moonsweep/verify.h"
#include "moonsweep/version.h"
#include "moonsweep/writer.h"

#endif
