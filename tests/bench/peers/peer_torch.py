"""PyTorch with gradients derived by hand, eager or compiled, in inference_mode as its tuning guide recommends.

    python peer_torch.py DATA.csv [--compile]

With --compile, torch.compile makes one program of ITERATIONS_PER_CALL iterations, because entering a program costs as
much as an iteration of a small network.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import logging
from functools import partial

import torch
from peer import serve

ITERATIONS_PER_CALL = 5  # more is not faster, and takes longer to compile

# g, and its derivative as a function of g's value
ACTIVATIONS = {
    "tanh": (torch.tanh, lambda A1: 1 - A1 * A1),
    "sigmoid": (torch.sigmoid, lambda A1: A1 * (1 - A1)),
    "relu": (torch.relu, lambda A1: A1 > 0),
}


def step(activation, X, Y, rate, W1, b1, W2, b2):
    """The cost, and the parameters after an update."""
    g, slope = ACTIVATIONS[activation]
    m = X.shape[1]
    A1 = g(torch.addmm(b1, W1, X))
    A2 = torch.sigmoid(torch.addmm(b2, W2, A1))
    cost = -torch.where(Y > 0, A2, 1 - A2).log().mean()
    dZ2 = (A2 - Y) * (rate / m)
    dZ1 = W2.T * dZ2 * slope(A1)
    return (
        cost,
        W1 - dZ1 @ X.T,
        b1 - dZ1.sum(dim=1, keepdim=True),
        W2 - dZ2 @ A1.T,
        b2 - dZ2.sum(dim=1, keepdim=True),
    )


def steps(one, count, *parameters):
    """The costs of `count` iterations, and the parameters after them."""
    costs = []
    for _ in range(count):
        cost, *parameters = one(*parameters)
        costs.append(cost)
    return costs, parameters


@torch.inference_mode()
def prepare(options, case):
    # Copies made here are inference tensors, like those that the program returns, so that it is compiled only once.
    X, Y, W1, W2 = (torch.from_numpy(values).clone() for values in (case.X, case.Y, case.W1, case.W2))
    start = (W1, torch.zeros(len(W1), 1), W2, torch.zeros(1, 1))
    (rate,) = case.rates
    per_call = ITERATIONS_PER_CALL if options.compile else 1
    program = partial(steps, partial(step, case.activation, X, Y, rate), per_call)
    if options.compile:
        torch.compiler.reset()
        program = torch.compile(program, dynamic=False, fullgraph=True)
    calls, rest = divmod(case.iterations, per_call)
    assert rest == 0, f"iterations must be a multiple of {per_call}"

    @torch.inference_mode()
    def run():
        costs, parameters = [], start
        for _ in range(calls):
            some, parameters = program(*parameters)
            costs += some
        return torch.stack(costs)[-1:]

    if options.compile:
        program(*start)
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    logging.getLogger("torch.utils.cpp_extension").setLevel(logging.ERROR)  # it warns that there is no GPU
    serve(f"PyTorch {torch.__version__}", partial(prepare, options))


if __name__ == "__main__":
    main()
