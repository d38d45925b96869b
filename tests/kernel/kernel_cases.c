/* Numbers the rows of all groups of cases, each for every activation and precision.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "kernel_cases.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "moonsweep/maths.h"
#include "moonsweep/rng.h"

/* Each row of a group is one case for every activation and precision. */
enum { IN_ROW = (int)MS_ACTIVATION_COUNT * MS_PRECISION_COUNT };

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof *(array)))

/* ---- sample counts around every edge ----------------------------------------------------------------- */

/* Counts of samples, of lanes of the virtual vector, and of chunks of 8 lanes. 9, 17 and 25 chunks begin another
 * segment. 505 to 512 chunks are the last that 64 segments can share with at most 8 each, and 513 are the first that
 * they cannot. */
static const struct {
    enum { SAMPLES, LANES, CHUNKS } unit;
    int count;
} edges[] = {
    {SAMPLES, 2},  {LANES, 1},    {LANES, 2},    {LANES, 3},    {LANES, 7},   {CHUNKS, 1},
    {CHUNKS, 2},   {CHUNKS, 3},   {CHUNKS, 7},   {CHUNKS, 8},   {CHUNKS, 9},  {CHUNKS, 16},
    {CHUNKS, 17},  {CHUNKS, 24},  {CHUNKS, 25},  {CHUNKS, 63},  {CHUNKS, 64}, {CHUNKS, 65},
    {CHUNKS, 504}, {CHUNKS, 505}, {CHUNKS, 512}, {CHUNKS, 513},
};

enum { AROUND = 3 }; /* one less, the edge itself, one more */

static void fill_edge(struct kernel_case *one, int row)
{
    static const int32_t n_x[] = {2, 1, 3}, n_h[] = {1, 2, 5, 3};
    const int edge = row / AROUND, count = edges[edge].count;
    const int64_t lanes = ms_precision_lanes(one->precision);
    const int64_t unit = edges[edge].unit == SAMPLES ? 1 : edges[edge].unit == LANES ? lanes : 8 * lanes;

    one->m = count * unit + row % AROUND - 1;
    one->n_x = n_x[edge % COUNT_OF(n_x)];
    one->n_h = one->m > 10000 ? 1 : n_h[edge % COUNT_OF(n_h)];
    one->iterations = one->m > 10000 ? 2 : 6;
    one->is_long = one->m > 10000 && row != COUNT_OF(edges) * AROUND - 1;
}

/* ---- every shape of network -------------------------------------------------------------------------- */

static const int32_t shape_n_h[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50, 64}, shape_n_x[] = {1, 2, 3, 30};

static void fill_shape(struct kernel_case *one, int row)
{
    one->m = 197;
    one->n_h = shape_n_h[row / COUNT_OF(shape_n_x)];
    one->n_x = shape_n_x[row % COUNT_OF(shape_n_x)];
}

/* ---- from underflow to overflow ---------------------------------------------------------------------- */

/* Parameters and rates from subnormal, through all ranges of the arguments, to overflow. */
static const double scales[] = {1e-320, 1e-300, 1e-40, 1e-10, 0.01, 1,     5,    30,
                                100,    200,    1e3,   1e6,   1e37, 1e150, 1e300};
static const double rates[] = {0.5, 1e3, 1e6};

static void fill_scale(struct kernel_case *one, int row)
{
    one->m = 97;
    one->n_x = 2 + row % 2;
    one->n_h = 4;
    one->init_scale = scales[row / COUNT_OF(rates)];
    one->learning_rate = rates[row % COUNT_OF(rates)];
}

/* ---- special numbers --------------------------------------------------------------------------------- */

static const enum {
    NOT_A_NUMBER,
    INFINITE,
    MINUS_INFINITE,
    LARGEST,
    SMALLEST,
    MINUS_ZERO
} special_values[] = {NOT_A_NUMBER, INFINITE, MINUS_INFINITE, LARGEST, SMALLEST, MINUS_ZERO};

static double special_value(enum ms_precision precision, int row)
{
    switch (special_values[row]) {
    case NOT_A_NUMBER:
        return NAN;
    case INFINITE:
        return INFINITY;
    case MINUS_INFINITE:
        return -INFINITY;
    case LARGEST:
        return precision == MS_FLOAT64 ? DBL_MAX : FLT_MAX;
    case SMALLEST:
        return precision == MS_FLOAT64 ? DBL_TRUE_MIN : FLT_TRUE_MIN;
    default:
        return -0.0;
    }
}

static void fill_parameter(struct kernel_case *one, int row)
{
    one->m = 77;
    one->n_x = 2 + row % 2;
    one->n_h = 3;
    one->special = CASE_ONE_PARAMETER;
    one->where = (enum case_array)(row / COUNT_OF(special_values));
    one->value = special_value(one->precision, row % COUNT_OF(special_values));
}

static void fill_feature(struct kernel_case *one, int row)
{
    one->m = 150;
    one->n_x = 2 + row % 2;
    one->n_h = 3;
    one->special = row < COUNT_OF(special_values) ? CASE_ONE_FEATURE : CASE_ALL_FEATURES;
    one->value = special_value(one->precision, row % COUNT_OF(special_values));
}

/* ---- the exponential's arguments, one by one --------------------------------------------------------- */

static const struct {
    enum case_arguments arguments;
    enum ms_range range;
} argument_rows[] = {
    {CASE_TIES, MS_RANGE_NARROW},   {CASE_TIES, MS_RANGE_WIDE}, {CASE_DENSE, MS_RANGE_NARROW},
    {CASE_DENSE, MS_RANGE_WIDE},    {CASE_DENSE, MS_RANGE_ANY}, {CASE_TINY, MS_RANGE_NARROW},
    {CASE_UNBOUNDED, MS_RANGE_ANY},
};

static void fill_argument(struct kernel_case *one, int row)
{
    one->m = 9001;
    one->n_x = 1;
    one->n_h = 2;
    one->iterations = 0;
    one->special = CASE_ARGUMENTS;
    one->arguments = argument_rows[row].arguments;
    one->range = argument_rows[row].range;
}

/* ---- whole trajectories ------------------------------------------------------------------------------ */

static const int32_t course_n_h[] = {1, 2, 3, 4, 5, 10};
static const double course_rates[] = {1.2, 0.1, 1e3};

static void fill_course(struct kernel_case *one, int row)
{
    one->m = 320;
    one->n_h = course_n_h[row / COUNT_OF(course_rates)];
    one->learning_rate = course_rates[row % COUNT_OF(course_rates)];
    one->init_scale = 0.01;
    one->iterations = 300;
}

static void fill_long_course(struct kernel_case *one, int row)
{
    fill_course(one, row);
    one->iterations = 5000;
}

/* ---- anything ---------------------------------------------------------------------------------------- */

/* Returns a random number between low and high whose logarithm is uniformly distributed. It is computed with our own
 * functions, because a case must be the same on every machine. */
static double spread(struct ms_rng *rng, double low, double high)
{
    return low * ms_exp(ms_rng_double(rng) * ms_log(high / low));
}

static void fill_random(struct kernel_case *one, int row)
{
    struct ms_rng rng;

    (void)row;
    ms_rng_seed(&rng, (uint32_t)one->number);
    one->m = (int64_t)spread(&rng, 1, 3000);
    one->n_x = (int32_t)spread(&rng, 1, 33);
    one->n_h = (int32_t)spread(&rng, 1, 70);
    one->init_scale = spread(&rng, 1e-3, 1e3);
    one->learning_rate = spread(&rng, 1e-3, 1e3);
    one->iterations = 4;
}

/* ---- large ones -------------------------------------------------------------------------------------- */

static const struct {
    int64_t m;
    int32_t n_x, n_h;
} large[] = {{1000003, 2, 2}, {65, 2, 4099}, {300, 100, 1000}, {131072, 30, 1}};

static void fill_large(struct kernel_case *one, int row)
{
    one->m = large[row].m;
    one->n_x = large[row].n_x;
    one->n_h = large[row].n_h;
    one->init_scale = 0.1;
    one->iterations = 2;
}

/* ---- class weights ----------------------------------------------------------------------------------- */

static const double class_weights[][2] = {{1, 1}, {0.5, 2}, {3, 0.1}, {1e-3, 1e3}};
static const double weighted_scales[] = {0.01, 1, 1e3};

static void fill_weighted(struct kernel_case *one, int row)
{
    const double *weight = class_weights[row % COUNT_OF(class_weights)];

    one->m = 64 * (row % 5) + 77;
    one->n_x = row % 4 == 3 ? 30 : 1 + row % 4;
    one->n_h = 1 + row % 6;
    one->init_scale = weighted_scales[row / COUNT_OF(class_weights)];
    one->weight[0] = weight[0];
    one->weight[1] = weight[1];
}

/* ---- the table --------------------------------------------------------------------------------------- */

static const struct {
    int first; /* number of its first case; a group has room up to the next one's */
    int rows;
    bool is_long;
    void (*fill)(struct kernel_case *one, int row);
    const char *idea;
} groups[] = {
    {0, COUNT_OF(edges) * AROUND, false, fill_edge,
     "sample counts around the edges of lanes, chunks, segments"},
    {10000, COUNT_OF(shape_n_h) * COUNT_OF(shape_n_x), false, fill_shape, "shapes of the network"},
    {20000, COUNT_OF(scales) * COUNT_OF(rates), false, fill_scale,
     "from underflow through all ranges to overflow"},
    {30000, CASE_ARRAY_COUNT *COUNT_OF(special_values), false, fill_parameter, "a special parameter"},
    {40000, 2 * COUNT_OF(special_values), false, fill_feature, "special features"},
    {50000, COUNT_OF(argument_rows), false, fill_argument, "arguments of the exponential"},
    {60000, COUNT_OF(course_n_h) * COUNT_OF(course_rates), false, fill_course, "trajectories"},
    {70000, 40, false, fill_random, "random"},
    {80000, COUNT_OF(course_n_h) * COUNT_OF(course_rates), true, fill_long_course, "long trajectories"},
    {90000, 150, true, fill_random, "more random"},
    {100000, COUNT_OF(large), true, fill_large, "large"},
    {110000, COUNT_OF(class_weights) * COUNT_OF(weighted_scales), false, fill_weighted, "class weights"},
};

bool kernel_cases_at(int i, struct kernel_case *one)
{
    int group = 0;

    while (group < COUNT_OF(groups) && i >= groups[group].rows * IN_ROW)
        i -= groups[group++].rows * IN_ROW;
    if (group == COUNT_OF(groups))
        return false;
    *one = (struct kernel_case){
        .number = groups[group].first + i,
        .idea = groups[group].idea,
        .is_long = groups[group].is_long,
        .precision = (enum ms_precision)(i % MS_PRECISION_COUNT),
        .activation = (enum ms_activation)(i / MS_PRECISION_COUNT % MS_ACTIVATION_COUNT),
        .n_x = 2,
        .init_scale = 0.5,
        .learning_rate = 0.5,
        .iterations = 6,
    };
    groups[group].fill(one, i / IN_ROW);
    return true;
}

void kernel_cases_describe(const struct kernel_case *one, char *text, size_t size)
{
    (void)snprintf(text, size, "%s %s m %lld n_x %d n_h %d init_scale %g rate %g iterations %d: %s",
                   ms_activation_name(one->activation), ms_precision_name(one->precision), (long long)one->m,
                   one->n_x, one->n_h, one->init_scale, one->learning_rate, one->iterations, one->idea);
}
