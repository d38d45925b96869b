/* Writes the gains of pairs as text, CSV or JSON, and the sentence that says what to set.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "pairs_table.h"

#include <inttypes.h>
#include <math.h>

/* Two ranks on a core need more memory, and each trajectory takes nearly twice as long: a smaller gain is not worth it. */
static const double least_gain = 0.05;

/* One row. */
struct row {
    const char *precision, *activation, *kernel;
    int32_t n_h;
    double work; /* NaN if there is no job */
    struct kernel_pair pair;
};

static struct row row_of(const struct kernel_survey *survey, int32_t i, bool has_work)
{
    const struct ms_kernels_point *point = &survey->kernels.points[i];

    return (struct row){
        .precision = ms_precision_name(survey->precision),
        .activation = ms_activation_name(point->size.activation),
        .kernel = survey->kernels.kernel[point->quickest]->isa,
        .n_h = point->size.n_h,
        .work = has_work ? point->size.work / survey->work : (double)NAN,
        .pair = survey->pairs[i],
    };
}

void pairs_table_write_text(FILE *file, const struct kernel_survey *surveys, int n, bool has_work)
{
    (void)fprintf(file, "%-9s  %-10s  %10s  %6s  %-17s  %8s  %8s  %7s\n", "precision", "activation", "n_h",
                  "work", "kernel", "ns", "ns_both", "gain");
    for (int s = 0; s < n; s++)
        for (int32_t i = 0; i < surveys[s].kernels.n_points; i++) {
            const struct row row = row_of(&surveys[s], i, has_work);
            char work[16] = "-";

            if (!isnan(row.work))
                (void)snprintf(work, sizeof work, "%.1f%%", 100 * row.work);
            (void)fprintf(file, "%-9s  %-10s  %10" PRId32 "  %6s  %-17s  %8.4f  %8.4f  %6.1f%%\n",
                          row.precision, row.activation, row.n_h, work, row.kernel, row.pair.alone_ns,
                          row.pair.both_ns, 100 * row.pair.gain);
        }
}

void pairs_table_write_csv(FILE *file, const struct kernel_survey *surveys, int n, bool has_work)
{
    (void)fputs("precision,activation,n_h,work,kernel,ns,ns_both,gain\n", file);
    for (int s = 0; s < n; s++)
        for (int32_t i = 0; i < surveys[s].kernels.n_points; i++) {
            const struct row row = row_of(&surveys[s], i, has_work);

            (void)fprintf(file, "%s,%s,%" PRId32 ",", row.precision, row.activation, row.n_h);
            if (!isnan(row.work))
                (void)fprintf(file, "%.6g", row.work);
            (void)fprintf(file, ",%s,%.6g,%.6g,%.6g\n", row.kernel, row.pair.alone_ns, row.pair.both_ns,
                          row.pair.gain);
        }
}

void pairs_table_write_json(FILE *file, const struct kernel_survey *surveys, int n, bool has_work)
{
    const char *before = "";

    (void)fputs("[", file);
    for (int s = 0; s < n; s++)
        for (int32_t i = 0; i < surveys[s].kernels.n_points; i++) {
            const struct row row = row_of(&surveys[s], i, has_work);
            char work[32] = "null";

            if (!isnan(row.work))
                (void)snprintf(work, sizeof work, "%.6g", row.work);
            (void)fprintf(
                file,
                "%s\n  {\"precision\": \"%s\", \"activation\": \"%s\", \"n_h\": %" PRId32
                ", \"work\": %s, \"kernel\": \"%s\", \"ns\": %.6g, \"ns_both\": %.6g, \"gain\": %.6g}",
                before, row.precision, row.activation, row.n_h, work, row.kernel, row.pair.alone_ns,
                row.pair.both_ns, row.pair.gain);
            before = ",";
        }
    (void)fputs("\n]\n", file);
}

void pairs_table_advise(FILE *file, const struct kernel_survey *surveys, int n, const int processors[2])
{
    for (int s = 0; s < n; s++) {
        const double gain = kernel_pairs_gain(&surveys[s].kernels, surveys[s].pairs);

        if (isnan(gain)) /* there was no time to measure anything */
            continue;
        (void)fprintf(
            file,
            "moonsweep: %s: two ranks on the processors %d and %d of one core train %.1f%% %s than one; %s\n",
            ms_precision_name(surveys[s].precision), processors[0], processors[1], fabs(100 * gain),
            gain >= 0 ? "more" : "less",
            gain >= least_gain ? "set MOONSWEEP_THREADS_PER_CORE=2"
                               : "leave MOONSWEEP_THREADS_PER_CORE at 1");
    }
}
