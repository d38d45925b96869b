/* Every public function that computes gives the same bits in any floating-point environment of its caller, and restores
 * that environment.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fenv.h>
#include <float.h>
#include <string.h>

#include "moonsweep/csv.h"
#include "moonsweep/float_environment.h"
#include "moonsweep/job.h"
#include "moonsweep/moons.h"
#include "moonsweep/shortest.h"
#include "moonsweep/split.h"
#include "moonsweep/train.h"
#include "moonsweep/trajectory.h"
#include "unit.h"

#if defined __SSE2__
#include <xmmintrin.h>
#endif

enum { ROOM = 4096, ROWS = 150 };

static struct ms_error err;

/* What a function has computed. */
struct bits {
    size_t size;
    unsigned char bytes[ROOM];
};

static void keep(struct bits *bits, const void *from, size_t size)
{
    ck_assert_uint_le(bits->size + size, ROOM);
    memcpy(bits->bytes + bits->size, from, size);
    bits->size += size;
}

/* Rounds upwards and flushes subnormal numbers to zero, as arguments and as results. */
static void spoil_environment(void)
{
    ck_assert_int_eq(fesetround(FE_UPWARD), 0);
#if defined __SSE2__
    _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
}

static void assert_spoiled(void)
{
    ck_assert_int_eq(fegetround(), FE_UPWARD);
#if defined __SSE2__
    ck_assert_uint_eq(_mm_getcsr() & 0x8040, 0x8040);
#endif
}

static void make_moons(struct bits *bits)
{
    static const double noises[] = {0.25, 1e-310};

    for (int i = 0; i < 2; i++) {
        struct ms_data data;

        ck_assert_int_eq(ms_moons_make(ROWS / 2, noises[i], 3, NULL, &data, &err), MS_OK);
        keep(bits, data.X, ROWS * sizeof *data.X);
        ms_data_free(&data);
    }
}

static void split(struct bits *bits)
{
    struct ms_data all, train, dev;
    const int64_t rows = ms_split_dev_rows(1000, 0.05);

    keep(bits, &rows, sizeof rows);
    ck_assert_int_eq(ms_moons_make(40, 0, 3, NULL, &all, &err), MS_OK);
    ck_assert_int_eq(ms_split(&all, 0.05, 0, NULL, &train, &dev, &err), MS_OK);
    keep(bits, &dev.rows, sizeof dev.rows);
    keep(bits, train.X, (size_t)train.rows * 2 * sizeof *train.X);
    ms_data_free(&all);
    ms_data_free(&train);
    ms_data_free(&dev);
}

static void start_network(struct bits *bits)
{
    static const struct {
        enum ms_precision precision;
        double scale;
    } cases[] = {{MS_FLOAT64, 0.01}, {MS_FLOAT64, 1e-310}, {MS_FLOAT32, 0.01}, {MS_FLOAT32, 1e-40}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ms_network network;

        ck_assert_int_eq(ms_network_alloc(&network, 2, 20, MS_TANH, &err), MS_OK);
        ms_network_init(&network, 7, cases[i].scale, cases[i].precision);
        keep(bits, network.W1, 80 * sizeof *network.W1);
        ms_network_free(&network);
    }
}

/* Makes one sample whose values a hostile environment would change. */
static void make_sample(struct ms_samples *samples)
{
    struct ms_data data;

    ck_assert_int_eq(ms_data_alloc(&data, 1, 2, &err), MS_OK);
    data.X[0] = 0.1;
    data.X[1] = 1e-40;
    ck_assert_int_eq(ms_samples_make(samples, &data, MS_FLOAT32, NULL, &err), MS_OK);
    ms_data_free(&data);
}

static void lay_out_samples(struct bits *bits)
{
    struct ms_samples samples;

    make_sample(&samples);
    keep(bits, samples.blocks, 3 * (size_t)samples.chunk * sizeof(float));
    keep(bits, samples.x_max, 2 * sizeof *samples.x_max);
    ms_samples_free(&samples);
}

static void weigh_samples(struct bits *bits)
{
    static const double weight[2] = {0.1, 1e-40};
    struct ms_samples samples;

    make_sample(&samples);
    ck_assert_int_eq(ms_samples_weigh(&samples, weight, &err), MS_OK);
    keep(bits, samples.weight, sizeof samples.weight);
    ms_samples_free(&samples);
}

static void read_arguments(struct bits *bits)
{
    static const char *const texts[] = {"500,0.1,0", "500,1e-310,0"};

    for (int i = 0; i < 2; i++) {
        struct ms_moons moons = {0};

        ck_assert_int_eq(ms_job_parse_moons(texts[i], &moons, &err), MS_OK);
        keep(bits, &moons.noise, sizeof moons.noise);
    }
}

static void read_job(struct bits *bits)
{
    static const char text[] =
        "name: x\ndata:\n  moons: {samples: 60, noise: 1e-310, seed: 0}\n  dev_fraction: 0.1\n"
        "  split_seed: 0\n"
        "grid: {n_h: [3], activation: [tanh], learning_rate: [0.1], iterations: [5]}\n";
    struct ms_job job;
    uint64_t hash;

    ck_assert_msg(ms_job_parse("job.yaml", text, strlen(text), &job, &err) == MS_OK, "%s", err.text);
    ck_assert_int_eq(ms_job_hash(&job, &hash, &err), MS_OK);
    keep(bits, job.axes.noise, sizeof *job.axes.noise);
    keep(bits, &job.dev_fraction, sizeof job.dev_fraction);
    keep(bits, job.grid.learning_rate, sizeof *job.grid.learning_rate);
    keep(bits, &hash, sizeof hash);
    ms_job_free(&job);
}

static void read_csv(struct bits *bits)
{
    static const char *const features[] = {"x1", "x2"};
    static const char text[] = "x1,x2\n0.1,1e-310\n";
    const struct ms_csv_wanted wanted = {.n_x = 2, .features = features};
    struct ms_data data;
    bool labelled;

    ck_assert_int_eq(ms_csv_parse("x.csv", text, strlen(text), &wanted, &data, &labelled, &err), MS_OK);
    keep(bits, data.X, 2 * sizeof *data.X);
    ms_data_free(&data);
}

static void write_numbers(struct bits *bits)
{
    static const double numbers[] = {0.1, 2.0 / 3, 1e-310, DBL_MAX};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[MS_SHORTEST_CHARS] = "";

        (void)ms_shortest(numbers[i], text);
        keep(bits, text, sizeof text);
    }
}

/* A network, and samples to train it on. */
struct training {
    const struct ms_kernel *kernel;
    struct ms_samples samples;
    struct ms_network network;
};

static void open_training(struct training *training)
{
    struct ms_data data;

    ck_assert_int_eq(ms_moons_make(ROWS, 0.25, 3, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&training->samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &training->kernel, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&training->network, 2, 5, MS_TANH, &err), MS_OK);
    ms_network_init(&training->network, 7, 0.5, MS_FLOAT64);
    ms_data_free(&data);
}

static void close_training(struct training *training)
{
    ms_network_free(&training->network);
    ms_samples_free(&training->samples);
}

static void train(struct bits *bits)
{
    struct training training;
    struct ms_train *train;
    double costs[20];

    open_training(&training);
    ck_assert_int_eq(ms_train_open(&(struct ms_train_spec){.kernel = training.kernel,
                                                           .samples = &training.samples,
                                                           .learning_rate = 0.1},
                                   &training.network, 0, &train, &err),
                     MS_OK);
    ck_assert_int_eq(ms_train_run(train, 20, costs), MS_TRAIN_REACHED);
    keep(bits, costs, sizeof costs);
    keep(bits, ms_train_network(train)->W1, 20 * sizeof(double));
    ms_train_close(train);
    close_training(&training);
}

static void evaluate(struct bits *bits)
{
    struct training training;
    struct ms_evaluation evaluation;
    double probability[ROWS];

    open_training(&training);
    ck_assert_int_eq(
        ms_evaluate(training.kernel, &training.network, &training.samples, NULL, NULL, &evaluation, &err),
        MS_OK);
    keep(bits, &evaluation.cost, sizeof evaluation.cost);
    keep(bits, &evaluation.accuracy, sizeof evaluation.accuracy);
    ck_assert_int_eq(ms_predict(training.kernel, &training.network, &training.samples, probability, &err),
                     MS_OK);
    keep(bits, probability, sizeof probability);
    close_training(&training);
}

static const struct {
    const char *name;
    void (*compute)(struct bits *bits);
} functions[] = {
    {"ms_moons_make", make_moons},       {"ms_split", split},
    {"ms_network_init", start_network},  {"ms_samples_make", lay_out_samples},
    {"ms_samples_weigh", weigh_samples}, {"ms_job_parse_moons", read_arguments},
    {"ms_job_parse", read_job},          {"ms_csv_parse", read_csv},
    {"ms_shortest", write_numbers},      {"ms_train_run", train},
    {"ms_evaluate", evaluate},
};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

START_TEST(the_caller_s_environment_changes_no_bit_and_is_restored)
{
    static struct bits expected, found;

    expected.size = found.size = 0;
    functions[_i].compute(&expected);
    spoil_environment();
    functions[_i].compute(&found);
    assert_spoiled();
    (void)fesetenv(FE_DFL_ENV);
    ck_assert_uint_gt(expected.size, 0);
    ck_assert_uint_eq(found.size, expected.size);
    ck_assert_msg(memcmp(found.bytes, expected.bytes, expected.size) == 0,
                  "%s depends on its caller's environment", functions[_i].name);
}
END_TEST

/* ---- what differs from the defined environment ---------------------------------------------------------- */

static void round_down(void)
{
    (void)fesetround(FE_DOWNWARD);
}

#if defined __x86_64__
static void flush_results(void)
{
    _mm_setcsr(_mm_getcsr() | 0x8000);
}

static void flush_arguments(void)
{
    _mm_setcsr(_mm_getcsr() | 0x0040);
}

static void trap_divisions_by_zero(void)
{
    _mm_setcsr(_mm_getcsr() & ~(unsigned)_MM_MASK_DIV_ZERO);
}

/* 53 bits instead of 64, as some systems do. */
static void shorten_long_double(void)
{
    const uint16_t control = 0x27f;

    __asm__ volatile("fldcw %0" : : "m"(control));
}
#endif

static void (*const deviations[])(void) = {
    round_down,
#if defined __x86_64__
    flush_results, flush_arguments, trap_divisions_by_zero, shorten_long_double,
#endif
};

enum { DEVIATIONS = sizeof deviations / sizeof *deviations };

START_TEST(every_deviation_is_noticed_and_restored)
{
    struct ms_float_environment found;
    fenv_t before, after;

    deviations[_i]();
    ck_assert(!ms_float_environment_is_default());
    (void)fegetenv(&before);
    found = ms_float_environment_enter();
    ck_assert_int_eq(fegetround(), FE_TONEAREST);
#if defined __x86_64__
    ck_assert(ms_float_environment_is_default());
#endif
    ms_float_environment_leave(&found);
    (void)fegetenv(&after);
    (void)fesetenv(FE_DFL_ENV);
    ck_assert_int_eq(memcmp(&before, &after, sizeof before), 0);
}
END_TEST

#if defined __x86_64__ || defined __aarch64__
START_TEST(the_defined_environment_is_noticed_whatever_flags_are_raised)
{
    (void)fesetenv(FE_DFL_ENV);
    ck_assert(ms_float_environment_is_default());
    (void)feraiseexcept(FE_ALL_EXCEPT);
    ck_assert(ms_float_environment_is_default());
    (void)feclearexcept(FE_ALL_EXCEPT);
}
END_TEST
#endif

Suite *unit_suite(void)
{
    Suite *suite = suite_create("float_environment");
    TCase *tests = tcase_create("float_environment");

    tcase_add_loop_test(tests, the_caller_s_environment_changes_no_bit_and_is_restored, 0, FUNCTIONS);
    tcase_add_loop_test(tests, every_deviation_is_noticed_and_restored, 0, DEVIATIONS);
#if defined __x86_64__ || defined __aarch64__
    tcase_add_test(tests, the_defined_environment_is_noticed_whatever_flags_are_raised);
#endif
    suite_add_tcase(suite, tests);
    return suite;
}
