/* What every fuzz target shares. A target is one file, fuzz_<reader>.c, that defines fuzz_one; two programs are made
 * of it: by replay.c, which replays its corpus in every build of the tests, and by libfuzzer.c, which lets libFuzzer
 * call it with whatever reaches new code (-Dfuzzers=enabled; CONTRIBUTING.md has the commands). */
#ifndef MOONSWEEP_TESTS_FUZZ_H
#define MOONSWEEP_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "moonsweep/error.h"

/* Gives bytes[count] to the reader under test. Returns its code, its sentence in err, and ends the process when the
 * reader broke a promise. */
enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err);

/* Ends the process with the sentence, which says what was promised, unless holds. */
void fuzz_require(bool holds, const char *promise);

/* Requires what every error promises: the code given back, in err too, and one line of text that begins with the
 * file's name. */
void fuzz_require_sentence(enum ms_code code, const char *path, const struct ms_error *err);

#endif
