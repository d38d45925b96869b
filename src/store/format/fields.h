/* The records of the file as structs. The schema has the offset of each variable in them. The struct of a
 * configuration is struct ms_row (moonsweep/row.h). Parameters are not fields: they are packed from a
 * network.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_FIELDS_H
#define MOONSWEEP_STORE_FIELDS_H

#include <stdint.h>

/* A checkpoint, without its parameters. */
struct ms_slot_record {
    int32_t trajectory;          /* -1 if the slot was never written */
    int64_t iteration;           /* number of updates of the parameters */
    double seconds, cpu_seconds; /* of training so far */
    uint64_t cost_hash;          /* of the costs before that iteration */
    double final_cost;           /* the last of them */
    double stop_best;            /* struct ms_patience */
    int64_t stop_count;
    uint64_t checksum;
};

enum { MS_RUN_TEXT = 512 /* size of a text in /runs */ };

/* One run of the program on the file. */
struct ms_run_record {
    uint64_t id; /* 0 if the row is free */
    double started, ended;
    int32_t ranks;
    double core_seconds;
    uint8_t how_ended; /* MS_RUN_RUNNING, ... */
    char hosts[MS_RUN_TEXT], version[MS_RUN_TEXT], isa[MS_RUN_TEXT], kernels[MS_RUN_TEXT],
        command[MS_RUN_TEXT], batch_job[MS_RUN_TEXT];
    uint64_t checksum;
};

/* A lease: which rank trained what, and when. */
struct ms_lease_record {
    int32_t run, rank; /* run is -1 if the row is free */
    int64_t first_trajectory, count, from_iteration, to_iteration;
    double started, finished;
    uint64_t checksum;
};

#endif
