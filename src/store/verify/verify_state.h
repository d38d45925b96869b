/* A verification under way. verify.c opens it and goes through its steps, a file each:
 *
 *     pages.c      what never changes, by the checksums of its pages
 *     log.c        /runs and /leases
 *     rows.c       configurations and the costs of their trajectories
 *     slots.c      checkpoints
 *     record_damage.c   what is wrong in a record with a wrong checksum
 *
 * retrained.c compares what was trained again.
 *
 * Each returns an error only where it cannot look; what it sees goes to finding.c. */
#ifndef MOONSWEEP_STORE_VERIFY_STATE_H
#define MOONSWEEP_STORE_VERIFY_STATE_H

#include "file.h"
#include "moonsweep/verify.h"
#include "reader_state.h"
#include "trajectories.h"

struct ms_verification {
    char *path;                 /* owned */
    struct ms_reader *reader;   /* owned; NULL: the structure is damaged */
    const struct ms_file *file; /* of reader */
    struct ms_verify_report report;
    struct ms_verify_summary summary;
    enum ms_finding_kind kind; /* of what is found now */

    struct ms_file_patch *patches; /* [n_patches] owned: what never changes, where it is damaged */
    size_t n_patches, patch_capacity;
    uint64_t scale_start[MS_DIM_COUNT];  /* of scales that are damaged; else 0 */
    struct ms_trajectories trajectories; /* owned */
    uint8_t how_ended[MS_RUNS];          /* of each run whose record has a right checksum; else 0 */
    bool *finished;                      /* [trajectories] owned: all configurations are final */
};

/* Reads the pages; notes what is damaged, and reports it where the structure is. *is_structure_ok: HDF5 may follow it. */
enum ms_code ms_verify_pages(struct ms_verification *verification, bool *is_structure_ok,
                             struct ms_error *err);

/* Reports damaged values of what the job gave, and of the scales. */
enum ms_code ms_verify_final_values(struct ms_verification *verification, struct ms_error *err);

/* Lets another process open the file at path, which may crash: HDF5 follows a damaged structure wherever it leads. Errors:
 * MS_BAD_INPUT when that process was ended by a crash (or by 60 seconds of computing), those of ms_reader_open,
 * MS_NO_MEMORY (also when it crashed on a stack that is limited to less than 1 MiB). */
enum ms_code ms_verify_probe(const char *path, struct ms_error *err);

/* Sets how_ended, for what comes after it. ms_verify_is_settled: whether the run of that row ended cleanly: then all that
 * it wrote is in the file. */
bool ms_verify_is_settled(const struct ms_verification *verification, int32_t run);
enum ms_code ms_verify_runs(struct ms_verification *verification, struct ms_error *err);
enum ms_code ms_verify_leases(struct ms_verification *verification, struct ms_error *err);

/* Sets finished, for ms_verify_slots. */
enum ms_code ms_verify_rows(struct ms_verification *verification, struct ms_error *err);
enum ms_code ms_verify_slots(struct ms_verification *verification, struct ms_error *err);

#endif
