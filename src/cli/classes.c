#include "classes.h"

#include <inttypes.h>

void classes_note(FILE *file, const char *path, const struct ms_data *dev)
{
    const int64_t positives = ms_data_positives(dev);
    const int only = positives > 0;

    if (positives > 0 && positives < dev->rows)
        return;
    (void)fprintf(file, "moonsweep: %s: note: ", path);
    if (dev->rows == 1)
        (void)fprintf(file, "the only sample of the dev set is of class %d", only);
    else
        (void)fprintf(file, "all %" PRId64 " samples of the dev set are of class %d", dev->rows, only);
    (void)fprintf(
        file,
        ", so accuracies on it say nothing about class %d; another split_seed or a larger dev_fraction "
        "may help\n",
        !only);
}
