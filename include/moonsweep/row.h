/* One configuration of a result: what was asked for, and what became of it. The fields are the variables of the file
 * along `config`, without the parameters (docs/file-format.md). */
#ifndef MOONSWEEP_ROW_H
#define MOONSWEEP_ROW_H

#include <stdint.h>

#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The values of `status`; all but pending are final. */
enum ms_status { MS_PENDING, MS_DONE, MS_DIVERGED, MS_STOPPED, MS_DROPPED, MS_STATUS_COUNT };

/* "pending", "done", ... */
const char *ms_status_name(enum ms_status status);

struct ms_row {
    int32_t n_h;
    uint8_t activation; /* enum ms_activation */
    double learning_rate;
    int64_t iterations, seed;
    double init_scale;
    int32_t config_trajectory, config_dataset;

    uint8_t status;                                                           /* enum ms_status */
    int64_t iterations_done;                                                  /* -1 while pending */
    double train_accuracy, dev_accuracy;                                      /* percent; NaN while pending */
    int32_t train_outcomes[MS_OUTCOME_COUNT], dev_outcomes[MS_OUTCOME_COUNT]; /* by enum ms_outcome */
    double final_cost, train_cost, dev_cost;                                  /* NaN while pending */
    double train_seconds, train_cpu_seconds;                                  /* NaN while pending */
    int32_t rank, run;                                                        /* -1 while pending */
    uint64_t checksum, times_checksum;
};

#ifdef __cplusplus
}
#endif

#endif
