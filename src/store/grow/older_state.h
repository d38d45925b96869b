/* An open older result. older.c opens it and finds out what it contains, rewritten.c opens one that another program has
 * rewritten, offers.c compares its trajectories with their checksums, choose.c chooses what serves a trajectory of the
 * job, take.c takes over what is chosen for all of them, taking.c that of one, and source.c writes the rows of /runs
 * that say where it comes from.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_OLDER_STATE_H
#define MOONSWEEP_STORE_OLDER_STATE_H

#include "file.h"
#include "moonsweep/older.h"
#include "record.h"

struct ms_older {
    struct ms_reader *reader; /* owned */
    struct ms_file *file;     /* that of the reader */
    struct ms_record_layout layout, slot_layout;
    bool *is_same; /* [data sets of the older result][data sets of the job] owned; NULL: not compared yet */
};

#endif
