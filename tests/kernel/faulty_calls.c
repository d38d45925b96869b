#include "faulty_calls.h"

#include "demand.h"

/* ---- what is right is left to portable --------------------------------------------------------------- */

static const struct ms_kernel *portable(const struct ms_pass *pass)
{
    const struct ms_kernel *kernel;
    struct ms_error err;

    demand(ms_kernel_choose(pass->samples->precision, "portable", &kernel, &err) == MS_OK, "%s", err.text);
    return kernel;
}

static void clear(const struct ms_pass *pass, void *sums)
{
    portable(pass)->clear(pass, sums);
}

static void start(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    portable(pass)->start(pass, first, end, sums);
}

static void accumulate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    portable(pass)->accumulate(pass, first, end, sums);
}

static void combine(const struct ms_pass *pass, void *to, const void *from)
{
    portable(pass)->combine(pass, to, from);
}

static void reduce(const struct ms_pass *pass, void *sums, double *totals)
{
    portable(pass)->reduce(pass, sums, totals);
}

static void evaluate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums, void *probability)
{
    portable(pass)->evaluate(pass, first, end, sums, probability);
}

/* ---- what is wrong ----------------------------------------------------------------------------------- */

/* What was there before counts. */
static void start_late(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    accumulate(pass, first, end, sums);
}

/* Every slice begins the sums anew. */
static void accumulate_anew(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    start(pass, first, end, sums);
}

/* The last chunk comes first. */
static void accumulate_backwards(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    while (end-- > first)
        accumulate(pass, end, end + 1, sums);
}

/* The lanes of one sum, in float64, are added up from the first to the last. */
static void reduce_in_a_row(const struct ms_pass *pass, void *sums, double *totals)
{
    const double *lanes = sums;
    double sum = 0;

    for (int32_t lane = 0; lane < ms_precision_lanes(MS_FLOAT64); lane++)
        sum += lanes[lane];
    reduce(pass, sums, totals);
    totals[0] = sum;
}

/* Gradients are added up where nobody asked for them. */
static void evaluate_and_accumulate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums,
                                    void *probability)
{
    accumulate(pass, first, end, sums);
    evaluate(pass, first, end, sums, probability);
}

static const struct ms_kernel kernels[] = {
    {"late", MS_FLOAT64, 64, clear, start_late, accumulate, combine, reduce, evaluate},
    {"late", MS_FLOAT32, 128, clear, start_late, accumulate, combine, reduce, evaluate},
    {"anew", MS_FLOAT64, 64, clear, start, accumulate_anew, combine, reduce, evaluate},
    {"anew", MS_FLOAT32, 128, clear, start, accumulate_anew, combine, reduce, evaluate},
    {"backwards", MS_FLOAT64, 64, clear, start, accumulate_backwards, combine, reduce, evaluate},
    {"backwards", MS_FLOAT32, 128, clear, start, accumulate_backwards, combine, reduce, evaluate},
    {"in_a_row", MS_FLOAT64, 64, clear, start, accumulate, combine, reduce_in_a_row, evaluate},
    {"meddling", MS_FLOAT64, 64, clear, start, accumulate, combine, reduce, evaluate_and_accumulate},
    {"meddling", MS_FLOAT32, 128, clear, start, accumulate, combine, reduce, evaluate_and_accumulate},
};

const struct ms_kernel *faulty_calls_at(int i)
{
    return i < (int)(sizeof kernels / sizeof *kernels) ? &kernels[i] : NULL;
}
