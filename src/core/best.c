/* Keeps the larger of two configurations in a total order: by accuracy, and then by index. Numbers are
 * compared exactly, so the best one is the same in whatever order they are taken.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/best.h"

#include <math.h>

const struct ms_best ms_best_none = {.config = -1, .dev_accuracy = NAN};

void ms_best_take(struct ms_best *best, int64_t config, double dev_accuracy)
{
    if (config < 0 || isnan(dev_accuracy))
        return;
    if (best->config < 0 || dev_accuracy > best->dev_accuracy ||
        (dev_accuracy == best->dev_accuracy && config < best->config)) /* whichever was trained first: I9 */
        *best = (struct ms_best){.config = config, .dev_accuracy = dev_accuracy};
}
