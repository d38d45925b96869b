"""The article's networks, each as one task, distributed to processes by mpi4py's MPIPoolExecutor.

    mpirun -n PROCESSES python -m mpi4py.futures pool_numpy.py DATA.csv ITERATIONS

One process distributes the tasks, those with the most work first, and waits; the others train. Prints a line for every
trajectory of the default sweep: activation, n_h, learning rate and the cost before the last update.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import sys
from functools import cache
from itertools import product
from pathlib import Path

from mpi4py.futures import MPIPoolExecutor
from peer import start, training_set
from peer_numpy import train

sys.path.append(str(Path(__file__).resolve().parents[1]))
import default_sweep  # noqa: E402 (in the folder that was just added)

training_set = cache(training_set)  # each process reads it once


def last_cost(task):
    path, iterations, activation, n_h, rate = task
    X, Y = training_set(path)
    return train(activation, X, Y, *start(n_h), rate, iterations)[-1]


def main():
    path, iterations = sys.argv[1], int(sys.argv[2])
    networks = list(product(default_sweep.ACTIVATIONS, default_sweep.N_H, default_sweep.RATES))
    networks.sort(key=lambda network: network[1], reverse=True)
    with MPIPoolExecutor() as pool:
        costs = pool.map(last_cost, [(path, iterations, *network) for network in networks])
        for network, cost in zip(networks, costs):
            print(*network, float(cost))


if __name__ == "__main__":
    main()
