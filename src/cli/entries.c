#include "entries.h"

#include <stdlib.h>

#include "moonsweep/plural.h"

enum ms_code entries_add(struct entries *entries, const char *path, const struct ms_table *table,
                         struct ms_error *err)
{
    const int64_t count = entries->count + table->configs;
    struct entry *items = realloc(entries->items, ((size_t)count + 1) * sizeof *items);

    if (!items)
        return ms_fail_memory(err, path, "to list %lld %s", (long long)table->configs,
                              ms_plural(table->configs, "configuration", "configurations"));
    for (int64_t config = 0; config < table->configs; config++) {
        const struct ms_row *row = &table->rows[config];

        items[entries->count + config] = (struct entry){
            .row = *row,
            .file = path,
            .config = config,
            .train = ms_measures_of(row->train_outcomes),
            .dev = ms_measures_of(row->dev_outcomes),
        };
    }
    entries->items = items;
    entries->count = count;
    entries->files++;
    return MS_OK;
}

enum ms_code entries_read(struct entries *entries, const char *path, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    struct ms_table table = {0};
    enum ms_code code;

    code = ms_reader_open(path, &reader, err);
    if (code == MS_OK)
        code = ms_reader_table(reader, &table, err);
    if (code == MS_OK)
        code = entries_add(entries, path, &table, err);
    ms_table_free(&table);
    ms_reader_close(reader);
    return code;
}

void entries_free(struct entries *entries)
{
    free(entries->items);
    *entries = (struct entries){0};
}
