/* Counts the processors that are the first allowed one of their core, or with two threads per core also the second ones.
 * Where the system does not say what belongs to a core each processor counts, and where it does not say which ones are
 * allowed there is one core. tools/cores.sh counts in the same way, also before the program is built;
 * tests/setup/test_cores.py compares both.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cores.h"

#include <stdlib.h>
#include <string.h>

#include "cpu_quota.h"
#include "processors.h"

enum ms_code cores_threads_per_core(int *threads, struct ms_error *err)
{
    const char *text = getenv("MOONSWEEP_THREADS_PER_CORE");

    if (text == NULL || *text == '\0' || strcmp(text, "1") == 0)
        *threads = 1;
    else if (strcmp(text, "2") == 0)
        *threads = 2;
    else
        return ms_fail(err, MS_BAD_USAGE, "MOONSWEEP_THREADS_PER_CORE is '%s'; it must be 1 or 2", text);
    return MS_OK;
}

/* The number of processors of the affinity mask, at most so many of each core. */
static int64_t processors_of_mask(const char *root, int threads_per_core)
{
    struct processors allowed;
    int64_t count = 0;

    if (!processors_allowed(root, &allowed))
        return 1;
    for (int i = 0; i < PROCESSORS_MOST; i++)
        count += allowed.has[i] && processors_place(root, i, &allowed) < threads_per_core;
    return count;
}

int32_t cores_allowed(const char *root, int threads_per_core)
{
    const int64_t processors = processors_of_mask(root, threads_per_core), quota = cpu_quota(root);
    const int64_t least = quota < processors ? quota : processors;

    return least > 1 ? (int32_t)least : 1;
}
