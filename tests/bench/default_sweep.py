"""The default sweep as the benchmarks see it: the axes of jobs/moons420.yaml, and job files that differ from it in the
iteration counts."""

N_H = (1, 2, 3, 4, 5, 10, 50)
ACTIVATIONS = ("tanh", "sigmoid", "relu")
RATES = (1.2, 0.6, 0.1, 0.01, 0.001)
ITERATIONS = (100, 1000, 10000, 100000)

# What every (activation, n_h) is trained for: the largest count, which the others are prefixes of, at every rate.
ITERATIONS_OF_NETWORK = len(RATES) * max(ITERATIONS)

# At the other rates some networks oscillate with period 2: rounding decides the phase, and no two programs agree.
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
