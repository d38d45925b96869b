/* What `moonsweep predict` writes: each sample with its prediction as CSV, and how good the predictions are.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PREDICT_TEXT_H
#define MOONSWEEP_CLI_PREDICT_TEXT_H

#include <stdio.h>

#include "moonsweep/train.h"
#include "predict_input.h"

/* Writes a header, and a line for each sample: its features as they were given, the probability, the prediction, and the
 * label if it is known. probability: [input->data.rows]; NaN: there is no prediction. */
void predict_text_write_csv(FILE *file, const struct predict_input *input, const double *probability);

/* Writes a name and a value on each line. If some samples have no prediction, says so on standard error, too. */
void predict_text_write_outcome(FILE *file, const struct predict_input *input,
                                const struct ms_evaluation *evaluation);

#endif
