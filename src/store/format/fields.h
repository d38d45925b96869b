/* The records of the file as structs: the schema knows the offset of each variable's field in the one that holds it.
 * A configuration is a struct ms_row (moonsweep/row.h). Parameters are no fields: they are packed from a network. */
#ifndef MOONSWEEP_STORE_FIELDS_H
#define MOONSWEEP_STORE_FIELDS_H

#include <stdint.h>

/* A checkpoint, without its parameters. */
struct ms_slot_record {
    int32_t trajectory;          /* -1: nothing was ever written to the slot */
    int64_t iteration;           /* updates in the parameters */
    double seconds, cpu_seconds; /* of training so far */
    uint64_t cost_hash;          /* of the costs before that iteration */
    double stop_best;            /* the state of a rule that ends training early; no rule uses it yet */
    int64_t stop_count;
    uint64_t checksum;
};

enum { MS_RUN_TEXT = 512 /* bytes of a text in /runs */ };

/* One run of the program on the file. */
struct ms_run_record {
    uint64_t id; /* 0: free */
    double started, ended;
    int32_t ranks;
    double core_seconds;
    uint8_t how_ended; /* MS_RUN_RUNNING, ... */
    char hosts[MS_RUN_TEXT], version[MS_RUN_TEXT], isa[MS_RUN_TEXT], command[MS_RUN_TEXT],
        batch_job[MS_RUN_TEXT];
    uint64_t checksum;
};

/* Who trained what when. */
struct ms_lease_record {
    int32_t run, rank; /* run -1: free */
    int64_t first_trajectory, count, from_iteration, to_iteration;
    double started, finished;
    uint64_t checksum;
};

#endif
