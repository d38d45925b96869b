/* The choice of kernels by name, and passes in parts and as a whole.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "available_kernels.h"
#include "moonsweep/kernel.h"
#include "moonsweep/moons.h"
#include "stop_counter.h"
#include "train/pass.h"
#include "train/reals.h"
#include "train/step.h"
#include "unit.h"

static struct ms_error err;

START_TEST(the_last_available_kernel_is_portable)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const struct ms_kernel *kernel, *last = NULL;
    int count = 0;

    for (; (kernel = ms_kernel_available(precision, count)) != NULL; count++) {
        ck_assert_int_eq(kernel->precision, precision);
        last = kernel;
    }
    ck_assert_ptr_nonnull(last);
    ck_assert_str_eq(last->isa, "portable");
#if defined __x86_64__
    ck_assert(count > 1 || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("avx2"));
#elif defined __aarch64__
    ck_assert_int_gt(count, 1);
#endif
}
END_TEST

START_TEST(kernels_are_chosen_by_name_and_the_first_by_default)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const struct ms_kernel *kernel, *chosen;

    for (int i = 0; (kernel = ms_kernel_available(precision, i)) != NULL; i++) {
        ck_assert_int_eq(ms_kernel_choose(precision, kernel->isa, &chosen, &err), MS_OK);
        ck_assert_ptr_eq(chosen, kernel);
    }
    ck_assert_int_eq(unsetenv("MOONSWEEP_ISA"), 0);
    ck_assert_int_eq(ms_kernel_choose(precision, NULL, &chosen, &err), MS_OK);
    ck_assert_ptr_eq(chosen, ms_kernel_available(precision, 0));
}
END_TEST

START_TEST(an_unknown_instruction_set_is_refused_with_a_list_of_those_available)
{
    const struct ms_kernel *kernel = NULL;

    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, "sse9", &kernel, &err), MS_BAD_USAGE);
    ck_assert_ptr_null(kernel);
    ck_assert_ptr_nonnull(strstr(err.text, "'sse9' is unknown"));
    ck_assert_ptr_nonnull(strstr(err.text, "portable"));
}
END_TEST

START_TEST(the_environment_variable_chooses_an_instruction_set)
{
    const struct ms_kernel *kernel;

    ck_assert_int_eq(setenv("MOONSWEEP_ISA", "portable", 1), 0);
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT32, NULL, &kernel, &err), MS_OK);
    ck_assert_str_eq(kernel->isa, "portable");
    ck_assert_int_eq(kernel->precision, MS_FLOAT32);
}
END_TEST

START_TEST(an_empty_environment_variable_counts_as_unset)
{
    const struct ms_kernel *kernel;

    ck_assert_int_eq(setenv("MOONSWEEP_ISA", "", 1), 0);
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &kernel, &err), MS_OK);
    ck_assert_ptr_eq(kernel, ms_kernel_available(MS_FLOAT64, 0));
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, "", &kernel, &err), MS_BAD_USAGE);
}
END_TEST

/* ---- leaving a pass within a block ---------------------------------------------------------------------- */

enum { ROWS = 200, HIDDEN = 13, FEW = 4, PARTS = 4 };

/* A pass over moons with 13 hidden units, which may be computed in four parts. */
struct wide {
    struct ms_samples samples;
    struct ms_network network;
    struct ms_pass pass;
    struct stop_counter counter;
    size_t sums_bytes;
};

static void open_wide(struct wide *wide, enum ms_precision precision, enum ms_activation activation)
{
    struct ms_data data;

    wide->counter = (struct stop_counter){.stop_at = -1};
    ck_assert_int_eq(ms_moons_make(ROWS, 0.2, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&wide->samples, &data, precision, NULL, &err), MS_OK);
    ms_data_free(&data);
    ck_assert_int_eq(ms_network_alloc(&wide->network, 2, HIDDEN, activation, &err), MS_OK);
    ms_network_init(&wide->network, 1, 0.5, precision);
    ck_assert_int_eq(ms_pass_alloc(&wide->pass, &wide->samples, &wide->network, &err), MS_OK);
    wide->pass.look = stop_counter_look;
    wide->pass.look_context = &wide->counter;
    ms_pass_fold(&wide->pass, &wide->network);
    wide->sums_bytes = ms_reals_bytes(precision, ms_pass_sums(&wide->pass) * ms_precision_lanes(precision));
}

static void close_wide(struct wide *wide)
{
    ms_pass_free(&wide->pass);
    ms_network_free(&wide->network);
    ms_samples_free(&wide->samples);
}

/* Returns the sums of the whole pass, which the caller frees. */
static void *sums_of(const struct wide *wide, const struct ms_kernel *kernel)
{
    void *sums = ms_reals_alloc(kernel->precision,
                                ms_pass_sums(&wide->pass) * ms_precision_lanes(kernel->precision));

    ck_assert_ptr_nonnull(sums);
    kernel->clear(&wide->pass, sums);
    kernel->accumulate(&wide->pass, 0, wide->samples.chunks, sums);
    return sums;
}

START_TEST(units_in_parts_have_the_same_bits_and_a_look_before_each_part)
{
    const enum ms_precision precision = (enum ms_precision)(_i / MS_ACTIVATION_COUNT);
    const struct ms_kernel *kernels[MAX_KERNELS];
    const int count = available_kernels(precision, kernels);
    struct wide wide;

    open_wide(&wide, precision, (enum ms_activation)(_i % MS_ACTIVATION_COUNT));
    for (int k = 0; k < count; k++) {
        void *at_once = sums_of(&wide, kernels[k]), *in_parts;

        ck_assert_int_eq(wide.counter.looks, 0); /* of a network that is not wide */
        wide.pass.part = FEW;
        in_parts = sums_of(&wide, kernels[k]);
        ck_assert_int_eq(memcmp(at_once, in_parts, wide.sums_bytes), 0);
        /* Each block has a forward and a backward half, and at most one chunk here. */
        ck_assert_int_ge(wide.counter.looks, (int)wide.samples.chunks * 2 * PARTS);
        ck_assert_int_eq(wide.counter.looks % (2 * PARTS), 0);
        free(at_once);
        free(in_parts);
        wide.pass.part = HIDDEN;
        wide.counter.looks = 0;
    }
    close_wide(&wide);
}
END_TEST

/* Asks to stop from its second look on. */
static bool stop_soon(void *context)
{
    int *looks = context;

    return ++*looks >= 2;
}

START_TEST(a_pass_that_is_left_computes_no_further_part)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const struct ms_kernel *kernels[MAX_KERNELS];
    const int count = available_kernels(precision, kernels);
    struct wide wide;

    open_wide(&wide, precision, MS_RELU);
    for (int k = 0; k < count; k++) {
        int looks = 0;
        double *totals = calloc((size_t)ms_pass_sums(&wide.pass), sizeof *totals);
        void *sums;

        ck_assert_ptr_nonnull(totals);
        wide.pass.part = FEW;
        wide.pass.look = stop_soon;
        wide.pass.look_context = &looks;
        sums = sums_of(&wide, kernels[k]);
        wide.pass.look = NULL;
        kernels[k]->reduce(&wide.pass, sums, totals);
        for (int64_t i = 0; i < ms_pass_unit_sums(&wide.pass); i++)
            ck_assert_double_eq(totals[i], 0); /* no backward half was computed */
        free(sums);
        free(totals);
    }
    close_wide(&wide);
}
END_TEST

/* ---- looks at work outside blocks ----------------------------------------------------------------------- */

enum { MANY = 20000, PARAMETERS_OF_A_PART = 1 << 14 };

/* There must have been as many looks as there are parts of the parameters. Sets their number back to 0. */
static void demand_looks(struct stop_counter *counter, const struct ms_network *network, const char *what)
{
    const int64_t parts = ms_network_size(network) / PARAMETERS_OF_A_PART;

    ck_assert_msg(counter->looks >= parts, "%s: %d looks at %lld parts", what, counter->looks,
                  (long long)parts);
    counter->looks = 0;
}

/* All that a training step of a wide network and its evaluation do with all its parameters. The samples are one chunk. */
START_TEST(a_wide_network_looks_at_each_part_of_its_parameters)
{
    const enum ms_precision precision = (enum ms_precision)_i;
    const struct ms_kernel *kernel = ms_kernel_available(precision, 0);
    struct stop_counter counter = {.stop_at = -1};
    struct ms_predictions predictions = {.is_overflow = false};
    struct ms_samples samples;
    struct ms_network network, next;
    struct ms_pass pass, forward;
    struct ms_arena arena = {.memory = NULL};
    struct ms_data data;
    double *totals;
    void *sums, *more_sums, *output;

    ck_assert_int_eq(ms_moons_make(50, 0.2, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&samples, &data, precision, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&network, 2, MANY, MS_TANH, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&next, 2, MANY, MS_TANH, &err), MS_OK);
    ms_network_init(&network, 1, 0.01, precision);
    ck_assert_int_eq(ms_pass_alloc(&pass, &samples, &network, &err), MS_OK);
    ms_pass_place(&forward, &arena, &samples, &network, true);
    arena = (struct ms_arena){.memory = ms_reals_alloc_bytes(arena.used)};
    ck_assert_ptr_nonnull(arena.memory);
    ms_pass_place(&forward, &arena, &samples, &network, true);
    ck_assert_int_eq(ms_pass_unit_sums(&forward), 0);
    sums = ms_reals_alloc(precision, ms_pass_sums(&pass) * ms_precision_lanes(precision));
    more_sums = ms_reals_alloc(precision, ms_pass_sums(&pass) * ms_precision_lanes(precision));
    output = ms_reals_alloc(precision, ms_pass_sums(&forward) * ms_precision_lanes(precision));
    totals = malloc((size_t)ms_pass_sums(&pass) * sizeof *totals);
    ck_assert(sums != NULL && more_sums != NULL && output != NULL && totals != NULL);
    pass.look = forward.look = stop_counter_look;
    pass.look_context = forward.look_context = &counter;

    ms_pass_fold(&pass, &network);
    demand_looks(&counter, &network, "ms_pass_fold");
    kernel->start(&pass, 0, 1, sums);
    demand_looks(&counter, &network, "start");
    kernel->start(&pass, 0, 1, more_sums);
    counter.looks = 0;
    kernel->combine(&pass, sums, more_sums);
    demand_looks(&counter, &network, "combine");
    kernel->reduce(&pass, sums, totals);
    demand_looks(&counter, &network, "reduce");
    ck_assert(ms_step_update(&pass, &network, totals, 0.1, &next));
    demand_looks(&counter, &network, "ms_step_update");
    ms_pass_fold(&forward, &next);
    demand_looks(&counter, &network, "ms_pass_fold of a forward pass");
    kernel->clear(&forward, output);
    kernel->evaluate(&forward, 0, 1, output, &predictions);
    demand_looks(&counter, &network, "evaluate");

    free(sums);
    free(more_sums);
    free(output);
    free(totals);
    ms_pass_free(&pass);
    ms_pass_free(&forward);
    ms_network_free(&network);
    ms_network_free(&next);
    ms_samples_free(&samples);
    ms_data_free(&data);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("kernel");
    TCase *tests = tcase_create("kernel");

    tcase_add_loop_test(tests, the_last_available_kernel_is_portable, 0, MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, kernels_are_chosen_by_name_and_the_first_by_default, 0, MS_PRECISION_COUNT);
    tcase_add_test(tests, an_unknown_instruction_set_is_refused_with_a_list_of_those_available);
    tcase_add_test(tests, the_environment_variable_chooses_an_instruction_set);
    tcase_add_test(tests, an_empty_environment_variable_counts_as_unset);
    tcase_add_loop_test(tests, units_in_parts_have_the_same_bits_and_a_look_before_each_part, 0,
                        MS_PRECISION_COUNT * MS_ACTIVATION_COUNT);
    tcase_add_loop_test(tests, a_pass_that_is_left_computes_no_further_part, 0, MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, a_wide_network_looks_at_each_part_of_its_parameters, 0, MS_PRECISION_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}
