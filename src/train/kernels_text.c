/* Says in words which kernels were chosen, and what was measured.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "moonsweep/kernels.h"
#include "moonsweep/shortest.h"

/* Adds part to text, all of it or nothing. Returns whether there was room. */
static bool append(char text[MS_KERNELS_TEXT], const char *part)
{
    const size_t used = strlen(text), more = strlen(part);

    if (used + more >= MS_KERNELS_TEXT)
        return false;
    memcpy(text + used, part, more + 1);
    return true;
}

/* ---- names ---------------------------------------------------------------------------------------------- */

const char *ms_kernels_names(const struct ms_kernels *kernels, char text[MS_KERNELS_TEXT])
{
    bool is_named[MS_KERNELS_MOST] = {false};

    text[0] = '\0';
    if (kernels->n_points == 0)
        (void)append(text, kernels->kernel[0]->isa);
    for (int32_t i = 0; i < kernels->n_points; i++) {
        const int32_t k = kernels->points[i].quickest;

        if (!is_named[k] && (text[0] == '\0' || append(text, ", ")))
            (void)append(text, kernels->kernel[k]->isa);
        is_named[k] = true;
    }
    return text;
}

/* ---- measurements --------------------------------------------------------------------------------------- */

/* Adds the time of kernel k for a point, with three decimals, and `before` in front of it. */
static void append_time(char entry[MS_KERNELS_TEXT], const char *before, const struct ms_kernels *kernels,
                        const struct ms_kernels_point *point, int32_t k)
{
    const size_t used = strlen(entry);
    char ns[MS_SHORTEST_CHARS];

    (void)snprintf(entry + used, MS_KERNELS_TEXT - used, "%s %s %s", before, kernels->kernel[k]->isa,
                   ms_shortest(rint(1000 * point->ns[k]) / 1000, ns));
}

const char *ms_kernels_text(const struct ms_kernels *kernels, int32_t points, char text[MS_KERNELS_TEXT])
{
    text[0] = '\0';
    for (int32_t i = 0; i < points && i < kernels->n_points; i++) {
        const struct ms_kernels_point *point = &kernels->points[i];
        char entry[MS_KERNELS_TEXT];

        (void)snprintf(entry, sizeof entry, "%s%s %d", i > 0 ? "; " : "",
                       ms_activation_name(point->size.activation), point->size.n_h);
        append_time(entry, ":", kernels, point, point->quickest);
        for (int32_t k = 0; k < kernels->n_kernels; k++)
            if (k != point->quickest && !isnan(point->ns[k]))
                append_time(entry, ",", kernels, point, k);
        if (!append(text, entry))
            break;
    }
    return text;
}
