/* Straightforward C as a peer.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "peer.h"
#include "straightforward.h"

static enum ms_code open_state(const struct ms_data *data, int32_t n_h, void **state,
                               const char **description, struct ms_error *err)
{
    struct straightforward *made;
    enum ms_code code = straightforward_open(data, n_h, &made, err);

    if (code == MS_OK) {
        *state = made;
        *description = straightforward_description();
    }
    return code;
}

static enum ms_code train(void *state, struct ms_network *network, double learning_rate, int64_t iterations,
                          double *costs, struct ms_error *err)
{
    (void)err;
    straightforward_train(state, network, learning_rate, iterations, costs);
    return MS_OK;
}

static void close_state(void *state)
{
    straightforward_close(state);
}

int main(int argc, char **argv)
{
    static const struct peer straightforward = {"straightforward C", open_state, train, close_state};

    return peer_main(&straightforward, argc, argv);
}
