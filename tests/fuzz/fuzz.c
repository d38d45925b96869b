/* Aborts where a reader breaks one of its promises, so that libFuzzer stores the input.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_require(bool condition, const char *promise)
{
    if (condition)
        return;
    (void)fprintf(stderr, "broken promise: %s\n", promise);
    abort();
}

void fuzz_require_sentence(enum ms_code code, const char *path, const struct ms_error *err)
{
    bool is_line = memchr(err->text, '\0', sizeof err->text) != NULL;

    for (const char *at = err->text; is_line && *at != '\0'; at++)
        is_line = (unsigned char)*at >= ' ' && *at != 0x7F;
    fuzz_require(code > MS_OK && code < MS_CODE_COUNT, "a function returns one of the codes");
    fuzz_require(err->code == code, "the returned code is the code of the error");
    fuzz_require(is_line, "a message is one line without control characters");
    fuzz_require(strncmp(err->text, path, strlen(path)) == 0, "a message begins with the file's name");
}
