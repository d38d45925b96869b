/* Numbers are written in the shortest form that reads back to the same bits.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "predict_text.h"

#include <math.h>

#include "csv_text.h"
#include "moonsweep/plural.h"
#include "moonsweep/shortest.h"

/* Writes the label that is predicted; nothing if there is none. */
static void write_prediction(FILE *file, const struct predict_input *input, double probability)
{
    if (!isnan(probability))
        csv_text_write(file, input->label_values[probability > 0.5]);
}

void predict_text_write_csv(FILE *file, const struct predict_input *input, const double *probability)
{
    const struct ms_data *data = &input->data;
    const double *X = input->given ? input->given : data->X;
    char text[MS_SHORTEST_CHARS];

    for (int32_t feature = 0; feature < data->n_x; feature++) {
        csv_text_write(file, input->features[feature]);
        (void)fputc(',', file);
    }
    (void)fputs(input->labelled ? "probability,prediction," : "probability,prediction", file);
    if (input->labelled)
        csv_text_write(file, input->label_name);
    (void)fputc('\n', file);
    for (int64_t row = 0; row < data->rows; row++) {
        for (int32_t feature = 0; feature < data->n_x; feature++)
            (void)fprintf(file, "%s,", ms_shortest(X[row * data->n_x + feature], text));
        (void)fprintf(file, "%s,", ms_shortest(probability[row], text));
        write_prediction(file, input, probability[row]);
        if (input->labelled) {
            (void)fputc(',', file);
            csv_text_write(file, input->label_values[data->y[row]]);
        }
        (void)fputc('\n', file);
    }
}

static void write_evaluation(FILE *file, const struct ms_evaluation *evaluation)
{
    static const char *const names[MS_OUTCOME_COUNT] = {
        [MS_TRUE_NEGATIVE] = "true_negatives",
        [MS_FALSE_POSITIVE] = "false_positives",
        [MS_FALSE_NEGATIVE] = "false_negatives",
        [MS_TRUE_POSITIVE] = "true_positives",
    };
    char text[MS_SHORTEST_CHARS];

    (void)fprintf(file, "accuracy %s\n", ms_shortest(evaluation->accuracy, text));
    (void)fprintf(file, "cost %s\n", ms_shortest(evaluation->cost, text));
    for (int outcome = 0; outcome < MS_OUTCOME_COUNT; outcome++)
        (void)fprintf(file, "%s %ld\n", names[outcome], (long)evaluation->outcomes[outcome]);
}

/* Without labels, all samples have label 0: the outcomes are then negatives only. */
static void write_counts(FILE *file, const struct ms_evaluation *evaluation)
{
    (void)fprintf(file, "predicted_0 %ld\npredicted_1 %ld\n", (long)evaluation->outcomes[MS_TRUE_NEGATIVE],
                  (long)evaluation->outcomes[MS_FALSE_POSITIVE]);
}

void predict_text_write_outcome(FILE *file, const struct predict_input *input,
                                const struct ms_evaluation *evaluation)
{
    const int64_t rows = input->data.rows;

    (void)fprintf(file, "samples %lld\n", (long long)rows);
    if (input->labelled)
        write_evaluation(file, evaluation);
    else
        write_counts(file, evaluation);
    if (evaluation->unpredicted == 0)
        return;
    (void)fprintf(file, "unpredicted %ld\n", (long)evaluation->unpredicted);
    (void)fprintf(stderr, "moonsweep: %ld of %lld %s no prediction: the network overflows\n",
                  (long)evaluation->unpredicted, (long long)rows,
                  ms_plural(rows, "sample has", "samples have"));
}
