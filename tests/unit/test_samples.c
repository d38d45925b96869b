/* Samples as the kernels read them: in chunks and segments, with signs, weights and padding.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "moonsweep/samples.h"
#include "stop_counter.h"
#include "unit.h"

static struct ms_error err;

static struct ms_data make_data(int64_t rows, int32_t n_x)
{
    struct ms_data data;

    ck_assert_int_eq(ms_data_alloc(&data, rows, n_x, &err), MS_OK);
    for (int64_t row = 0; row < rows; row++) {
        for (int32_t i = 0; i < n_x; i++)
            data.X[row * n_x + i] = (double)(row + 1) / (i + 3) * (i % 2 ? -1 : 1);
        data.y[row] = row % 3 == 0;
    }
    return data;
}

static struct ms_samples make(int64_t rows, int32_t n_x, enum ms_precision precision)
{
    struct ms_data data = make_data(rows, n_x);
    struct ms_samples samples;

    ck_assert_int_eq(ms_samples_make(&samples, &data, precision, NULL, &err), MS_OK);
    ms_data_free(&data);
    return samples;
}

START_TEST(chunks_and_segments_follow_from_the_number_of_samples)
{
    static const struct {
        int64_t m, chunks;
        int32_t segments;
    } expected[] = {{1, 1, 1},     {64, 1, 1},       {65, 2, 1},       {512, 8, 1},       {513, 9, 2},
                    {1600, 25, 4}, {32768, 512, 64}, {32769, 513, 64}, {100000, 1563, 64}};

    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        struct ms_samples samples = make(expected[k].m, 1, MS_FLOAT64);

        ck_assert_int_eq(samples.chunks, expected[k].chunks);
        ck_assert_int_eq(samples.segments, expected[k].segments);
        ck_assert_int_eq(ms_samples_segment(&samples, 0), 0);
        ck_assert_int_eq(ms_samples_segment(&samples, samples.segments), samples.chunks);
        for (int32_t g = 0; g < samples.segments; g++)
            ck_assert_int_lt(ms_samples_segment(&samples, g), ms_samples_segment(&samples, g + 1));
        ms_samples_free(&samples);
    }
}
END_TEST

START_TEST(the_first_chunks_are_samples_with_labels_of_their_own)
{
    struct ms_samples samples = make(200, 1, MS_FLOAT64), first = ms_samples_first(&samples, 2);
    int64_t ones = 0;

    ck_assert_int_eq(first.m, 128);
    ck_assert_int_eq(first.chunks, 2);
    for (int64_t row = 0; row < first.m; row++)
        ones += first.y[row];
    ck_assert_int_eq(first.of_label[1], ones);
    ck_assert_int_eq(first.of_label[0], first.m - ones);
    ck_assert_int_eq(samples.of_label[0] + samples.of_label[1], samples.m);
    ms_samples_free(&samples);
}
END_TEST

START_TEST(every_value_is_in_its_chunk_with_the_sign_of_its_label)
{
    struct ms_samples samples = make(150, 3, MS_FLOAT64);
    const double *blocks = samples.blocks;

    for (int64_t row = 0; row < 192; row++) {
        const double *at = blocks + row / 64 * (4 * 64) + row % 64;

        for (int32_t i = 0; i < 3; i++)
            ck_assert_double_eq(at[i * 64], row < 150 ? (double)(row + 1) / (i + 3) * (i % 2 ? -1 : 1) : 0);
        ck_assert_double_eq(at[3 * 64], 0);
        ck_assert_int_eq(signbit(at[3 * 64]) != 0, row < 150 && row % 3 != 0);
    }
    for (int32_t i = 0; i < 3; i++)
        ck_assert_double_eq(samples.x_max[i], 150.0 / (i + 3));
    ms_samples_free(&samples);
}
END_TEST

START_TEST(the_last_chunk_s_mask_covers_its_samples)
{
    static const int64_t m[] = {1, 63, 64, 65, 150};

    for (size_t k = 0; k < sizeof m / sizeof *m; k++) {
        struct ms_samples samples = make(m[k], 1, MS_FLOAT64);
        const double *valid = samples.valid;

        for (int64_t lane = 0; lane < 64; lane++)
            ck_assert_double_eq(valid[lane], (samples.chunks - 1) * 64 + lane < m[k] ? 1 : 0);
        ms_samples_free(&samples);
    }
}
END_TEST

START_TEST(class_weights_replace_the_signs_of_the_labels)
{
    static const double weight[2] = {0.5, 3};
    struct ms_samples samples = make(70, 2, MS_FLOAT64);

    ck_assert_int_eq(ms_samples_weigh(&samples, weight, &err), MS_OK);
    ck_assert(samples.weighted);
    for (int64_t row = 0; row < 128; row++) {
        const double *blocks = samples.blocks;
        const double expected = row >= 70 ? 0 : samples.y[row] ? 3 : -0.5;

        ck_assert_double_eq(blocks[row / 64 * 3 * 64 + 2 * 64 + row % 64], expected);
    }
    ms_samples_free(&samples);
}
END_TEST

START_TEST(a_class_weight_must_be_above_0_and_finite)
{
    static const double weights[][2] = {{0, 1}, {1, -1}, {NAN, 1}, {1, INFINITY}, {1e-60, 1}, {1, 1e60}};

    for (size_t k = 0; k < sizeof weights / sizeof *weights; k++) {
        struct ms_samples samples = make(3, 1, k < 4 ? MS_FLOAT64 : MS_FLOAT32);

        ck_assert_int_eq(ms_samples_weigh(&samples, weights[k], &err), MS_BAD_INPUT);
        ck_assert_ptr_nonnull(strstr(err.text, "it must be above 0 and finite"));
        ck_assert(!samples.weighted);
        ms_samples_free(&samples);
    }
}
END_TEST

START_TEST(float32_samples_are_rounded_and_have_wider_chunks)
{
    struct ms_samples samples = make(150, 1, MS_FLOAT32);
    const float *blocks = samples.blocks;

    ck_assert_int_eq(samples.chunk, 128);
    ck_assert_int_eq(samples.chunks, 2);
    ck_assert(blocks[0] == (float)(1.0 / 3));
    ck_assert(blocks[2 * 128 + 1] == (float)(130.0 / 3));
    ck_assert_double_eq(samples.x_max[0], (float)(150.0 / 3));
    ms_samples_free(&samples);
}
END_TEST

START_TEST(laying_out_can_be_stopped_and_then_nothing_is_made)
{
    enum { ROWS = 3 * MS_STOP_REQUEST_INTERVAL + 5 };
    struct stop_counter counter = {.stop_at = 2};
    const struct ms_stop_request stop = {stop_counter_look, &counter};
    struct ms_samples samples = {.m = 77};
    struct ms_data data;

    ck_assert_int_eq(ms_data_alloc(&data, ROWS, 2, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, MS_FLOAT64, &stop, &err), MS_WORK_LEFT);
    ck_assert_int_eq(counter.looks, 3);
    ck_assert_int_eq(samples.m, 77);
    counter = (struct stop_counter){.stop_at = -1};
    ck_assert_int_eq(ms_samples_make(&samples, &data, MS_FLOAT64, &stop, &err), MS_OK);
    ck_assert_int_eq(counter.looks, stop_counter_expected(1, ROWS));
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

START_TEST(samples_are_laid_out_alike_in_any_memory)
{
    static const int64_t m[] = {1, 64, 150};

    for (int k = 0; k < 6; k++) {
        const enum ms_precision precision = k % 2 ? MS_FLOAT32 : MS_FLOAT64;
        struct ms_samples expected = make(m[k / 2], 3, precision);
        struct ms_data data = make_data(m[k / 2], 3);
        struct ms_samples samples = ms_samples_sizes(&data, precision);
        const size_t block_bytes = (size_t)ms_samples_block_bytes(&samples);

        ck_assert_int_eq(ms_samples_alloc(&samples, &err), MS_OK);
        memset(samples.blocks, 0xff, block_bytes);
        memset(samples.x_max, 0xff, 3 * sizeof *samples.x_max);
        memset(samples.y, 0xff, (size_t)samples.m);
        ck_assert_int_eq(ms_samples_fill(&samples, &data, NULL, &err), MS_OK);
        ck_assert_mem_eq(samples.blocks, expected.blocks, block_bytes);
        ck_assert_mem_eq(samples.x_max, expected.x_max, 3 * sizeof *samples.x_max);
        ck_assert_mem_eq(samples.y, expected.y, (size_t)samples.m);
        ck_assert_int_eq((char *)samples.valid - (char *)samples.blocks,
                         (char *)expected.valid - (char *)expected.blocks);
        ck_assert_int_eq(samples.of_label[0], expected.of_label[0]);
        ck_assert_int_eq(samples.of_label[1], expected.of_label[1]);
        ms_data_free(&data);
        ms_samples_free(&samples);
        ms_samples_free(&expected);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("samples");
    TCase *tests = tcase_create("samples");

    tcase_add_test(tests, chunks_and_segments_follow_from_the_number_of_samples);
    tcase_add_test(tests, the_first_chunks_are_samples_with_labels_of_their_own);
    tcase_add_test(tests, every_value_is_in_its_chunk_with_the_sign_of_its_label);
    tcase_add_test(tests, the_last_chunk_s_mask_covers_its_samples);
    tcase_add_test(tests, class_weights_replace_the_signs_of_the_labels);
    tcase_add_test(tests, a_class_weight_must_be_above_0_and_finite);
    tcase_add_test(tests, float32_samples_are_rounded_and_have_wider_chunks);
    tcase_add_test(tests, laying_out_can_be_stopped_and_then_nothing_is_made);
    tcase_add_test(tests, samples_are_laid_out_alike_in_any_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
