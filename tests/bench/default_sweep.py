"""The default sweep in the benchmarks: the axes of jobs/moons420.yaml, and job files with other iteration counts."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

N_H = (1, 2, 3, 4, 5, 10, 50)
ACTIVATIONS = ("tanh", "sigmoid", "relu")
RATES = (1.2, 0.6, 0.1, 0.01, 0.001)
ITERATIONS = (100, 1000, 10000, 100000)
QUICK_ITERATIONS = (10, 100, 1000)  # of the benchmarks with --quick

# The iterations of every (activation, n_h): the largest count, of which the others are prefixes, at every rate.
ITERATIONS_OF_NETWORK = len(RATES) * max(ITERATIONS)

# At the other rates some networks oscillate with period 2. Rounding determines the phase, so that programs differ.
STEADY_RATES = tuple(rate for rate in RATES if rate <= 0.1)


def listed(values):
    return ", ".join(str(value) for value in values)


def job(iterations=ITERATIONS):
    """The text of a job file for the default sweep with these iteration counts."""
    return f"""\
name: benchmark
data:
  moons: {{samples: 2000, noise: 0.25, seed: 0}}
  dev_fraction: 0.2
  split_seed: 42
grid:
  n_h: [{listed(N_H)}]
  activation: [{listed(ACTIVATIONS)}]
  learning_rate: [{listed(RATES)}]
  iterations: [{listed(iterations)}]
"""
