/* Prints the number of cores that `moonsweep plan` uses, as tools/cores.sh does: print_cores [ROOT]
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cores.h"

int main(int argc, char **argv)
{
    struct ms_error err;
    int threads_per_core;

    if (cores_threads_per_core(&threads_per_core, &err) != MS_OK) {
        (void)fprintf(stderr, "%s\n", err.text);
        return ms_exit_status(err.code);
    }
    return printf("%" PRId32 "\n", cores_allowed(argc > 1 ? argv[1] : "", threads_per_core)) > 0 ? 0 : 1;
}
