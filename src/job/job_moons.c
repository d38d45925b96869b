/* The moons that are requested on a command line.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "keys.h"
#include "moonsweep/float_environment.h"
#include "moonsweep/job.h"
#include "moonsweep/quote.h"
#include "value.h"

/* The parts, in order, are keys of a job file, and are spelled as they are there. */
static const enum ms_key_id parts[] = {MS_KEY_SAMPLES, MS_KEY_NOISE, MS_KEY_DATA_SEED};
enum { PART_COUNT = sizeof parts / sizeof parts[0] };

static enum ms_code parse(const char *text, struct ms_moons *moons, struct ms_error *err)
{
    double values[PART_COUNT];
    const char *at = text;

    for (int i = 0; i < PART_COUNT; i++) {
        const struct ms_key *key = &ms_keys[parts[i]];
        size_t length = strcspn(at, ",");
        bool is_last = i + 1 == PART_COUNT;
        char quoted[MS_QUOTE_BYTES], description[MS_VALUE_DESCRIPTION];
        const char *fault;

        if ((at[length] == '\0') != is_last)
            return ms_fail(err, MS_BAD_USAGE, "--moons %s: it must be SAMPLES,NOISE,SEED, such as 500,0.25,0",
                           ms_quote(text, strlen(text), quoted));
        fault = ms_value_read(key, at, length, &values[i]);
        if (fault != NULL) {
            ms_value_describe(key, description);
            return ms_fail(err, MS_BAD_USAGE, "--moons: %s: %s %s; it must be %s", ms_keys_name(key),
                           ms_quote(at, length, quoted), fault, description);
        }
        at += length + 1;
    }
    moons->samples = (int64_t)values[0];
    moons->noise = values[1];
    moons->seed = (uint32_t)values[2];
    return MS_OK;
}

enum ms_code ms_job_parse_moons(const char *text, struct ms_moons *moons, struct ms_error *err)
{
    const struct ms_float_environment found = ms_float_environment_enter();
    const enum ms_code code = parse(text, moons, err);

    ms_float_environment_leave(&found);
    return code;
}
