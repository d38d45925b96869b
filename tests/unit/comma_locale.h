/* A locale with a decimal comma, whether or not the machine has one: the build makes it of
 * tests/data/comma.locale. */
#ifndef MOONSWEEP_TESTS_COMMA_LOCALE_H
#define MOONSWEEP_TESTS_COMMA_LOCALE_H

/* Sets the process's locale to one that writes 0,5, for the rest of the test; fails the test where it cannot.
 */
void comma_locale_enter(void);

#endif
