"""Computes the values that tests/mpi/store_ranks.c commits."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np

from lib import checksums, result_file

N_H = [1, 3, 2]
ACTIVATION = ["tanh", "sigmoid", "relu"]
LEARNING_RATE = [0.5, 0.1]
SEED = [0, 3_000_000_000]
ITERATIONS = [100, 5000, 20]
CONFIGS = 108
TRAJECTORIES = 36
HISTORY = 5000
ZERO_TRAJECTORY, ZERO_FROM = 5, 10
DIVERGED_TRAJECTORY, DIVERGED_AFTER = 7, 34
JOB_HASH = 0xFEDCBA9876543210

PENDING, DONE, DIVERGED = 0, 1, 2


def tuples():
    """(n_h, activation, learning rate, seed, iterations) of each configuration."""
    return [
        (n_h, activation, rate, seed, iterations)
        for n_h in N_H
        for activation in ACTIVATION
        for rate in LEARNING_RATE
        for seed in SEED
        for iterations in ITERATIONS
    ]


def costs(trajectory, count):
    """The first costs of a trajectory."""
    i = np.arange(count)
    values = trajectory + 1 / (i + 1)
    if trajectory == ZERO_TRAJECTORY:
        values[i >= ZERO_FROM] = 0
    return values


def row(config, real=np.float64):
    """The values of a final configuration, except rank, run and checksums. real: the type in which costs are stored."""
    n_h, activation, rate, seed, iterations = tuples()[config]
    trajectory = config // len(ITERATIONS)
    diverged = trajectory == DIVERGED_TRAJECTORY and iterations > DIVERGED_AFTER
    done = DIVERGED_AFTER if diverged else iterations
    units, features = max(N_H), 2
    j, k = np.arange(units), np.arange(features)
    absent = j >= n_h
    W1 = config + j[:, None] / 64 + k / 1024
    b1 = -config - j / 64
    W2 = config / 4 + j
    for parameter in (W1, b1, W2):
        parameter[absent] = np.nan
    return {
        "n_h": n_h,
        "activation": activation,
        "learning_rate": rate,
        "iterations": iterations,
        "seed": seed,
        "init_scale": 0.01,
        "config_trajectory": trajectory,
        "config_dataset": 0,
        "status": DIVERGED if diverged else DONE,
        "iterations_done": done,
        "ended_by": 0,
        "train_accuracy": 50 + config / 16,
        "dev_accuracy": 25 + config / 16,
        "train_outcomes": [config, 1, 2, 3],
        "dev_outcomes": [4, 5, 6, config],
        "final_cost": costs(trajectory, done).astype(real)[-1],
        "train_cost": config / 32,
        "dev_cost": config / 64,
        "train_seconds": config / 128,
        "train_cpu_seconds": config / 256,
        "W1": W1,
        "b1": b1,
        "W2": W2,
        "b2": config / 8,
    }


def wrong_rows(file):
    """[(configuration, variable)] of wrong values in final rows of an h5py.File, and the number of final rows."""
    status = file["status"][...]
    wrong = set()
    for config in np.flatnonzero(status):
        for name, expected in row(int(config), file["cost"].dtype).items():
            if name == "activation":
                same = result_file.activation(file, config) == expected
            else:
                typed = np.asarray(expected, dtype=file[name].dtype)
                same = np.array_equal(file[name][config], typed, equal_nan=True)
            if not same:
                wrong.add((int(config), name))
        if not checksums.match(file, int(config)):
            wrong.add((int(config), "checksum"))
    return sorted(wrong), int((status != PENDING).sum())
