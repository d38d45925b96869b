"""The common part of the Python peers. A peer trains on request.

    python peer_<name>.py DATA.csv [OPTION...]

DATA.csv is an output of `moonsweep data`; the networks have the initial parameters of the default sweep. The peer first
writes a line that describes it (versions, settings). Then, for every line

    ACTIVATION N_H RATE[,RATE...] ITERATIONS SECONDS

it trains the network from its initial parameters, repeatedly until SECONDS have passed but at least once, and answers

    RUNS ELAPSED_SECONDS PROCESSOR_SECONDS COST[ COST...]

with the cost before the last update for each rate. Work that only the first run needs, such as compiling, is done
before the clock starts, as far as the library can separate it. bench_peers.py also discards the first answer.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import sys
import time
from typing import NamedTuple

import numpy as np

INIT_SCALE = 0.01  # of the default sweep, whose seed is 0


class Case(NamedTuple):
    """A network to train: X [2][m] and Y [1][m] are the training set, W1 [n_h][2] and W2 [1][n_h] the initial weights.
    The initial biases are 0."""

    activation: str
    rates: tuple
    iterations: int
    X: np.ndarray
    Y: np.ndarray
    W1: np.ndarray
    W2: np.ndarray


def training_set(path):
    """Reads X [2][m] and Y [1][m] from an output of `moonsweep data`."""
    with open(path, encoding="ascii") as lines:
        assert next(lines) == "x1,x2,label,set\n", f"{path} is not an output of `moonsweep data`"
        rows = [line.split(",")[:3] for line in lines if line.endswith(",train\n")]
    table = np.array(rows, float).T
    return np.ascontiguousarray(table[:2]), np.ascontiguousarray(table[2:])


def start(n_h):
    """The initial W1 and W2 of moonsweep and the article."""
    generator = np.random.RandomState(0)
    return generator.randn(n_h, 2) * INIT_SCALE, generator.randn(1, n_h) * INIT_SCALE


def serve(description, prepare):
    """Answers requests until there are no more. prepare(case) returns a function that trains the case from its initial
    parameters and returns the last cost for each rate, after all work is done."""
    X, Y = training_set(sys.argv[1])
    print(description, flush=True)
    latest, run = None, None
    for line in sys.stdin:
        *words, seconds = line.split()
        if words != latest:
            activation, n_h, rates, iterations = words
            rates = tuple(float(rate) for rate in rates.split(","))
            latest, run = words, prepare(Case(activation, rates, int(iterations), X, Y, *start(int(n_h))))
        runs, started, processor_started = 0, time.perf_counter(), time.process_time()
        while True:
            costs = run()
            runs, elapsed = runs + 1, time.perf_counter() - started
            if elapsed >= float(seconds):
                break
        print(runs, elapsed, time.process_time() - processor_started, *(float(cost) for cost in costs), flush=True)
