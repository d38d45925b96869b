/* A locale with a decimal comma. The build compiles it from tests/data/comma.locale; the machine need not have one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_COMMA_LOCALE_H
#define MOONSWEEP_TESTS_COMMA_LOCALE_H

/* Sets the locale of the process to one that writes 0,5, for the rest of the test. Fails the test if it cannot. */
void comma_locale_enter(void);

#endif
