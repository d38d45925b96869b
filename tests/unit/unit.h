/* What every unit test shares: a program of one Check suite, its results in TAP on standard output. */
#ifndef MOONSWEEP_TESTS_UNIT_H
#define MOONSWEEP_TESTS_UNIT_H

#include <check.h>

/* How often a test goes on that draws its arguments: under a sanitizer, which finds wrong accesses and not wrong digits,
 * a tenth of the times will do. */
#ifdef __SANITIZE_ADDRESS__
#define TIMES(ordinary) ((ordinary) / 10)
#else
#define TIMES(ordinary) (ordinary)
#endif

/* Defined by each test program. */
Suite *unit_suite(void);

#endif
