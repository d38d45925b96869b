"""What the Python peers share: a peer trains on request.

    python peer_<name>.py DATA.csv [OPTION...]

DATA.csv is what `moonsweep data` writes; the networks start as the default sweep's do. First the peer writes a line
that says what it is (versions, settings); then, for every line

    ACTIVATION N_H RATE[,RATE...] ITERATIONS SECONDS

it trains the network from its start again and again until SECONDS have passed, at least once, and answers

    RUNS ELAPSED_SECONDS PROCESSOR_SECONDS COST[ COST...]

with the cost before the last update for each rate. What only the first run needs, such as compiling, happens before
the clock starts, as far as the library lets it be told apart; bench_peers.py discards a first answer besides.
"""

import sys
import time
from typing import NamedTuple

import numpy as np

INIT_SCALE = 0.01  # of the default sweep, whose seed is 0


class Case(NamedTuple):
    """A network to be trained; X [2][m] and Y [1][m] are the training set, W1 [n_h][2] and W2 [1][n_h] the start
    (biases start at 0)."""

    activation: str
    rates: tuple
    iterations: int
    X: np.ndarray
    Y: np.ndarray
    W1: np.ndarray
    W2: np.ndarray


def training_set(path):
    """X [2][m] and Y [1][m] of a file that `moonsweep data` wrote."""
    with open(path, encoding="ascii") as lines:
        assert next(lines) == "x1,x2,label,set\n", f"{path} is not what `moonsweep data` writes"
        rows = [line.split(",")[:3] for line in lines if line.endswith(",train\n")]
    table = np.array(rows, float).T
    return np.ascontiguousarray(table[:2]), np.ascontiguousarray(table[2:])


def start(n_h):
    """W1 and W2 as moonsweep and the article start them."""
    generator = np.random.RandomState(0)
    return generator.randn(n_h, 2) * INIT_SCALE, generator.randn(1, n_h) * INIT_SCALE


def serve(description, prepare):
    """Answers requests until there are no more. prepare(case) returns a function that trains the case from its start
    and returns the last cost for each rate, when all work is done."""
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
