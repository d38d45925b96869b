/* The choice follows a clock that the test hands in: it advances only when one of three kernels computes chunks, each of
 * which is a copy of the portable one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "unit.h"

enum { FAKES = 3, CHUNK = 64, ROWS = 400 };

static struct {
    const struct ms_kernel *portable;
    double now_s;
    double chunk_s[FAKES][2]; /* of a chunk, for networks of up to 10 units, and for larger ones */
    int64_t chunks[FAKES];    /* computed so far */
} fake;

static double fake_clock(void)
{
    return fake.now_s;
}

static void compute(int k, const struct ms_pass *pass, int64_t first, int64_t end)
{
    fake.now_s += (double)(end - first) * fake.chunk_s[k][pass->n_h > 10];
    fake.chunks[k] += end - first;
}

/* The functions of a kernel have no context: each kernel needs its own. */
#define FAKE_KERNEL(k)                                                                             \
    static void start_##k(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)      \
    {                                                                                              \
        compute(k, pass, first, end);                                                              \
        fake.portable->start(pass, first, end, sums);                                              \
    }                                                                                              \
    static void accumulate_##k(const struct ms_pass *pass, int64_t first, int64_t end, void *sums) \
    {                                                                                              \
        compute(k, pass, first, end);                                                              \
        fake.portable->accumulate(pass, first, end, sums);                                         \
    }
FAKE_KERNEL(0)
FAKE_KERNEL(1)
FAKE_KERNEL(2)

static struct ms_error err;
static struct ms_kernel fakes[FAKES];
static struct ms_samples samples;

static void set_up(void)
{
    static const char *const names[FAKES] = {"first", "second", "third"};
    struct ms_data data;

    memset(&fake, 0, sizeof fake);
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, "portable", &fake.portable, &err), MS_OK);
    for (int k = 0; k < FAKES; k++) {
        fakes[k] = *fake.portable;
        fakes[k].isa = names[k];
    }
    fakes[0].start = start_0;
    fakes[0].accumulate = accumulate_0;
    fakes[1].start = start_1;
    fakes[1].accumulate = accumulate_1;
    fakes[2].start = start_2;
    fakes[2].accumulate = accumulate_2;
    ck_assert_int_eq(ms_moons_make(ROWS, 0.25, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ms_data_free(&data);
}

static void tear_down(void)
{
    ms_samples_free(&samples);
}

static void set_times(int k, double small_s, double large_s)
{
    fake.chunk_s[k][0] = small_s;
    fake.chunk_s[k][1] = large_s;
}

/* Measures the first n of the fake kernels for networks of 5 and of 50 units, of which the larger one has more work. */
static struct ms_kernels measure(int32_t n)
{
    static const struct ms_kernel_size sizes[] = {{MS_TANH, 50, 3}, {MS_TANH, 5, 1}};
    const struct ms_kernels_spec spec = {.clock = fake_clock, .seconds = 0.05, .samples = &samples};
    struct ms_kernels kernels = {.n_kernels = n};

    for (int k = 0; k < n; k++)
        kernels.kernel[k] = &fakes[k];
    ck_assert_int_eq(ms_kernels_measure(&kernels, &spec, sizes, 2, &err), MS_OK);
    return kernels;
}

static const char *chosen(const struct ms_kernels *kernels, enum ms_activation activation, int32_t n_h)
{
    return ms_kernels_for(kernels, activation, n_h)->isa;
}

START_TEST(the_quickest_kernel_of_each_size_is_taken)
{
    struct ms_kernels kernels;

    set_times(0, 2e-5, 3e-5);
    set_times(1, 1e-5, 4e-5);
    set_times(2, 3e-5, 2e-5);
    kernels = measure(FAKES);
    ck_assert_int_eq(kernels.n_points, 2);
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 5), "second");
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 50), "third");
}
END_TEST

/* 5 and 50 units are measured: with the same ratio to both, 15 is nearer to 5, and 16 nearer to 50. */
START_TEST(other_sizes_follow_the_nearest)
{
    struct ms_kernels kernels;

    set_times(0, 2e-5, 2e-5);
    set_times(1, 1e-5, 3e-5);
    set_times(2, 3e-5, 1e-5);
    kernels = measure(FAKES);
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 1), "second");
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 15), "second");
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 16), "third");
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 100000), "third");
    ck_assert_str_eq(chosen(&kernels, MS_RELU, 5), "first"); /* nothing was measured of relu */
}
END_TEST

START_TEST(of_nearly_equal_kernels_the_first_is_taken)
{
    struct ms_kernels kernels;

    set_times(0, 1.00e-5, 1.00e-5);
    set_times(1, 0.99e-5, 0.97e-5);
    kernels = measure(2);
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 5), "first");
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 50), "second");
}
END_TEST

START_TEST(times_are_those_of_a_unit_and_a_sample)
{
    struct ms_kernels kernels;
    struct ms_samples whole;
    char text[MS_KERNELS_TEXT];

    set_times(0, 1e-5, 3.2e-5);
    set_times(1, 2e-5, 1.6e-5);
    whole = samples;
    samples = ms_samples_first(&whole, 4); /* whole chunks */
    kernels = measure(2);
    ck_assert_double_eq_tol(kernels.points[0].ns[0], 3.2e-5 / (50 * CHUNK) * 1e9, 1e-6);
    ck_assert_double_eq_tol(kernels.points[0].ns[1], 1.6e-5 / (50 * CHUNK) * 1e9, 1e-6);
    ck_assert_double_nan(kernels.points[0].ns[2]);
    ck_assert_str_eq(ms_kernels_text(&kernels, 2, text),
                     "tanh 50: second 5, first 10; tanh 5: first 31.25, second 62.5");
    ck_assert_str_eq(ms_kernels_text(&kernels, 1, text), "tanh 50: second 5, first 10");
    ck_assert_str_eq(ms_kernels_names(&kernels, text), "second, first");
    samples = whole;
}
END_TEST

/* The third kernel takes a quarter of all the time for an iteration of the samples' 7 chunks, so that it is measured less
 * than three times. */
START_TEST(measuring_takes_no_more_than_its_time)
{
    struct ms_kernels kernels;

    set_times(0, 1e-5, 1e-5);
    set_times(1, 2e-5, 2e-5);
    set_times(2, 0.0125 / 7, 0.0125 / 7);
    kernels = measure(FAKES);
    ck_assert_double_le(fake.now_s, 0.05 + 0.0125);
    ck_assert_double_eq_tol(kernels.seconds, fake.now_s, 1e-12);
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 50), "first");
}
END_TEST

START_TEST(nothing_is_chosen_if_there_is_too_little_time)
{
    struct ms_kernels kernels;
    char text[MS_KERNELS_TEXT];

    set_times(0, 1, 1);
    set_times(1, 1e-9, 1e-9);
    kernels = measure(2);
    ck_assert_int_eq(kernels.n_points, 0);
    ck_assert_str_eq(chosen(&kernels, MS_TANH, 50), "first");
    ck_assert_str_eq(ms_kernels_names(&kernels, text), "first");
    ck_assert_str_eq(ms_kernels_text(&kernels, 2, text), "");
}
END_TEST

START_TEST(what_has_no_room_in_the_text_is_left_out)
{
    struct ms_kernels kernels = {.kernel = {&fakes[0]}, .n_kernels = 1, .n_points = MS_KERNEL_SIZES_MOST};
    char text[MS_KERNELS_TEXT], again[MS_KERNELS_TEXT];

    for (int i = 0; i < MS_KERNEL_SIZES_MOST; i++)
        kernels.points[i] = (struct ms_kernels_point){.size = {MS_SIGMOID, 1000000 + i, 1}, .ns = {123.125}};
    (void)ms_kernels_text(&kernels, MS_KERNEL_SIZES_MOST, text);
    ck_assert_uint_lt(strlen(text), MS_KERNELS_TEXT);
    ck_assert_uint_gt(strlen(text), MS_KERNELS_TEXT - 40);
    ck_assert_str_eq(text + strlen(text) - strlen("first 123.125"), "first 123.125");
    ck_assert_ptr_nonnull(strstr(ms_kernels_text(&kernels, 1, again), "sigmoid 1000000: first 123.125"));
}
END_TEST

START_TEST(kernels_in_plain_c_are_opened_only_without_others)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    struct ms_kernels kernels, all;
    int32_t with_vectors = 0;

    ck_assert_int_eq(ms_kernels_open(precision, NULL, &kernels, &err), MS_OK);
    ck_assert_int_eq(ms_kernels_open_all(precision, NULL, &all, &err), MS_OK);
    for (int32_t k = 0; k < all.n_kernels; k++) {
        ck_assert_ptr_eq(all.kernel[k], ms_kernel_available(precision, k));
        with_vectors += all.kernel[k]->lanes > 1;
    }
    ck_assert_ptr_null(ms_kernel_available(precision, all.n_kernels));
    ck_assert_int_eq(kernels.n_kernels, with_vectors > 0 ? with_vectors : 1);
    ck_assert_ptr_eq(kernels.kernel[0], all.kernel[0]);
    ck_assert_int_eq(kernels.n_points, 0);
}
END_TEST

START_TEST(a_kernel_that_is_named_is_the_only_one)
{
    struct ms_kernels kernels;

    ck_assert_int_eq(ms_kernels_open(MS_FLOAT32, "portable", &kernels, &err), MS_OK);
    ck_assert_int_eq(kernels.n_kernels, 1);
    ck_assert_str_eq(chosen(&kernels, MS_RELU, 7), "portable");
    ck_assert_int_eq(ms_kernels_open(MS_FLOAT32, "sse9", &kernels, &err), MS_BAD_USAGE);
    ck_assert_int_eq(setenv("MOONSWEEP_ISA", "portable", 1), 0);
    ck_assert_int_eq(ms_kernels_open_all(MS_FLOAT64, NULL, &kernels, &err), MS_OK);
    ck_assert_int_eq(kernels.n_kernels, 1);
    ck_assert_str_eq(chosen(&kernels, MS_RELU, 7), "portable");
}
END_TEST

START_TEST(short_work_is_not_preceded_by_measurements)
{
    const struct ms_kernels kernels = {.n_kernels = 2}, one = {.n_kernels = 1};

    ck_assert_double_eq(ms_kernels_seconds(&kernels, 1), 0);
    ck_assert_double_eq(ms_kernels_seconds(&kernels, 0), 0);
    ck_assert_double_eq_tol(ms_kernels_seconds(&kernels, 3), 0.03, 1e-12);
    ck_assert_double_eq(ms_kernels_seconds(&kernels, 1e9), 0.05);
    ck_assert_double_eq(ms_kernels_seconds(&one, 1e9), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tests = tcase_create("kernels");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, the_quickest_kernel_of_each_size_is_taken);
    tcase_add_test(tests, other_sizes_follow_the_nearest);
    tcase_add_test(tests, of_nearly_equal_kernels_the_first_is_taken);
    tcase_add_test(tests, times_are_those_of_a_unit_and_a_sample);
    tcase_add_test(tests, measuring_takes_no_more_than_its_time);
    tcase_add_test(tests, nothing_is_chosen_if_there_is_too_little_time);
    tcase_add_test(tests, what_has_no_room_in_the_text_is_left_out);
    tcase_add_loop_test(tests, kernels_in_plain_c_are_opened_only_without_others, 0, MS_PRECISION_COUNT);
    tcase_add_test(tests, a_kernel_that_is_named_is_the_only_one);
    tcase_add_test(tests, short_work_is_not_preceded_by_measurements);
    suite_add_tcase(suite, tests);
    return suite;
}
