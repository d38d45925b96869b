/* Looking for damage in a result file: all that it holds against what it must hold, by its job, its checksums and its
 * own figures. Nothing is written or locked; a sweep may be writing meanwhile.
 *
 *     ms_examine_probe(path, err)                 // first: whether HDF5 survives the file's structure
 *     ms_reader_open(path, &reader, err)
 *     ... the job from ms_reader_info(reader)->job_text ...
 *     ms_examine_file(reader, &spec, &report, &summary, err)
 *     ms_examine_result, ms_examine_costs         // of what was trained again
 *     ms_reader_close(reader)
 *
 * What is found goes to report.visit, one call a value, warnings too; it is no error. Where a run writes meanwhile, what
 * is found may be a value on its way: looking again tells. */
#ifndef MOONSWEEP_EXAMINE_H
#define MOONSWEEP_EXAMINE_H

#include "moonsweep/store.h"

/* What a finding means for the file. Damage contradicts a checksum, the job or the schema; what is implausible only,
 * such as a time before another one, is a warning: a clock may have been set back. */
enum ms_finding_kind {
    MS_FINDING_REPAIRABLE, /* damage that a run with the job file repairs, unless it refuses the file */
    MS_FINDING_PERMANENT,  /* damage that no run repairs */
    MS_FINDING_WARNING     /* no damage */
};

/* One value that is not what it must be. The texts live as long as the call. */
struct ms_finding {
    enum ms_finding_kind kind;
    const char
        *place;     /* "X_train[17,1]", as h5py writes it; "attribute job_hash", "attribute units of cost" */
    int64_t config; /* the configuration it belongs to; -1: to none alone */
    const char *stored; /* the value */
    const char *due;    /* what it must be: a value, or a rule in words ("at least 20") */
};

struct ms_examine_report {
    void (*visit)(void *context, const struct ms_finding *finding);
    void *context;
};

/* What there is, beside what is wrong with it. */
struct ms_examine_summary {
    int64_t findings; /* of damage */
    bool refused;     /* a run does not carry the file on, so that nothing is repaired */
    int64_t configs, trajectories;
    int64_t by_status[MS_STATUS_COUNT]; /* configurations, as stored */
    int64_t checkpoints;                /* slots that hold a checkpoint of an unfinished trajectory */
    int64_t half_written;               /* slots that a run was killed at: of no use, and no damage */
    int64_t uncommitted; /* rows that a run was killed at before their status: pending, and no damage */
    bool running;        /* by /runs somebody is at work on the file, or was killed there */
};

/* Lets another process open the file at path and read what HDF5 itself has to follow in it: HDF5 may crash on damaged
 * metadata, and nobody can tell by looking. Errors: MS_BAD_INPUT when that process was ended by a crash (or by 60
 * seconds of computing), those of ms_reader_open, MS_NO_MEMORY (also when it crashed on a stack that is limited to less
 * than 1 MiB). */
enum ms_code ms_examine_probe(const char *path, struct ms_error *err);

/* Compares everything. spec: the sweep by the job in the file, data sets and job_hash included; NULL where the job is
 * damaged: then tuples and data are held against their checksums only. So are the data, where the file has other
 * numerics than this program. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_examine_file(struct ms_reader *reader, const struct ms_store_spec *spec,
                             const struct ms_examine_report *report, struct ms_examine_summary *summary,
                             struct ms_error *err);

/* Compares the row of a final configuration with result, which was trained again (its train_seconds do not matter);
 * final_cost: its last cost, NaN: none. Adds the damage to *findings. Errors: as above. */
enum ms_code ms_examine_result(struct ms_reader *reader, const struct ms_result *result, double final_cost,
                               const struct ms_examine_report *report, int64_t *findings,
                               struct ms_error *err);

/* Compares the costs from .. from + count - 1 of a trajectory with costs[count]. Adds the damage to *findings. */
enum ms_code ms_examine_costs(struct ms_reader *reader, int64_t trajectory, int64_t from, int64_t count,
                              const double *costs, const struct ms_examine_report *report, int64_t *findings,
                              struct ms_error *err);

#endif
