/* Reads which processors this process may use from /proc, and which of them are hardware threads of one core
 * from /sys, and counts those that are the first allowed one of their core. Without the latter each processor
 * counts, without the former there is one core. tools/cores.sh counts in the same way, also before the program is
 * built; tests/setup/test_cores.py compares both.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cores.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu_quota.h"
#include "system_line.h"

enum { PROCESSORS = 8192, PATH_BYTES = 4096 };

/* Sets is_in[] for every processor of a list such as "0-3,8". */
static void read_list(const char *text, bool is_in[PROCESSORS])
{
    memset(is_in, 0, PROCESSORS * sizeof *is_in);
    while (*text >= '0' && *text <= '9') {
        char *rest;
        long first = strtol(text, &rest, 10), last = *rest == '-' ? strtol(rest + 1, &rest, 10) : first;

        for (long i = first; i <= last && i < PROCESSORS; i++)
            is_in[i] = true;
        text = *rest == ',' ? rest + 1 : rest;
    }
}

/* Whether a processor is the first allowed one of its core. */
static bool is_first_of_core(const char *root, int processor, const bool is_allowed[PROCESSORS])
{
    char path[PATH_BYTES], line[SYSTEM_LINE_BYTES];
    bool is_sibling[PROCESSORS];
    int first = 0;

    (void)snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", root,
                   processor);
    if (!system_line_read(path, "", line))
        return true;
    read_list(line, is_sibling);
    while (first < processor && !(is_sibling[first] && is_allowed[first]))
        first++;
    return first == processor;
}

/* The number of physical cores among the processors of the affinity mask. */
static int64_t cores_of_mask(const char *root)
{
    char path[PATH_BYTES], line[SYSTEM_LINE_BYTES];
    bool is_allowed[PROCESSORS];
    int64_t count = 0;

    (void)snprintf(path, sizeof path, "%s/proc/self/status", root);
    if (!system_line_read(path, "Cpus_allowed_list:", line))
        return 1;
    read_list(line, is_allowed);
    for (int i = 0; i < PROCESSORS; i++)
        count += is_allowed[i] && is_first_of_core(root, i, is_allowed);
    return count;
}

int32_t cores_allowed(const char *root)
{
    const int64_t cores = cores_of_mask(root), quota = cpu_quota(root);
    const int64_t least = quota < cores ? quota : cores;

    return least > 1 ? (int32_t)least : 1;
}
