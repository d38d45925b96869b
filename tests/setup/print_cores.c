/* Prints the number of cores that `moonsweep plan` uses, as tools/cores.sh does: print_cores [ROOT]
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cores.h"

int main(int argc, char **argv)
{
    return printf("%" PRId32 "\n", cores_allowed(argc > 1 ? argv[1] : "")) > 0 ? 0 : 1;
}
