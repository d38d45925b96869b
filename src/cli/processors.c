/* Reads the affinity mask from /proc, and the threads of each core from /sys. Both are lists such as "0-3,8".
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "processors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu_quota.h"
#include "system_line.h"

enum { PATH_BYTES = 4096 };

static void read_list(const char *text, struct processors *processors)
{
    memset(processors, 0, sizeof *processors);
    while (*text >= '0' && *text <= '9') {
        char *rest;
        long first = strtol(text, &rest, 10), last = *rest == '-' ? strtol(rest + 1, &rest, 10) : first;

        for (long i = first; i <= last && i < PROCESSORS_MOST; i++)
            processors->has[i] = true;
        text = *rest == ',' ? rest + 1 : rest;
    }
}

bool processors_allowed(const char *root, struct processors *allowed)
{
    char path[PATH_BYTES], line[SYSTEM_LINE_BYTES];

    (void)snprintf(path, sizeof path, "%s/proc/self/status", root);
    if (!system_line_read(path, "Cpus_allowed_list:", line))
        return false;
    read_list(line, allowed);
    return true;
}

/* Sets *siblings to the hyperthreads of the core of this processor, itself included. */
static bool read_siblings(const char *root, int processor, struct processors *siblings)
{
    char path[PATH_BYTES], line[SYSTEM_LINE_BYTES];

    (void)snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", root,
                   processor);
    if (!system_line_read(path, "", line))
        return false;
    read_list(line, siblings);
    return true;
}

int processors_place(const char *root, int processor, const struct processors *allowed)
{
    struct processors siblings;
    int place = 0;

    if (!read_siblings(root, processor, &siblings))
        return 0;
    for (int i = 0; i < processor; i++)
        place += siblings.has[i] && allowed->has[i];
    return place;
}

/* ---- a pair ---------------------------------------------------------------------------------------------- */

/* Sets pair[] to the first two allowed hyperthreads of the core of this processor. */
static bool find_pair_of_core(const struct processors *siblings, const struct processors *allowed,
                              int pair[2])
{
    int found = 0;

    for (int i = 0; i < PROCESSORS_MOST && found < 2; i++)
        if (siblings->has[i] && allowed->has[i])
            pair[found++] = i;
    return found == 2;
}

static int count(const struct processors *processors)
{
    int n = 0;

    for (int i = 0; i < PROCESSORS_MOST; i++)
        n += processors->has[i];
    return n;
}

/* Whether the control groups let both processors of a pair run all the time. */
static enum ms_code check_quota(const char *root, struct ms_error *err)
{
    const int64_t quota = cpu_quota(root);

    if (quota >= 2)
        return MS_OK;
    return ms_fail(
        err, MS_BUSY,
        "the control groups of this process grant it the time of less than two processors, so two ranks "
        "on one core cannot be measured; ask where there is no such limit");
}

enum ms_code processors_find_pair(const char *root, int pair[2], struct ms_error *err)
{
    struct processors allowed, siblings;
    bool are_shown = false, is_known = processors_allowed(root, &allowed);

    for (int i = 0; is_known && i < PROCESSORS_MOST; i++) {
        if (!allowed.has[i] || !read_siblings(root, i, &siblings))
            continue;
        if (find_pair_of_core(&siblings, &allowed, pair))
            return check_quota(root, err);
        are_shown = are_shown || count(&siblings) > 1;
    }
    if (are_shown)
        return ms_fail(
            err, MS_BUSY,
            "this process may use only one hyperthread of each core, by its affinity mask (taskset, a "
            "batch system, a container); ask where both of a core may be used");
    return ms_fail(
        err, MS_BUSY,
        "this machine shows no hyperthreads (/sys/devices/system/cpu/cpu*/topology/thread_siblings_list), so "
        "there is nothing to gain by two ranks on one core");
}
