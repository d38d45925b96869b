#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "unit.h"

static struct ms_error err;

static const char *const sets[] = {"avx512", "avx2", "portable-fma", "portable"};

enum { SETS = sizeof sets / sizeof *sets, ITERATIONS = 6 };

/* One trajectory: what it computes must be the same with every kernel. */
struct shape {
    enum ms_precision precision;
    enum ms_activation activation;
    int64_t m;
    int32_t n_x, n_h;
    double learning_rate, init_scale;
};

struct outcome {
    double costs[ITERATIONS];
    int64_t computed;
    struct ms_evaluation evaluation;
    struct ms_network network;
};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct ms_data make_data(const struct shape *shape)
{
    uint32_t state = (uint32_t)shape->m;
    struct ms_data data;

    ck_assert_int_eq(ms_data_alloc(&data, shape->m, shape->n_x, &err), MS_OK);
    for (int64_t i = 0; i < shape->m * shape->n_x; i++)
        data.X[i] = (double)next_random(&state) / (1 << 23) - 1;
    for (int64_t row = 0; row < shape->m; row++)
        data.y[row] = next_random(&state) % 2;
    return data;
}

static void run(const struct shape *shape, const struct ms_kernel *kernel, struct outcome *outcome)
{
    struct ms_data data = make_data(shape);
    struct ms_samples samples;
    struct ms_train *train;
    struct ms_train_spec spec = {
        .kernel = kernel, .samples = &samples, .learning_rate = shape->learning_rate};

    ck_assert_int_eq(ms_samples_make(&samples, &data, shape->precision, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&outcome->network, shape->n_x, shape->n_h, shape->activation, &err),
                     MS_OK);
    ms_network_init(&outcome->network, 5, shape->init_scale, shape->precision);
    ck_assert_int_eq(ms_train_open(&spec, &outcome->network, 0, &train, &err), MS_OK);
    (void)ms_train_run(train, ITERATIONS, outcome->costs);
    outcome->computed = ms_train_costs(train);
    ms_network_copy(&outcome->network, ms_train_network(train));
    ck_assert_int_eq(ms_evaluate(kernel, &outcome->network, &samples, NULL, NULL, &outcome->evaluation, &err),
                     MS_OK);
    ms_train_close(train);
    ms_samples_free(&samples);
    ms_data_free(&data);
}

static void assert_same(const struct shape *shape, const char *isa, const struct outcome *a,
                        const struct outcome *b)
{
    const size_t bytes = (size_t)(ms_network_size(&a->network) - 1) * sizeof(double);

    ck_assert_msg(
        a->computed == b->computed && memcmp(a->costs, b->costs, (size_t)a->computed * sizeof(double)) == 0 &&
            memcmp(a->network.W1, b->network.W1, bytes) == 0 &&
            memcmp(&a->network.b2, &b->network.b2, sizeof(double)) == 0 &&
            memcmp(&a->evaluation, &b->evaluation, sizeof a->evaluation) == 0,
        "%s differs from portable: %s %s m %lld n_x %d n_h %d rate %g init_scale %g: cost 0 %a and %a", isa,
        ms_precision_name(shape->precision), ms_activation_name(shape->activation), (long long)shape->m,
        shape->n_x, shape->n_h, shape->learning_rate, shape->init_scale, b->costs[0], a->costs[0]);
}

/* Runs shape with every kernel of this processor; returns how many were compared with portable. */
static int compare_kernels(const struct shape *shape)
{
    const struct ms_kernel *kernel;
    struct outcome want, got;
    int compared = 0;

    ck_assert_int_eq(ms_kernel_choose(shape->precision, "portable", &kernel, &err), MS_OK);
    run(shape, kernel, &want);
    for (int k = 0; k < SETS - 1; k++)
        if (ms_kernel_choose(shape->precision, sets[k], &kernel, &err) == MS_OK) {
            run(shape, kernel, &got);
            assert_same(shape, sets[k], &want, &got);
            ms_network_free(&got.network);
            compared++;
        }
    ms_network_free(&want.network);
    return compared;
}

START_TEST(every_kernel_gives_the_same_bits)
{
    static const int64_t m[] = {1, 7, 8, 63, 64, 65, 127, 129, 511, 513, 1600, 4159};
    static const int32_t n_x[] = {1, 2, 3, 30}, n_h[] = {1, 2, 5, 9};
    int compared = 0;

    for (size_t i = 0; i < sizeof m / sizeof *m; i++)
        for (size_t j = 0; j < 4; j++)
            for (int a = 0; a < MS_ACTIVATION_COUNT; a++) {
                const struct shape shape = {
                    (enum ms_precision)_i, (enum ms_activation)a, m[i], n_x[(i + j) % 4], n_h[j], 0.5, 0.3};

                compared += compare_kernels(&shape);
            }
#ifdef __x86_64__
    ck_assert_msg(compared > 0 || !__builtin_cpu_supports("fma"), "no kernel was compared with portable");
#endif
}
END_TEST

/* init_scale spreads the arguments over all three ranges, up to where they overflow. */
START_TEST(every_kernel_gives_the_same_bits_far_out)
{
    static const double scales[] = {1e-300, 1, 30, 200, 1e3, 1e6, 1e150, 1e300};

    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        for (int a = 0; a < MS_ACTIVATION_COUNT; a++)
            for (int32_t n_x = 2; n_x < 4; n_x++) {
                const struct shape shape = {
                    (enum ms_precision)_i, (enum ms_activation)a, 97, n_x, 4, 1e3, scales[i]};

                (void)compare_kernels(&shape);
            }
}
END_TEST

START_TEST(an_unknown_instruction_set_is_refused_with_those_there_are)
{
    const struct ms_kernel *kernel = NULL;

    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, "sse9", &kernel, &err), MS_BAD_USAGE);
    ck_assert_ptr_null(kernel);
    ck_assert_ptr_nonnull(strstr(err.text, "'sse9' is not known"));
    ck_assert_ptr_nonnull(strstr(err.text, "portable"));
}
END_TEST

START_TEST(the_environment_names_an_instruction_set_too)
{
    const struct ms_kernel *kernel;

    ck_assert_int_eq(setenv("MOONSWEEP_ISA", "portable", 1), 0);
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT32, NULL, &kernel, &err), MS_OK);
    ck_assert_str_eq(kernel->isa, "portable");
    ck_assert_int_eq(kernel->precision, MS_FLOAT32);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("kernel");
    TCase *tests = tcase_create("kernel");

    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, every_kernel_gives_the_same_bits, 0, MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, every_kernel_gives_the_same_bits_far_out, 0, MS_PRECISION_COUNT);
    tcase_add_test(tests, an_unknown_instruction_set_is_refused_with_those_there_are);
    tcase_add_test(tests, the_environment_names_an_instruction_set_too);
    suite_add_tcase(suite, tests);
    return suite;
}
