/* A row of a result file: the parameters of one configuration and its results. Each field is the variable
 * of the same name along `config` (docs/file-format.md). The parameters of the trained network are not
 * part of the row.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_ROW_H
#define MOONSWEEP_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/end_rules.h"
#include "moonsweep/halving.h"
#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The values of the variable `status`. Every status except MS_PENDING is final. */
enum ms_status { MS_PENDING, MS_DONE, MS_DIVERGED, MS_STOPPED, MS_DROPPED, MS_STATUS_COUNT };

/* Returns the name of a status: "pending", "done", ... */
const char *ms_status_name(enum ms_status status);

/* Returns the name of a rule, which is that of its key in the section `stop` of a job: "patience", ...; or "none". */
const char *ms_ended_by_name(enum ms_ended_by ended_by);

/* Returns the status of a configuration whose training has ended in this way. */
enum ms_status ms_status_of_end(bool diverged, enum ms_ended_by ended_by);

/* Returns what a status says to halving. A configuration that was dropped is not trained. */
enum ms_halving_state ms_status_halving_state(enum ms_status status);

struct ms_row {
    int32_t n_h;
    uint8_t activation; /* enum ms_activation */
    uint8_t status;     /* enum ms_status */
    uint8_t ended_by;   /* enum ms_ended_by; MS_ENDED_BY_NOTHING while pending */
    double learning_rate;
    int64_t iterations, seed;
    double init_scale;
    int32_t config_trajectory, config_dataset;

    int64_t iterations_done;                                                  /* -1 while pending */
    double train_accuracy, dev_accuracy;                                      /* percent; NaN while pending */
    int32_t train_outcomes[MS_OUTCOME_COUNT], dev_outcomes[MS_OUTCOME_COUNT]; /* by enum ms_outcome */
    double final_cost, train_cost, dev_cost;                                  /* NaN while pending */
    double stop_best; /* struct ms_patience: NaN while pending, and without a rule about costs */
    int64_t stop_count;
    double train_seconds, train_cpu_seconds; /* NaN while pending */
    int32_t rank, run;                       /* -1 while pending */
    uint64_t checksum, times_checksum;
};

#ifdef __cplusplus
}
#endif

#endif
