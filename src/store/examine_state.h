/* An examination under way. examine.c opens it and goes through its steps, a file each:
 *
 *     examine_walk.c         what HDF5 can read at all
 *     examine_attributes.c   the root's attributes
 *     examine_variables.c    attributes and scales of the variables
 *     examine_given.c        what the job gave to the file
 *     examine_runs.c         /runs and /leases
 *     examine_rows.c         configurations and the costs of their trajectories, with
 *         examine_damage.c       what is wrong in a row that does not hold its checksum
 *         examine_values.c       whether the values of one that does agree
 *     examine_slots.c        checkpoints
 *
 * examine_retrained.c compares what was trained again.
 *
 * Each returns an error only where it cannot look; what it sees goes to finding.c. */
#ifndef MOONSWEEP_STORE_EXAMINE_STATE_H
#define MOONSWEEP_STORE_EXAMINE_STATE_H

#include "file.h"
#include "moonsweep/examine.h"

struct ms_examination {
    const struct ms_file *file;
    const struct ms_store_spec *spec; /* NULL: the job is damaged */
    bool same_numerics;               /* the data can be made again */
    uint64_t job_hash;                /* what checksums begin with */
    const struct ms_examine_report *report;
    struct ms_examine_summary summary;
    enum ms_finding_kind kind; /* of what is found now: ms_examine_file sets it for each step */

    int64_t runs;               /* rows of /runs that are taken */
    uint8_t how_ended[MS_RUNS]; /* of each of them */
    int32_t run_ranks[MS_RUNS]; /* likewise */
    bool *finished;             /* [trajectories] owned: all configurations are final */
};

/* Needs no more than file and report. */
enum ms_code ms_examine_walk(struct ms_examination *examination, struct ms_error *err);

/* The job that is stored and its hashes; the other attributes of the root. */
enum ms_code ms_examine_attributes(struct ms_examination *examination, struct ms_error *err);

/* Attributes and scales; needs no more than file and report. */
enum ms_code ms_examine_variables(struct ms_examination *examination, struct ms_error *err);

/* Whether the sizes are those of spec (if not, spec is of no use); then every given value. */
bool ms_examine_sizes(struct ms_examination *examination);
enum ms_code ms_examine_given(struct ms_examination *examination, struct ms_error *err);

/* Sets runs, how_ended and run_ranks, for what comes after it. ms_examine_is_settled: whether the run of that row ended
 * in good order: then all that it wrote is in the file. */
bool ms_examine_is_settled(const struct ms_examination *examination, int32_t run);
enum ms_code ms_examine_runs(struct ms_examination *examination, struct ms_error *err);
enum ms_code ms_examine_leases(struct ms_examination *examination, struct ms_error *err);

/* Sets finished, for ms_examine_slots. */
enum ms_code ms_examine_rows(struct ms_examination *examination, struct ms_error *err);
enum ms_code ms_examine_slots(struct ms_examination *examination, struct ms_error *err);

#endif
