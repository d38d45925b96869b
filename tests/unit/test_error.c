#include <string.h>

#include "moonsweep/error.h"
#include "unit.h"

START_TEST(a_failure_keeps_its_code_and_its_sentence)
{
    struct ms_error err;

    ck_assert_int_eq(ms_fail(&err, MS_BAD_INPUT, "%s:%d: wrong", "job.yaml", 7), MS_BAD_INPUT);
    ck_assert_int_eq(err.code, MS_BAD_INPUT);
    ck_assert_str_eq(err.text, "job.yaml:7: wrong");
}
END_TEST

START_TEST(a_sentence_that_is_too_long_is_cut)
{
    struct ms_error err;

    ms_fail(&err, MS_INTERNAL, "%4000d", 1);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
}
END_TEST

START_TEST(every_code_has_a_name_and_an_exit_status_of_its_own)
{
    for (int a = 0; a < MS_CODE_COUNT; a++) {
        ck_assert_ptr_nonnull(ms_code_name((enum ms_code)a));
        for (int b = 0; b < a; b++)
            ck_assert_int_ne(ms_exit_status((enum ms_code)a), ms_exit_status((enum ms_code)b));
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("error");
    TCase *tests = tcase_create("error");

    tcase_add_test(tests, a_failure_keeps_its_code_and_its_sentence);
    tcase_add_test(tests, a_sentence_that_is_too_long_is_cut);
    tcase_add_test(tests, every_code_has_a_name_and_an_exit_status_of_its_own);
    suite_add_tcase(suite, tests);
    return suite;
}
