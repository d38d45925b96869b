/* Reads the table of cases, draws their initial networks, and reads their samples.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "training_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "figures.h"

static struct training_case read_case(struct figures *figures)
{
    struct training_case one = {
        .number = figures_integer(figures, "case"),
        .iterations = figures_integer(figures, "iterations"),
        .learning_rate = figures_number(figures, "learning_rate"),
    };
    struct ms_error err;
    enum ms_activation activation;

    (void)snprintf(one.dataset, sizeof one.dataset, "%s", figures_text(figures, "dataset"));
    ck_assert(ms_activation_find(figures_text(figures, "activation"), &activation));
    ck_assert_int_eq(ms_network_alloc(&one.initial, (int32_t)figures_integer(figures, "n_x"),
                                      (int32_t)figures_integer(figures, "n_h"), activation, &err),
                     MS_OK);
    ms_network_init(&one.initial, (uint32_t)figures_unsigned(figures, "seed"),
                    figures_number(figures, "init_scale"), MS_FLOAT64);
    return one;
}

int training_cases_read(struct training_case *cases, int room)
{
    struct figures *figures = figures_open("training-cases.csv");
    int count = 0;

    while (figures_next(figures)) {
        ck_assert_int_lt(count, room);
        cases[count++] = read_case(figures);
    }
    (void)figures_close(figures);
    ck_assert_int_gt(count, 0);
    return count;
}

void training_case_free(struct training_case *one)
{
    ms_network_free(&one->initial);
}

/* Copies the rows of a data set into data, or only counts them if data is NULL. */
static int64_t read_rows(const char *dataset, struct ms_data *data)
{
    static const char *const features[] = {"x1", "x2", "x3"};
    struct figures *figures = figures_open("training-data.csv");
    int64_t rows = 0;

    while (figures_next(figures)) {
        if (strcmp(figures_text(figures, "dataset"), dataset) != 0)
            continue;
        for (int32_t i = 0; data && i < data->n_x; i++)
            data->X[rows * data->n_x + i] = figures_number(figures, features[i]);
        if (data)
            data->y[rows] = (uint8_t)figures_integer(figures, "label");
        rows++;
    }
    (void)figures_close(figures);
    return rows;
}

struct ms_data training_data_read(const char *dataset, int32_t n_x)
{
    struct ms_data data;
    struct ms_error err;
    const int64_t rows = read_rows(dataset, NULL);

    ck_assert_int_gt(rows, 0);
    ck_assert_int_eq(ms_data_alloc(&data, rows, n_x, &err), MS_OK);
    (void)read_rows(dataset, &data);
    return data;
}
