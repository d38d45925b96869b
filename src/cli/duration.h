/* Durations on the command line, as people and as Slurm write them:
 *
 *     90  1.5                    seconds
 *     90s  15m  2h  0.5d         seconds, minutes, hours, days
 *     MM:SS  HH:MM:SS            the first number is not limited, the others are below 60
 *     D-HH  D-HH:MM  D-HH:MM:SS  days come first, hours are below 24
 *
 * A number without a unit is seconds; in Slurm's --time it is minutes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_DURATION_H
#define MOONSWEEP_CLI_DURATION_H

#include <stdbool.h>

/* Parses all of text as a duration in seconds, above 0 and finite; returns false, and sets nothing, if it is not
 * valid. */
bool duration_parse(const char *text, double *seconds);

#endif
