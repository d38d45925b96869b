/* Computes the area under the ROC curve of the networks of a result, which is not stored.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_AUC_H
#define MOONSWEEP_CLI_AUC_H

#include "entries.h"

/* Sets auc[table->configs] to that of each final configuration on the training set or on the dev set; to NaN for
 * pending ones, and where it is undefined (moonsweep/measures.h). Errors: those of reading, MS_NO_MEMORY. */
enum ms_code auc_compute(struct ms_reader *reader, const struct ms_table *table, bool on_train, double *auc,
                         struct ms_error *err);

#endif
