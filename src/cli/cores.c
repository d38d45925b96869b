/* Reads which processors this process may use from /proc, and which of them are hardware threads of one core
 * from /sys, and counts those that are the first allowed one of their core. Without the latter each processor
 * counts, without the former there is one core. */
#include "cores.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROCESSORS = 8192, LINE_BYTES = 16384 };

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

/* Reads the line of a file that begins with `name` into line, without it and spaces. Returns whether there is one. */
static bool read_line(const char *path, const char *name, char line[LINE_BYTES])
{
    FILE *file = fopen(path, "r");
    bool is_found = false;

    while (file && !is_found && fgets(line, LINE_BYTES, file))
        is_found = strncmp(line, name, strlen(name)) == 0;
    if (file)
        (void)fclose(file);
    if (is_found) {
        const size_t skipped = strlen(name) + strspn(line + strlen(name), " \t");

        memmove(line, line + skipped, strlen(line + skipped) + 1);
    }
    return is_found;
}

/* Whether a processor is the first allowed one of its core. */
static bool is_first_of_core(int processor, const bool is_allowed[PROCESSORS])
{
    char path[128], line[LINE_BYTES];
    bool is_sibling[PROCESSORS];
    int first = 0;

    (void)snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
                   processor);
    if (!read_line(path, "", line))
        return true;
    read_list(line, is_sibling);
    while (first < processor && !(is_sibling[first] && is_allowed[first]))
        first++;
    return first == processor;
}

int32_t cores_allowed(void)
{
    char line[LINE_BYTES];
    bool is_allowed[PROCESSORS];
    int32_t count = 0;

    if (!read_line("/proc/self/status", "Cpus_allowed_list:", line))
        return 1;
    read_list(line, is_allowed);
    for (int i = 0; i < PROCESSORS; i++)
        count += is_allowed[i] && is_first_of_core(i, is_allowed);
    return count > 0 ? count : 1;
}
