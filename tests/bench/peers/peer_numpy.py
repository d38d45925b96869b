"""The article's program: NumPy, with one array operation after another, and the loop over iterations in Python."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
from peer import serve


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


# g, and its derivative as a function of g's value
ACTIVATIONS = {
    "tanh": (np.tanh, lambda A1: 1 - A1 * A1),
    "sigmoid": (sigmoid, lambda A1: A1 * (1 - A1)),
    "relu": (lambda Z1: np.maximum(Z1, 0), lambda A1: A1 > 0),
}


def train(activation, X, Y, W1, W2, rate, iterations):
    """Returns costs [iterations], each before the update. W1 and W2 are the initial weights and are not changed."""
    g, slope = ACTIVATIONS[activation]
    m = X.shape[1]
    b1, b2 = np.zeros((len(W1), 1)), np.zeros((1, 1))
    costs = np.empty(iterations)
    for i in range(iterations):
        A1 = g(W1 @ X + b1)
        A2 = sigmoid(W2 @ A1 + b2)
        costs[i] = -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)).sum() / m
        dZ2 = A2 - Y
        dZ1 = W2.T @ dZ2 * slope(A1)
        W2 = W2 - rate * (dZ2 @ A1.T / m)
        b2 = b2 - rate * (dZ2.sum(axis=1, keepdims=True) / m)
        W1 = W1 - rate * (dZ1 @ X.T / m)
        b1 = b1 - rate * (dZ1.sum(axis=1, keepdims=True) / m)
    return costs


def prepare(case):
    (rate,) = case.rates
    return lambda: train(case.activation, case.X, case.Y, case.W1, case.W2, rate, case.iterations)[-1:]


def description():
    """The version, and the processor whose code the matrix products use."""
    from threadpoolctl import threadpool_info

    (blas,) = threadpool_info()
    return f"NumPy {np.__version__}, {blas['internal_api']} {blas['version']} for {blas['architecture']}"


if __name__ == "__main__":
    serve(description(), prepare)
