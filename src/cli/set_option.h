/* The option --set KEY=VALUE, which may be given several times.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_SET_OPTION_H
#define MOONSWEEP_CLI_SET_OPTION_H

#include <argp.h>

#include "moonsweep/error.h"

/* Its help. */
#define SET_OPTION_HELP                                                                                 \
    "Use this value instead of that in the job file, or in addition: --set data.moons.noise=0.1, "      \
    "--set grid.n_h='[1, 2]'. KEY may contain positions in lists (grid[1].n_h), VALUE is YAML; may be " \
    "repeated"

/* Appends the setting to *set (NULL: none so far), a text for ms_job_read_set, which the caller frees. Returns 0, or
 * EINVAL with err filled (MS_BAD_USAGE, MS_NO_MEMORY). */
error_t set_option_add(const char *text, char **set, struct ms_error *err);

/* Sets *both to the settings of `first`, followed by those of `second`; NULL if both are NULL or empty. The caller frees
 * *both. Errors: MS_NO_MEMORY. */
enum ms_code set_option_join(const char *first, const char *second, char **both, struct ms_error *err);

#endif
