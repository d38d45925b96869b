/* Chooses between two forms of a word as English does: only 1 has the singular, so that 0 has the plural.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/plural.h"

const char *ms_plural(int64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}
