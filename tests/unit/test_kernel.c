#include <stdlib.h>
#include <string.h>

#include "moonsweep/kernel.h"
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

Suite *unit_suite(void)
{
    Suite *suite = suite_create("kernel");
    TCase *tests = tcase_create("kernel");

    tcase_add_loop_test(tests, the_last_available_kernel_is_portable, 0, MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, kernels_are_chosen_by_name_and_the_first_by_default, 0, MS_PRECISION_COUNT);
    tcase_add_test(tests, an_unknown_instruction_set_is_refused_with_a_list_of_those_available);
    tcase_add_test(tests, the_environment_variable_chooses_an_instruction_set);
    tcase_add_test(tests, an_empty_environment_variable_counts_as_unset);
    suite_add_tcase(suite, tests);
    return suite;
}
