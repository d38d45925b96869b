/* The main function of all unit programs: runs the suite of the program and prints its results as TAP.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

/* No test is judged by the time it takes. The limit is only for a test that hangs; Check's default is 4 seconds. */
static const char timeout_s[] = "3600";

int main(void)
{
    SRunner *runner;
    int run, failed;

    (void)setenv("CK_DEFAULT_TIMEOUT", timeout_s, 0);
    runner = srunner_create(unit_suite());

    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    run = srunner_ntests_run(runner);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    if (run == 0)
        (void)fputs("no test was selected\n", stderr);
    return run > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
