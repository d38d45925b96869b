/* Declarations for all fuzz targets. A target is one file, fuzz_<reader>.c, that defines fuzz_one. Two programs are
 * made from it: with replay.c, which replays its corpus in every build of the tests, and with libfuzzer.c, in which
 * libFuzzer searches for inputs that reach new code (-Dfuzzers=enabled; CONTRIBUTING.md has the commands).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_FUZZ_H
#define MOONSWEEP_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/error.h"

/* Passes bytes[count] to the reader under test. Returns its code, with its message in err, and ends the process if the
 * reader breaks a promise. */
enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err);

/* Ends the process with a message that contains the promise if the condition is false. */
void fuzz_require(bool condition, const char *promise);

/* Requires what is promised about every error: a valid code, the same in err, and one line of text that begins with the
 * file's name. */
void fuzz_require_sentence(enum ms_code code, const char *path, const struct ms_error *err);

#endif
