/* The order in which the sums of segments are combined (src/train/reduction.h). It determines bits.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "moonsweep/samples.h"
#include "train/pass.h"
#include "train/reduction.h"
#include "unit.h"

static struct ms_error err;

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

    ck_assert_int_eq(ms_reduction_open(&reduction, &kernel, &pass, &err), MS_OK);
    for (int i = 0; i < (int)(sizeof expected / sizeof expected[0]); i++) {
        reduce_segments(&reduction, i + 1);
        ck_assert_str_eq(combined, expected[i]);
    }
    ms_reduction_close(&reduction);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("reduction");
    TCase *tests = tcase_create("reduction");

    tcase_add_test(tests, neighbours_of_equal_size_are_combined);
    suite_add_tcase(suite, tests);
    return suite;
}
