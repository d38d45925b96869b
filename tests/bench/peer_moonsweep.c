/* moonsweep as a peer: its public training functions, on one thread. */
#include <stdlib.h>

#include "moonsweep/train.h"
#include "peer.h"

struct state {
    const struct ms_kernel *kernel;
    struct ms_samples samples;
};

static enum ms_code open_state(const struct ms_data *data, int32_t n_h, void **state,
                               const char **description, struct ms_error *err)
{
    struct state *made = calloc(1, sizeof *made);
    enum ms_code code;

    (void)n_h;
    if (made == NULL)
        return ms_fail(err, MS_NO_MEMORY, "no memory");
    code = ms_kernel_choose(MS_FLOAT64, NULL, &made->kernel, err);
    if (code == MS_OK)
        code = ms_samples_make(&made->samples, data, MS_FLOAT64, NULL, err);
    if (code != MS_OK) {
        free(made);
        return code;
    }
    *description = made->kernel->isa;
    *state = made;
    return MS_OK;
}

static enum ms_code train(void *state, struct ms_network *network, double learning_rate, int64_t iterations,
                          double *costs, struct ms_error *err)
{
    const struct state *s = state;
    const struct ms_train_spec spec = {.kernel = s->kernel,
                                       .samples = &s->samples,
                                       .learning_rate = learning_rate,
                                       .computes_recurring = true};
    struct ms_train *training;
    enum ms_train_state reached;
    enum ms_code code = ms_train_open(&spec, network, 0, &training, err);

    if (code != MS_OK)
        return code;
    reached = ms_train_run(training, iterations, costs);
    ms_train_close(training);
    return reached == MS_TRAIN_REACHED ? MS_OK : ms_fail(err, MS_BAD_INPUT, "training diverged");
}

static void close_state(void *state)
{
    struct state *s = state;

    if (s != NULL)
        ms_samples_free(&s->samples);
    free(s);
}

int main(int argc, char **argv)
{
    static const struct peer moonsweep = {"moonsweep", open_state, train, close_state};

    return peer_main(&moonsweep, argc, argv);
}
