/* The state of a verification. verify.c opens it and runs its steps, each in its own file:
 *
 *     pages.c           what never changes, by the checksums of its pages
 *     log.c             /runs and /leases
 *     rows.c            configurations and the costs of their trajectories
 *     slots.c           checkpoints
 *     record_damage.c   what is wrong in a record that does not match its checksum
 *     retrained.c       stored results, by those of training again
 *
 * Each returns an error only if it cannot read the file; findings are reported by finding.c.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_VERIFY_STATE_H
#define MOONSWEEP_STORE_VERIFY_STATE_H

#include "file.h"
#include "moonsweep/verify.h"
#include "patches.h"
#include "reader_state.h"
#include "trajectories.h"

struct ms_verification {
    char *path;                 /* owned */
    struct ms_reader *reader;   /* owned; NULL if the structure is corrupt */
    const struct ms_file *file; /* that of reader */
    struct ms_verify_report report;
    struct ms_verify_summary summary;
    enum ms_finding_kind kind; /* of the current findings */

    struct ms_patches patches;           /* the right bytes where what never changes is corrupt */
    uint64_t scale_start[MS_DIM_COUNT];  /* place of each corrupt scale; 0 for the others */
    struct ms_trajectories trajectories; /* owned */
    uint8_t how_ended[MS_RUNS];          /* of each run whose record matches its checksum; 0 for the others */
    bool *finished;                      /* [trajectories] owned: all its configurations are final */
    int64_t *longest;                    /* [trajectories] owned: its largest iteration count */
};

/* Verifies the pages. Collects corrupt values in patches, and reports corruption of the structure.
 * *is_structure_ok tells whether HDF5 may read the structure. */
enum ms_code ms_verify_pages(struct ms_verification *verification, bool *is_structure_ok,
                             struct ms_error *err);

/* Reports the corrupt values of job inputs and scales. */
enum ms_code ms_verify_final_values(struct ms_verification *verification, struct ms_error *err);

/* ms_verify_runs sets how_ended for the later steps. ms_verify_is_settled returns whether the run in that
 * row ended cleanly, so that everything it wrote is in the file. */
bool ms_verify_is_settled(const struct ms_verification *verification, int32_t run);
enum ms_code ms_verify_runs(struct ms_verification *verification, struct ms_error *err);
enum ms_code ms_verify_leases(struct ms_verification *verification, struct ms_error *err);

/* ms_verify_rows sets finished and longest for ms_verify_slots. */
enum ms_code ms_verify_rows(struct ms_verification *verification, struct ms_error *err);
enum ms_code ms_verify_slots(struct ms_verification *verification, struct ms_error *err);

#endif
