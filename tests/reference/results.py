#!/usr/bin/env python3
"""Computes what the kept results contain, with NumPy and scikit-learn: samples, costs, parameters and accuracies.

    python3 results.py [FOLDER]       # writes results/{samples,rows,parameters,costs}.csv

FOLDER is tests/data by default. README.md describes the columns and versions. The settings are those of
tests/data/results/job.yaml.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import itertools

import numpy as np
import tables
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split
from train import ACTIVATIONS, cross_entropy, descend

SAMPLES, NOISE, DATA_SEED, DEV_FRACTION, SPLIT_SEED = 60, 0.2, 3, 0.25, 1
TARGET_DEV_ACCURACY = 100

# n_h, activation, learning_rate, seed, init_scale, and the iteration counts of the trajectory
TRAJECTORIES = [(n_h, activation, 0.5, 7, 0.5, [10, 60]) for n_h in (1, 3) for activation in ACTIVATIONS]
TRAJECTORIES += [(4, "relu", 1e6, 0, 0.01, [5, 60])]


def split():
    """X_train, X_dev, y_train, y_dev."""
    X, y = make_moons(SAMPLES, noise=NOISE, shuffle=True, random_state=DATA_SEED)
    return train_test_split(X, y, test_size=DEV_FRACTION, random_state=SPLIT_SEED)


def evaluate(parameters, activation, X, y):
    """The accuracy in percent and the cost of a network on samples."""
    g, _ = ACTIVATIONS[activation]
    A1 = g(parameters["W1"] @ X.T + parameters["b1"])
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    right = np.count_nonzero((Z2[0] > 0) == (y == 1))
    return 100 * right / len(y), cross_entropy(Z2, y[None, :]).item()


def finite_states(X, y, n_h, activation, rate, seed, init_scale, most):
    """The parameters [0 .. most] after each update and the costs before it, until one of them is not finite."""
    states, costs = [], []
    descent = descend(X, y, activation, n_h, rate, seed, init_scale, np.float64)
    for cost, parameters in itertools.islice(descent, most + 1):
        if not all(np.isfinite(values).all() for values in parameters.values()):
            break
        states.append(parameters)
        costs.append(cost.item())
        if not np.isfinite(cost):
            break
    return states, costs


def results(X, y, X_dev, y_dev, n_h, activation, rate, seed, init_scale, counts):
    """Yields (status, updates done, their parameters, costs) for each iteration count, in ascending order."""
    states, costs = finite_states(X, y, n_h, activation, rate, seed, init_scale, counts[-1])
    ended = None
    for count in counts:
        if ended is not None:
            status, done = "stopped", ended
        elif count < len(states):
            status, done = "done", count
        else:
            status, done = "diverged", len(states) - 1
        yield status, done, states[done], costs[:done]
        if ended is None and evaluate(states[done], activation, X_dev, y_dev)[0] >= TARGET_DEV_ACCURACY:
            ended = done


def main():
    np.seterr(over="ignore", invalid="ignore")  # the last trajectory diverges
    X, X_dev, y, y_dev = split()
    rows, parameter_rows, cost_rows = [], [], []
    for number, (n_h, activation, rate, seed, init_scale, counts) in enumerate(TRAJECTORIES):
        settings = (n_h, activation, rate, seed, init_scale)
        for iterations, (status, done, parameters, costs) in zip(
            counts, results(X, y, X_dev, y_dev, *settings, counts)
        ):
            config = len(rows)
            train_accuracy, train_cost = evaluate(parameters, activation, X, y)
            dev_accuracy, dev_cost = evaluate(parameters, activation, X_dev, y_dev)
            measured = (train_accuracy, dev_accuracy, costs[-1], train_cost, dev_cost)
            rows.append((config, *settings, iterations, status, done, *measured))
            parameter_rows += [
                (config, name, position, value.item())
                for name, values in parameters.items()
                for position, value in enumerate(values.ravel())
            ]
        cost_rows += [(number, iteration, cost) for iteration, cost in enumerate(costs)]
    folder = tables.folder() / "results"
    samples = [("train", X, y), ("dev", X_dev, y_dev)]
    tables.write(
        folder / "samples.csv",
        "set,x1,x2,label",
        ((part, *x.tolist(), int(label)) for part, xs, labels in samples for x, label in zip(xs, labels)),
    )
    tables.write(
        folder / "rows.csv",
        "config,n_h,activation,learning_rate,seed,init_scale,iterations,status,iterations_done,"
        "train_accuracy,dev_accuracy,final_cost,train_cost,dev_cost",
        rows,
    )
    tables.write(folder / "parameters.csv", "config,name,position,value", parameter_rows)
    tables.write(folder / "costs.csv", "trajectory,iteration,cost", cost_rows)


if __name__ == "__main__":
    main()
