/* Reads, compares and writes the table of hashes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "kernel_hashes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "demand.h"
#include "moonsweep/version.h"

enum { LINE = 128 };

/* Parses "30,0x89abcdef01234567,1": the case, its hash, and the value of MS_NUMERICS. */
static void read_row(struct kernel_hash *row, const char *line, const char *path)
{
    char *end;
    long numerics = 0;

    row->number = (int)strtol(line, &end, 10);
    if (*end == ',')
        row->hash = strtoull(end + 1, &end, 16);
    if (*end == ',')
        numerics = strtol(end + 1, &end, 10);
    demand(*end == '\n' && numerics > 0, "%s: '%.*s' is not 'case,hash,numerics'", path,
           (int)strcspn(line, "\n"), line);
    demand(numerics == MS_NUMERICS,
           "%s: the hash of case %d is of numerics %ld, but the program's are %d: rewrite the table "
           "(--write-hashes)",
           path, row->number, numerics, MS_NUMERICS);
}

void kernel_hashes_read(struct kernel_hashes *hashes, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[LINE];

    demand(file != NULL, "cannot read %s: %s", path, strerror(errno));
    *hashes = (struct kernel_hashes){0};
    demand(fgets(line, LINE, file) != NULL && strcmp(line, "case,hash,numerics\n") == 0,
           "%s: the first line is not 'case,hash,numerics'", path);
    while (fgets(line, LINE, file)) {
        hashes->rows = demand_memory(hashes->rows, ((size_t)hashes->count + 1) * sizeof *hashes->rows);
        read_row(&hashes->rows[hashes->count++], line, path);
    }
    (void)fclose(file);
}

void kernel_hashes_free(struct kernel_hashes *hashes)
{
    free(hashes->rows);
    *hashes = (struct kernel_hashes){0};
}

bool kernel_hashes_find(const struct kernel_hashes *hashes, int number, uint64_t *hash)
{
    for (int i = 0; i < hashes->count; i++)
        if (hashes->rows[i].number == number) {
            *hash = hashes->rows[i].hash;
            return true;
        }
    return false;
}

void kernel_hashes_write_header(FILE *file)
{
    (void)fputs("case,hash,numerics\n", file);
}

void kernel_hashes_write(FILE *file, int number, uint64_t hash)
{
    (void)fprintf(file, "%d,0x%016" PRIx64 ",%d\n", number, hash, MS_NUMERICS);
}
