/* Training as a competent person writes it in C: arrays of samples, loops that the compiler vectorises, and the C
 * library's tanh, exp and log in their vector versions. It is what moonsweep's speed is compared with.
 *
 *     struct straightforward *training;
 *     straightforward_open(&data, n_h, &training, err);
 *     straightforward_train(training, &network, learning_rate, iterations, costs);
 *     straightforward_close(training);
 *
 * Compiled with -Ofast -march=native (meson.build): of its time nothing is lost to exact rounding or to other
 * machines. Two features, float64. Nothing of moonsweep's own mathematics is in it. */
#ifndef MOONSWEEP_BENCH_STRAIGHTFORWARD_H
#define MOONSWEEP_BENCH_STRAIGHTFORWARD_H

#include "moonsweep/data.h"
#include "moonsweep/network.h"

struct straightforward;

/* The compiler and the flags that it was compiled with. */
const char *straightforward_description(void);

/* Room to train networks of up to n_h hidden units on data, which is copied. Errors: MS_BAD_INPUT (not two
 * features), MS_NO_MEMORY. */
enum ms_code straightforward_open(const struct ms_data *data, int32_t n_h, struct straightforward **training,
                                  struct ms_error *err);

/* Makes `iterations` updates of network (of at most the n_h units that there is room for), its cost before each in costs [iterations]. */
void straightforward_train(struct straightforward *training, struct ms_network *network, double learning_rate,
                           int64_t iterations, double *costs);

/* NULL is harmless. */
void straightforward_close(struct straightforward *training);

#endif
