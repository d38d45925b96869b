/* Computes a segment in as many slices as there are looks at the clock within it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "segments.h"

bool ms_segments_add(struct ms_reduction *reduction, struct ms_tick_timer *timer, int32_t end)
{
    const struct ms_pass *pass = reduction->pass;
    const struct ms_kernel *kernel = reduction->kernel;

    for (int32_t g = reduction->ended; g < end; g++) {
        const int64_t first = ms_samples_segment(pass->samples, g);
        const int64_t last = ms_samples_segment(pass->samples, g + 1);
        void *sums = ms_reduction_begin(reduction);

        for (int64_t c = first; c < last;) {
            const int64_t slice = ms_tick_timer_slice(timer, last - c);

            (c == first ? kernel->start : kernel->accumulate)(pass, c, c + slice, sums);
            c += slice;
            if (ms_tick_timer_spend(timer, slice))
                return false;
        }
        ms_reduction_end(reduction);
    }
    return true;
}
