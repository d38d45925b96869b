/* What every unit test shares: a program of one Check suite, its results in TAP on standard output. */
#ifndef MOONSWEEP_TESTS_UNIT_H
#define MOONSWEEP_TESTS_UNIT_H

#include <check.h>

/* Defined by each test program. */
Suite *unit_suite(void);

#endif
