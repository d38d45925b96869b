/* Durations on the command line, as people and as Slurm write them:
 *
 *     90  1.5                    seconds
 *     90s  15m  2h  0.5d         seconds, minutes, hours, days
 *     MM:SS  HH:MM:SS            the first number as large as it likes, the others below 60
 *     D-HH  D-HH:MM  D-HH:MM:SS  days in front, hours below 24
 *
 * A bare number is seconds, where Slurm's --time takes minutes. */
#ifndef MOONSWEEP_CLI_DURATION_H
#define MOONSWEEP_CLI_DURATION_H

#include <stdbool.h>

/* All of text in seconds, above 0 and finite; false (and nothing set) if it is none of these. */
bool duration_parse(const char *text, double *seconds);

#endif
