/* Mutates the cases of fuzz_result for libFuzzer: mostly by whole lines (result_patch.h) with existing names and
 * numbers that are likely to be wrong, and sometimes by bytes, with libFuzzer's own mutator.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "store/format/schema.h"

/* libFuzzer prescribes the names. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t count, size_t room);
__attribute__((visibility("default"))) size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count,
                                                                      size_t room, unsigned seed);

static const char *const values[] = {
    "0",
    "1",
    "-1",
    "2",
    "3",
    "4",
    "5",
    "8",
    "16",
    "127",
    "255",
    "4095",
    "65535",
    "2147483647",
    "-2147483648",
    "4294967295",
    "1073741824",
    "9007199254740993",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "1e300",
    "-1e-300",
    "nan",
    "inf",
    "0.5",
};

/* Commands that set matching checksums; those of rows are more frequent. */
static const char *const commands[] = {"rehash",       "rehash", "rehash", "rehash-slot", "rehash-run",
                                       "rehash-lease", "pages",  "pages",  "footer"};

/* A xorshift generator, so that the same seed gives the same case. */
static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static int print_line(char *line, size_t room, uint32_t *state)
{
    const struct ms_variable_schema *variable = &ms_schema[next(state) % MS_VARIABLE_COUNT];
    char path[64], number[32];
    const char *value = values[next(state) % (sizeof values / sizeof values[0])];

    if (next(state) % 4 == 0)
        return snprintf(line, room, "%s %" PRIu32 "\n",
                        commands[next(state) % (sizeof commands / sizeof commands[0])], next(state) % 8);
    if (next(state) % 2 == 0) {
        (void)snprintf(number, sizeof number, "%" PRIu32, next(state) % 64);
        value = number;
    }
    /* One of the last 128 bytes of integrity/pages, which contain the footers. */
    if (next(state) % 8 == 0)
        return snprintf(line, room, "word -%" PRIu32 " %s\n", 8 + 8 * (next(state) % 16), value);
    ms_schema_path(variable->group, variable->name, sizeof path, path);
    return snprintf(line, room, "%s %s%" PRIu32 " %s\n", path, next(state) % 8 == 0 ? "-" : "",
                    next(state) % 32, value);
}

/* Removes a random line. */
static size_t drop_line(uint8_t *bytes, size_t count, uint32_t *state)
{
    size_t start = count == 0 ? 0 : next(state) % count, end;

    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    for (end = start; end < count && bytes[end] != '\n'; end++)
        ;
    end += end < count;
    memmove(bytes + start, bytes + end, count - end);
    return count - (end - start);
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count, size_t room, unsigned seed)
{
    uint32_t state = (seed + 1U) * 2654435761U | 1U;
    uint32_t choice = next(&state) % 8;
    char line[128];
    int length;

    if (choice == 0)
        return LLVMFuzzerMutate(bytes, count, room);
    if (choice <= 2)
        count = drop_line(bytes, count, &state);
    length = print_line(line, sizeof line, &state);
    if ((count > 0 && bytes[count - 1] != '\n') || count + (size_t)length > room)
        return LLVMFuzzerMutate(bytes, count, room);
    memcpy(bytes + count, line, (size_t)length);
    return count + (size_t)length;
}
