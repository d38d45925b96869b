#!/usr/bin/env python3
"""Computes costs and parameters of textbook gradient descent with NumPy, with which training is compared.

    python3 train.py [FOLDER]       # writes training-{data,cases,costs,parameters}.csv

FOLDER is tests/data by default. README.md describes the columns and versions. Every case is computed in float64 and in
80-bit extended precision. A case whose figures differ by more than AGREEMENT (relative) is rejected, so that every
correct program can reproduce the figures that are written.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import itertools
import sys

import numpy as np
import tables
from sklearn.datasets import make_moons

ITERATIONS = 1000
REPORTED = [0, 1, 2, 3, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 950, 998, 999]
AGREEMENT = 2e-12

RATES = {"tanh": (0.1, 0.4), "sigmoid": (0.1, 1.0), "relu": (0.1, 0.5)}  # with larger ones some cases oscillate


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


# g, and its derivative as a function of g's value
ACTIVATIONS = {
    "tanh": (np.tanh, lambda A1: 1 - A1 * A1),
    "sigmoid": (sigmoid, lambda A1: A1 * (1 - A1)),
    "relu": (lambda Z1: np.where(Z1 > 0, Z1, 0), lambda A1: np.where(A1 > 0, 1.0, 0.0)),
}


def moons(samples, seed):
    X, y = make_moons(samples, noise=0.25, shuffle=True, random_state=seed)
    return X, y


def ball(samples, n_x, seed):
    """Gaussian points, with label 1 outside the median distance and a tenth of the labels flipped."""
    generator = np.random.RandomState(seed)
    X = generator.randn(samples, n_x) + 0.3
    distance = (X * X).sum(axis=1)
    y = (distance > np.median(distance)).astype(int)
    flipped = generator.permutation(samples)[: samples // 10]
    y[flipped] = 1 - y[flipped]
    return X, y


def datasets():
    """name: X [m][n_x], y [m]."""
    return {
        "line1": (np.array([[0.75]]), np.array([1])),
        "line13": ball(13, 1, 1),
        "line65": ball(65, 1, 2),
        "moons5": moons(5, 0),
        "moons61": moons(61, 0),
        "moons513": moons(513, 3),
        "ball7": ball(7, 3, 4),
        "ball129": ball(129, 3, 5),
        "four": (np.array([[-2.0, 0.5], [-1.0, -0.25], [1.0, 0.5], [2.5, 0.25]]), np.array([0, 0, 1, 1])),
    }


def cases():
    """dataset, activation, n_h, learning_rate, seed, init_scale"""
    for dataset in ("line13", "moons61", "ball129"):
        for activation in ACTIVATIONS:
            for n_h in (1, 3, 10):
                for rate in RATES[activation]:
                    yield dataset, activation, n_h, rate, 0, 0.01
    for dataset in ("line1", "line65", "moons5", "moons513", "ball7"):
        for activation in ACTIVATIONS:
            yield dataset, activation, 4, 0.3, 7, 0.5
    yield "four", "tanh", 2, 1.0, 0, 0.01
    yield "four", "sigmoid", 2, 1000.0, 0, 0.01  # its output saturates at once
    yield "four", "relu", 2, 1.0, 0, 0.01


def descend(X, y, activation, n_h, rate, seed, init_scale, number):
    """Yields the cost and the parameters before each update, computed in type `number`, without end."""
    g, slope = ACTIVATIONS[activation]
    X = X.T.astype(number)  # [n_x][m]
    Y = y.astype(number)[None, :]
    n_x, m = X.shape
    generator = np.random.RandomState(seed)
    W1 = (generator.randn(n_h, n_x) * init_scale).astype(number)
    W2 = (generator.randn(1, n_h) * init_scale).astype(number)
    b1 = np.zeros((n_h, 1), number)
    b2 = np.zeros((1, 1), number)
    rate = number(rate)
    while True:
        A1 = g(W1 @ X + b1)
        Z2 = W2 @ A1 + b2
        yield cross_entropy(Z2, Y), {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
        dZ2 = sigmoid(Z2) - Y
        dZ1 = (W2.T @ dZ2) * slope(A1)
        W2 = W2 - rate * (dZ2 @ A1.T) / m
        b2 = b2 - rate * dZ2.sum(axis=1, keepdims=True) / m
        W1 = W1 - rate * (dZ1 @ X.T) / m
        b1 = b1 - rate * dZ1.sum(axis=1, keepdims=True) / m


def cross_entropy(Z2, Y):
    """The mean of -log of the true label's probability, without log(0). Z2, Y [1][m]."""
    return np.logaddexp(Z2.dtype.type(0), np.where(Y == 1, -Z2, Z2)).sum() / Y.shape[1]


def train(X, y, activation, n_h, rate, seed, init_scale, number):
    """Returns the costs [ITERATIONS] before each update and the last parameters, computed in type `number`."""
    states = descend(X, y, activation, n_h, rate, seed, init_scale, number)
    costs = [cost for cost, _ in itertools.islice(states, ITERATIONS)]
    _, parameters = next(states)
    return np.array(costs), parameters


def difference(figures, exact):
    """The largest relative difference. For figures below 1e-12, the difference is divided by 1e-12."""
    return float(np.max(np.abs(figures - exact) / np.maximum(np.abs(exact), 1e-12)))


def main():
    folder = tables.folder()
    np.seterr(over="ignore")  # exp(-z2) of a saturated output is infinite, and its sigmoid 0
    data = datasets()
    case_rows, cost_rows, parameter_rows = [], [], []
    worst = 0
    for case, (dataset, *settings) in enumerate(cases()):
        X, y = data[dataset]
        costs, parameters = train(X, y, *settings, np.float64)
        exact_costs, exact_parameters = train(X, y, *settings, np.longdouble)
        found = max(
            difference(costs, exact_costs),
            *(difference(parameters[name], exact_parameters[name]) for name in parameters),
        )
        print(f"case {case}: {dataset} {settings}: {found:.2g}, last cost {costs[-1]:.6g}", file=sys.stderr)
        if not found <= AGREEMENT:
            sys.exit(f"case {case} depends on rounding; choose another case")
        worst = max(worst, found)
        case_rows.append((case, dataset, X.shape[1], *settings, ITERATIONS))
        cost_rows += [(case, i, exact_costs[i].astype(float).item()) for i in REPORTED]
        parameter_rows += [
            (case, name, position, value.astype(float).item())
            for name in parameters
            for position, value in enumerate(exact_parameters[name].ravel())
        ]
    print(f"float64 and extended precision agree to {worst:.2g} in all cases", file=sys.stderr)
    tables.write(
        folder / "training-data.csv",
        "dataset,row,x1,x2,x3,label",
        (
            (name, row, *(X[row, i].item() if i < X.shape[1] else "" for i in range(3)), int(y[row]))
            for name, (X, y) in data.items()
            for row in range(len(y))
        ),
    )
    tables.write(
        folder / "training-cases.csv",
        "case,dataset,n_x,activation,n_h,learning_rate,seed,init_scale,iterations",
        case_rows,
    )
    tables.write(folder / "training-costs.csv", "case,iteration,cost", cost_rows)
    tables.write(folder / "training-parameters.csv", "case,name,position,value", parameter_rows)


if __name__ == "__main__":
    main()
