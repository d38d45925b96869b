/* How far a sweep is: what the configurations of a result file add up to. */
#ifndef MOONSWEEP_CLI_TALLY_H
#define MOONSWEEP_CLI_TALLY_H

#include "moonsweep/store.h"

struct tally {
    int64_t configs;
    int64_t by_status[MS_STATUS_COUNT]; /* they sum to configs */
    int64_t best_config;      /* highest dev accuracy of the done ones, the first of equals; -1: none */
    double best_dev_accuracy; /* percent; NaN: none */
};

struct tally tally_of(const struct ms_table *table);

#endif
