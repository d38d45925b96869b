/* The loop nest: forward, cost and backward over a chunk of samples, fused, so that a chunk stays in the
 * first cache and its accumulators in registers.
 *
 * Compiled once per instruction set and precision (src/train/meson.build) with
 *     VEC_HEADER   the vector header, e.g. "vec_avx512_f64.h"
 *     KERNEL       the name of the struct ms_kernel defined here, e.g. ms_kernel_avx512_f64
 *     KERNEL_ISA   the instruction set's name, e.g. "avx512"
 *
 * The mathematics of one sample, where P is the probability of its true label:
 *
 *     s_j = 1 / (1 + 2^(W1_j . x + b1_j))        tanh and sigmoid, folded: (1 - tanh)/2 and sigmoid
 *     s_j = max(0, W1_j . x + b1_j)              relu
 *     P   = 1 / (1 + 2^t), t = +-(z0 + W2 . s)   the sign by the label
 *     dz  = +-(P - 1)                            which is A2 - Y
 *     h_j = dz s_j                               summed for dW2
 *     d_j = h_j (1 - s_j), or dz where s_j > 0   summed for db1, and times x for dW1
 *
 * What is the same for all samples (W2, the rate, 1/m, the scale of tanh) is left to step.c. relu needs no h:
 * the sum of dz relu(t) follows from those of d x and d.
 *
 * The bits: every lane's sums run in the order of the samples, each in the order of operations written here.
 * The range (enum ms_range) decides when products are split, never what they come to. */
#include VEC_HEADER

#include <string.h>

#include "logistic.h"
#include "moonsweep/kernel.h"

enum { CHUNK_VECTORS = 8, CHUNK = CHUNK_VECTORS * VIRTUAL_LANES };

/* What a chunk is computed with. All but the pointers is known when the nest is compiled: three activations,
 * three ranges, and n_x = 2 or any. */
struct shape {
    enum ms_activation activation;
    enum ms_range range;
    int32_t n_x;
};

/* The part of a chunk that fits the machine's vectors. */
struct block {
    const real *x;     /* feature i of vector u: x[(i * CHUNK_VECTORS + u) * VIRTUAL_LANES] */
    const real *sign;  /* that of vector u: sign[u * VIRTUAL_LANES] */
    const real *valid; /* likewise, in the last chunk if it is not full; else NULL */
};

VEC_INLINE vec load_x(const struct block *block, int32_t i, int u)
{
    return vec_load(block->x + (i * CHUNK_VECTORS + u) * VIRTUAL_LANES);
}

VEC_INLINE vec activate(struct shape shape, vec t)
{
    if (shape.activation == MS_RELU)
        return vec_relu(t);
    return logistic(shape.range == MS_RANGE_ANY ? vec_clamp(t, WIDE_LIMIT) : t);
}

/* The hidden layer of a block, s [n_h][CHUNK_VECTORS] vectors, and the output's arguments z. */
VEC_INLINE void forward(const struct ms_pass *pass, struct shape shape, const struct block *block, real *s,
                        vec *z)
{
    const real *W1 = pass->W1, *b1 = pass->b1, *W2 = pass->W2;

    for (int u = 0; u < CHUNK_VECTORS; u++)
        z[u] = vec_set((real)pass->z0);
    for (int32_t j = 0; j < pass->n_h; j++, W1 += shape.n_x, s += CHUNK_VECTORS * LANES) {
        vec t[CHUNK_VECTORS];

        for (int u = 0; u < CHUNK_VECTORS; u++)
            t[u] = vec_set(b1[j]);
        for (int32_t i = 0; i < shape.n_x; i++)
            for (int u = 0; u < CHUNK_VECTORS; u++)
                t[u] = vec_fma(vec_set(W1[i]), load_x(block, i, u), t[u]);
        for (int u = 0; u < CHUNK_VECTORS; u++) {
            const vec a = activate(shape, t[u]);

            vec_store(s + u * LANES, a);
            z[u] = vec_fma(vec_set(W2[j]), a, z[u]);
        }
    }
}

/* The probabilities P of the true labels, from z; adds them to the product, and what was clamped to the
 * excess (sums: the output's). Where a sample is missing P is 1. */
VEC_INLINE void add_cost(struct shape shape, const struct block *block, const vec *z, real *sums, vec *P)
{
    real *mantissa = sums + MS_SUM_MANTISSA * VIRTUAL_LANES,
         *exponent = sums + MS_SUM_EXPONENT * VIRTUAL_LANES;
    real *excess = sums + MS_SUM_EXCESS * VIRTUAL_LANES;
    vec product = vec_load(mantissa), power = vec_load(exponent), beyond = vec_load(excess);

    for (int u = 0; u < CHUNK_VECTORS; u++) {
        const vec t = vec_xor(z[u], vec_load(block->sign + u * VIRTUAL_LANES));

        P[u] = logistic(shape.range == MS_RANGE_ANY ? vec_clamp(t, WIDE_LIMIT) : t);
        if (shape.range == MS_RANGE_ANY) {
            const vec over = vec_relu(vec_sub(t, vec_set(WIDE_LIMIT)));

            beyond = vec_add(beyond,
                             block->valid ? vec_and(over, vec_load(block->valid + u * VIRTUAL_LANES)) : over);
        }
    }
    if (block->valid)
        for (int u = 0; u < CHUNK_VECTORS; u++)
            P[u] = vec_blend(vec_load(block->valid + u * VIRTUAL_LANES), P[u], vec_set(1));
    for (int u = 0; u < CHUNK_VECTORS; u++) {
        product = vec_mul(product, shape.range == MS_RANGE_NARROW ? P[u] : vec_mantissa(P[u]));
        if (shape.range != MS_RANGE_NARROW)
            power = vec_add(power, vec_exponent(P[u]));
    }
    vec_store(exponent, vec_add(power, vec_exponent(product)));
    vec_store(mantissa, vec_mantissa(product));
    if (shape.range == MS_RANGE_ANY)
        vec_store(excess, beyond);
}

/* dz of every vector, and their sum. Where a sample is missing P is 1 and dz is 0. */
VEC_INLINE void output_gradient(const struct block *block, const vec *P, real *sums, vec *dz)
{
    vec sum = vec_load(sums + MS_SUM_DZ * VIRTUAL_LANES);

    for (int u = 0; u < CHUNK_VECTORS; u++) {
        dz[u] = vec_xor(vec_sub(P[u], vec_set(1)), vec_load(block->sign + u * VIRTUAL_LANES));
        sum = vec_add(sum, dz[u]);
    }
    vec_store(sums + MS_SUM_DZ * VIRTUAL_LANES, sum);
}

/* Adds the gradients of every hidden unit to its sums. */
VEC_INLINE void backward(const struct ms_pass *pass, struct shape shape, const struct block *block,
                         const real *s, const vec *dz, real *sums)
{
    for (int32_t j = 0; j < pass->n_h; j++, s += CHUNK_VECTORS * LANES) {
        vec d[CHUNK_VECTORS], db1 = vec_load(sums + shape.n_x * VIRTUAL_LANES);

        if (shape.activation == MS_RELU) {
            for (int u = 0; u < CHUNK_VECTORS; u++)
                d[u] = vec_where_positive(vec_load(s + u * LANES), dz[u]);
        } else {
            vec dW2 = vec_load(sums + (shape.n_x + 1) * VIRTUAL_LANES);

            for (int u = 0; u < CHUNK_VECTORS; u++) {
                const vec a = vec_load(s + u * LANES), h = vec_mul(dz[u], a);

                dW2 = vec_add(dW2, h);
                d[u] = vec_fnma(h, a, h);
            }
            vec_store(sums + (shape.n_x + 1) * VIRTUAL_LANES, dW2);
        }
        for (int32_t i = 0; i < shape.n_x; i++, sums += VIRTUAL_LANES) {
            vec dW1 = vec_load(sums);

            for (int u = 0; u < CHUNK_VECTORS; u++)
                dW1 = vec_fma(d[u], load_x(block, i, u), dW1);
            vec_store(sums, dW1);
        }
        for (int u = 0; u < CHUNK_VECTORS; u++)
            db1 = vec_add(db1, d[u]);
        vec_store(sums, db1);
        sums += 2 * VIRTUAL_LANES;
    }
}

/* The samples of chunk c that lane group g holds. */
VEC_INLINE struct block block_of(const struct ms_samples *samples, int32_t n_x, int64_t c, int g)
{
    const real *x = (const real *)samples->blocks + c * (n_x + 1) * CHUNK + g;
    const bool full = (c + 1) * CHUNK <= samples->m;

    return (struct block){x, x + n_x * CHUNK, full ? NULL : (const real *)samples->valid + g};
}

VEC_INLINE void accumulate_chunks(const struct ms_pass *pass, struct shape shape, int64_t first, int64_t end,
                                  real *sums)
{
    real *output = sums + (int64_t)pass->n_h * (shape.n_x + 2) * VIRTUAL_LANES;

    for (int64_t c = first; c < end; c++)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            const struct block block = block_of(pass->samples, shape.n_x, c, g);
            vec z[CHUNK_VECTORS], P[CHUNK_VECTORS], dz[CHUNK_VECTORS];

            forward(pass, shape, &block, pass->activations, z);
            add_cost(shape, &block, z, output + g, P);
            output_gradient(&block, P, output + g, dz);
            backward(pass, shape, &block, pass->activations, dz, sums + g);
        }
}

VEC_INLINE void accumulate_features(const struct ms_pass *pass, enum ms_activation activation,
                                    enum ms_range range, int64_t first, int64_t end, real *sums)
{
    if (pass->samples->n_x == 2)
        accumulate_chunks(pass, (struct shape){activation, range, 2}, first, end, sums);
    else
        accumulate_chunks(pass, (struct shape){activation, range, pass->samples->n_x}, first, end, sums);
}

VEC_INLINE void accumulate_range(const struct ms_pass *pass, enum ms_activation activation, int64_t first,
                                 int64_t end, real *sums)
{
    switch (pass->range) {
    case MS_RANGE_NARROW:
        accumulate_features(pass, activation, MS_RANGE_NARROW, first, end, sums);
        break;
    case MS_RANGE_WIDE:
        accumulate_features(pass, activation, MS_RANGE_WIDE, first, end, sums);
        break;
    default:
        accumulate_features(pass, activation, MS_RANGE_ANY, first, end, sums);
    }
}

static void accumulate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums)
{
    switch (pass->activation) {
    case MS_TANH:
        accumulate_range(pass, MS_TANH, first, end, sums);
        break;
    case MS_SIGMOID:
        accumulate_range(pass, MS_SIGMOID, first, end, sums);
        break;
    default:
        accumulate_range(pass, MS_RELU, first, end, sums);
    }
}

static void evaluate(const struct ms_pass *pass, int64_t first, int64_t end, void *sums, void *probability)
{
    const struct shape shape = {pass->activation, MS_RANGE_ANY, pass->samples->n_x};
    real *output = (real *)sums + (int64_t)pass->n_h * (shape.n_x + 2) * VIRTUAL_LANES, *A2 = probability;

    for (int64_t c = first; c < end; c++, A2 += CHUNK)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            const struct block block = block_of(pass->samples, shape.n_x, c, g);
            vec z[CHUNK_VECTORS], P[CHUNK_VECTORS];

            forward(pass, shape, &block, pass->activations, z);
            add_cost(shape, &block, z, output + g, P);
            for (int u = 0; u < CHUNK_VECTORS; u++)
                vec_store(A2 + u * VIRTUAL_LANES + g, logistic(vec_clamp(z[u], WIDE_LIMIT)));
        }
}

static void clear(const struct ms_pass *pass, void *sums)
{
    const int64_t units = (int64_t)pass->n_h * (pass->samples->n_x + 2);
    real *mantissa = (real *)sums + (units + MS_SUM_MANTISSA) * VIRTUAL_LANES;

    memset(sums, 0, (size_t)(units + MS_SUM_COUNT) * VIRTUAL_LANES * sizeof(real));
    for (int lane = 0; lane < VIRTUAL_LANES; lane++)
        mantissa[lane] = 1;
}

static void combine(const struct ms_pass *pass, void *to, const void *from)
{
    const int64_t product = (int64_t)pass->n_h * (pass->samples->n_x + 2) + MS_SUM_MANTISSA;
    real *a = to;
    const real *b = from;

    for (int64_t v = 0; v < ms_pass_sums(pass); v++, a += VIRTUAL_LANES, b += VIRTUAL_LANES)
        for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
            const vec x = vec_load(a + g), y = vec_load(b + g);

            vec_store(a + g, v == product ? vec_mul(x, y) : vec_add(x, y));
        }
}

/* Lane i takes lane i + n/2, for n = 8 (16), 4, 2: ((0+4)+(2+6))+((1+5)+(3+7)). */
static double add_lanes(real *lanes)
{
    for (int half = VIRTUAL_LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++)
            lanes[lane] += lanes[lane + half];
    return lanes[0];
}

static double multiply_lanes(real *lanes)
{
    for (int half = VIRTUAL_LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++)
            lanes[lane] *= lanes[lane + half];
    return lanes[0];
}

/* Splits the mantissas' lanes, so that their product stays in range, and multiplies them. */
static double reduce_product(real *mantissa, real *exponent)
{
    for (int g = 0; g < VIRTUAL_LANES; g += LANES) {
        const vec product = vec_load(mantissa + g);

        vec_store(exponent + g, vec_add(vec_load(exponent + g), vec_exponent(product)));
        vec_store(mantissa + g, vec_mantissa(product));
    }
    return multiply_lanes(mantissa);
}

static void reduce(const struct ms_pass *pass, void *sums, double *totals)
{
    const int64_t units = (int64_t)pass->n_h * (pass->samples->n_x + 2);
    real *output = (real *)sums + units * VIRTUAL_LANES;

    for (int64_t v = 0; v < units; v++)
        totals[v] = add_lanes((real *)sums + v * VIRTUAL_LANES);
    totals += units;
    totals[MS_SUM_MANTISSA] = reduce_product(output + MS_SUM_MANTISSA * VIRTUAL_LANES,
                                             output + MS_SUM_EXPONENT * VIRTUAL_LANES);
    totals[MS_SUM_DZ] = add_lanes(output + MS_SUM_DZ * VIRTUAL_LANES);
    totals[MS_SUM_EXPONENT] = add_lanes(output + MS_SUM_EXPONENT * VIRTUAL_LANES);
    totals[MS_SUM_EXCESS] = add_lanes(output + MS_SUM_EXCESS * VIRTUAL_LANES);
}

extern const struct ms_kernel KERNEL;
const struct ms_kernel KERNEL = {
    .isa = KERNEL_ISA,
    .precision = VEC_PRECISION,
    .clear = clear,
    .accumulate = accumulate,
    .combine = combine,
    .reduce = reduce,
    .evaluate = evaluate,
};
