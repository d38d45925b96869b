/* Takes the folder of the sources from the environment, or else the present one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "source_folder.h"

#include <stdlib.h>

const char *source_folder(void)
{
    const char *named = getenv("MOONSWEEP_SOURCE");

    return named != NULL ? named : ".";
}
