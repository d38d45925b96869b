/* The shortest decimal text that reads back as the same double, with a decimal point in every locale.
 *
 *     char text[MS_SHORTEST_CHARS];
 *     fputs(ms_shortest(0.1, text), file);     // 0.1
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SHORTEST_H
#define MOONSWEEP_SHORTEST_H

#ifdef __cplusplus
extern "C" {
#endif

/* Room for any text, its NUL included: "-2.2250738585072014e-308". */
#define MS_SHORTEST_CHARS 32

/* Writes x into text and returns text. Values that are not finite are written as "nan", "inf" and "-inf". */
const char *ms_shortest(double x, char text[MS_SHORTEST_CHARS]);

#ifdef __cplusplus
}
#endif

#endif
