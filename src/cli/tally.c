#include "tally.h"

#include <math.h>

struct tally tally_of(const struct ms_table *table)
{
    struct tally tally = {.configs = table->configs, .best_config = -1, .best_dev_accuracy = NAN};

    for (int64_t config = 0; config < table->configs; config++) {
        const double accuracy = table->dev_accuracy[config];

        tally.by_status[table->status[config]]++;
        if (table->status[config] == MS_DONE &&
            (tally.best_config < 0 || accuracy > tally.best_dev_accuracy)) {
            tally.best_config = config;
            tally.best_dev_accuracy = accuracy;
        }
    }
    return tally;
}
