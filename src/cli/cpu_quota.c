/* Finds the control groups of this process in /proc, and their limits in /sys, where those of versions 1 and 2
 * have different names. A group limits all groups within it, so the smallest limit on the way up counts.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cpu_quota.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "system_line.h"

enum { PATH_BYTES = SYSTEM_LINE_BYTES + 256 };

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Reads the first line of a file in a folder. */
static bool read_in(const char *folder, const char *name, char line[SYSTEM_LINE_BYTES])
{
    char path[PATH_BYTES + 32];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return system_line_read(path, "", line);
}

/* What the group of this folder alone grants. No limit is written as "max" in version 2, and as -1 in version 1. */
static int64_t granted(const char *folder)
{
    char line[SYSTEM_LINE_BYTES], *rest = line;
    int64_t quota = 0, period = 0;

    if (read_in(folder, "cpu.max", line)) {
        quota = strtoll(line, &rest, 10);
        period = strtoll(rest, NULL, 10);
    } else if (read_in(folder, "cpu.cfs_quota_us", line)) {
        quota = strtoll(line, NULL, 10);
        period = read_in(folder, "cpu.cfs_period_us", line) ? strtoll(line, NULL, 10) : 0;
    }
    return quota > 0 && period > 0 ? quota / period : INT64_MAX;
}

/* What the group of this folder and those that enclose it grant. top: the length of the name of the outermost one. */
static int64_t granted_up_to(char *folder, size_t top)
{
    int64_t least = granted(folder);

    while (strlen(folder) > top) {
        int64_t outer;

        *strrchr(folder, '/') = '\0';
        outer = granted(folder);
        least = outer < least ? outer : least;
    }
    return least;
}

/* Whether a list such as "cpu,cpuacct" contains the controller of processor time. */
static bool has_cpu(const char *controllers)
{
    for (const char *name = controllers; name; name = strchr(name, ',')) {
        name += *name == ',';
        if (strcspn(name, ",") == strlen("cpu") && strncmp(name, "cpu", strlen("cpu")) == 0)
            return true;
    }
    return false;
}

/* The same for a line of /proc/self/cgroup, "number:controllers:path". The list of controllers is empty in version 2. */
static int64_t granted_by_line(const char *root, char *line)
{
    char folder[PATH_BYTES];
    char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
    size_t top;

    if (!path)
        return INT64_MAX;
    *path++ = '\0';
    path[strcspn(path, "\n")] = '\0';
    controllers++;
    if (*controllers && !has_cpu(controllers))
        return INT64_MAX;
    (void)snprintf(folder, sizeof folder, "%s/sys/fs/cgroup%s", root, *controllers ? "/cpu" : "");
    if (!is_folder(folder))
        (void)snprintf(folder, sizeof folder, "%s/sys/fs/cgroup/%s", root, controllers);
    top = strlen(folder);
    (void)snprintf(folder + top, sizeof folder - top, "%s", path);
    /* Inside a container the path of the group may not exist: the group itself is mounted instead. */
    if (!is_folder(folder))
        folder[top] = '\0';
    return granted_up_to(folder, top);
}

int64_t cpu_quota(const char *root)
{
    char line[SYSTEM_LINE_BYTES];
    int64_t least = INT64_MAX;
    FILE *file;

    (void)snprintf(line, sizeof line, "%s/proc/self/cgroup", root);
    file = fopen(line, "r");
    while (file && fgets(line, sizeof line, file)) {
        const int64_t processors = granted_by_line(root, line);

        least = processors < least ? processors : least;
    }
    if (file)
        (void)fclose(file);
    return least;
}
