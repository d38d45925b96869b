"""The textbook formulas of a network with one hidden layer, in NumPy."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np

# {activation: (g, its derivative as a function of g(Z))}
ACTIVATIONS = {
    "tanh": (np.tanh, lambda A: 1 - A * A),
    "sigmoid": (lambda Z: 1 / (1 + np.exp(-Z)), lambda A: A * (1 - A)),
    "relu": (lambda Z: np.maximum(Z, 0), lambda A: (A > 0) * 1.0),
}


def logits(activation, parameters, X):
    W1, b1, W2, b2 = parameters
    return ACTIVATIONS[activation][0](X @ W1.T + b1) @ W2 + b2


def probability(activation, parameters, X):
    """The probabilities that the labels are 1."""
    return 1 / (1 + np.exp(-logits(activation, parameters, X)))


def cost(activation, parameters, X, y, weight=(1, 1)):
    """The weighted cost by its definition."""
    Z2 = logits(activation, parameters, X)
    return np.sum(np.where(y == 1, weight[1], weight[0]) * np.logaddexp(0, np.where(y == 1, -Z2, Z2))) / len(y)


def train(X, y, activation, iterations, n_h, rate, seed=0, init_scale=0.01, weight=(1, 1)):
    """Gradient descent on the weighted cost; returns the costs before each update, and the parameters."""
    g, slope = ACTIVATIONS[activation]
    generator = np.random.RandomState(seed)
    W1 = generator.randn(n_h, X.shape[1]) * init_scale
    W2 = generator.randn(n_h) * init_scale
    b1, b2 = np.zeros(n_h), 0.0
    weights = np.where(y == 1, weight[1], weight[0])
    costs = []
    for _ in range(iterations):
        costs.append(cost(activation, (W1, b1, W2, b2), X, y, weight))
        A1 = g(X @ W1.T + b1)
        d2 = weights * (1 / (1 + np.exp(-(A1 @ W2 + b2))) - y) / len(y)
        d1 = np.outer(d2, W2) * slope(A1)
        W2, b2 = W2 - rate * A1.T @ d2, b2 - rate * d2.sum()
        W1, b1 = W1 - rate * d1.T @ X, b1 - rate * d1.sum(axis=0)
    return np.array(costs), (W1, b1, W2, b2)
