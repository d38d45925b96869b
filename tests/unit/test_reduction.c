/* The order in which the sums of segments are combined (src/train/reduction.h). It determines bits.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/samples.h"
#include "train/pass.h"
#include "train/reals.h"
#include "train/reduction.h"
#include "unit.h"

/* Makes a reduction, whose memory the caller frees. */
static void *open_reduction(struct ms_reduction *reduction, const struct ms_kernel *kernel,
                            const struct ms_pass *pass)
{
    struct ms_arena arena = {.memory = NULL};

    ms_reduction_place(reduction, &arena, kernel, pass);
    arena = (struct ms_arena){.memory = ms_reals_alloc_bytes(arena.used)};
    ck_assert_ptr_nonnull(arena.memory);
    ms_reduction_place(reduction, &arena, kernel, pass);
    return arena.memory;
}

/* What has been combined so far. The sums of a segment are its number, and those of several are the first one's. */
static char combined[512];

static void combine(const struct ms_pass *pass, void *to, const void *from)
{
    const double *first = to, *second = from;
    const size_t used = strlen(combined);

    (void)pass;
    (void)snprintf(combined + used, sizeof combined - used, "%g+%g ", *first, *second);
}

static void reduce(const struct ms_pass *pass, void *sums, double *totals)
{
    (void)pass;
    memcpy(totals, sums, sizeof *totals);
}

static const struct ms_kernel kernel = {
    .isa = "recorder", .precision = MS_FLOAT64, .combine = combine, .reduce = reduce};

/* Reduces that many segments. */
static void reduce_segments(struct ms_reduction *reduction, int segments)
{
    combined[0] = '\0';
    for (int g = 0; g < segments; g++) {
        const double number = g;

        memcpy(ms_reduction_begin(reduction), &number, sizeof number);
        ms_reduction_end(reduction);
    }
    ck_assert_double_eq(ms_reduction_totals(reduction)[0], 0);
}

START_TEST(neighbours_of_equal_size_are_combined)
{
    static const char *const expected[] = {
        "",
        "0+1 ",
        "0+1 0+2 ",
        "0+1 2+3 0+2 ",
        "0+1 2+3 0+2 0+4 ",
        "0+1 2+3 0+2 4+5 0+4 ",
        "0+1 2+3 0+2 4+5 4+6 0+4 ",
        "0+1 2+3 0+2 4+5 6+7 4+6 0+4 ",
    };
    const struct ms_samples samples = {.precision = MS_FLOAT64, .n_x = 2};
    const struct ms_pass pass = {.samples = &samples, .n_h = 1};
    struct ms_reduction reduction;
    void *memory = open_reduction(&reduction, &kernel, &pass);

    for (int i = 0; i < (int)(sizeof expected / sizeof expected[0]); i++) {
        reduce_segments(&reduction, i + 1);
        ck_assert_str_eq(combined, expected[i]);
    }
    free(memory);
}
END_TEST

/* A combination that is neither associative nor commutative, so that its result tells the order. */
static void mix(const struct ms_pass *pass, void *to, const void *from)
{
    double *first = to;
    const double *second = from;

    (void)pass;
    *first = 0.75 * *first + 0.3125 * *second + 1;
}

static const struct ms_kernel mixer = {
    .isa = "mixer", .precision = MS_FLOAT64, .combine = mix, .reduce = reduce};

/* Adds segments up to end-1, whose sums are their numbers. */
static void add_numbers(struct ms_reduction *reduction, int32_t end)
{
    for (int32_t g = reduction->ended; g < end; g++) {
        const double number = g;

        memcpy(ms_reduction_begin(reduction), &number, sizeof number);
        ms_reduction_end(reduction);
    }
}

/* The tree by its definition in docs/numerics.md. */
static double tree(int32_t segments)
{
    double sums[64];

    for (int32_t g = 0; g < segments; g++)
        sums[g] = g;
    for (int32_t half = 1; half < segments; half *= 2)
        for (int32_t g = 0; g + half < segments; g += 2 * half)
            mix(NULL, &sums[g], &sums[g + half]);
    return sums[0];
}

/* Each range of each number of segments, computed in other memory, of exactly the stated size. */
START_TEST(a_range_that_was_computed_elsewhere_is_combined_in_the_same_order)
{
    for (int32_t segments = 1; segments <= 64; segments++) {
        const struct ms_samples samples = {.precision = MS_FLOAT64, .n_x = 2, .segments = segments};
        const struct ms_pass pass = {.samples = &samples, .n_h = 1};
        const size_t bytes = (size_t)ms_reduction_range_bytes(&pass);
        char *memory = malloc(bytes + 1);
        struct ms_reduction reduction, elsewhere;
        void *whole = open_reduction(&reduction, &mixer, &pass);

        memory[bytes] = 42;
        for (int32_t first = 0; first < segments; first++)
            for (int32_t end = first + 1; end <= segments; end++) {
                ms_reduction_use(&elsewhere, &mixer, &pass, memory);
                ms_reduction_restart(&elsewhere, first);
                add_numbers(&elsewhere, end);
                ms_reduction_restart(&reduction, 0);
                add_numbers(&reduction, first);
                ms_reduction_take(&reduction, memory, end);
                add_numbers(&reduction, segments);
                if (ms_reduction_totals(&reduction)[0] != tree(segments) || memory[bytes] != 42)
                    ck_abort_msg("segments %d .. %d of %d", first, end - 1, segments);
            }
        free(whole);
        free(memory);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("reduction");
    TCase *tests = tcase_create("reduction");

    tcase_add_test(tests, neighbours_of_equal_size_are_combined);
    tcase_add_test(tests, a_range_that_was_computed_elsewhere_is_combined_in_the_same_order);
    suite_add_tcase(suite, tests);
    return suite;
}
