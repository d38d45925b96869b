#!/usr/bin/env python3
"""Computes costs of saturated outputs in 4,000-bit arithmetic, to test the cost over its whole range.

    python3 saturation.py [FOLDER]      # writes saturation-{cases,samples}.csv

FOLDER is tests/data by default. README.md describes the columns and versions. The networks have one input and one
hidden unit. Parameters, features and learning rate are exactly the float64 numbers that are written; everything else is
computed practically exactly and rounded once to float64.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import tables
from mpmath import mp, mpf

mp.prec = 4000
RATE = 0.125
NEAR_ENDS = (30.0, 36.0, 37.0, 38.0, 100.0, 709.0, 710.0, 745.0, 746.0, 1023.5, 1024.0, 1100.0)
HUGE = (1e5, 1e10, 1e100, 1e300)


def sigma(t):
    return 1 / (1 + mp.exp(-t)) if t > -1e6 else mp.exp(t)


# g and its derivative
ACTIVATIONS = {
    "tanh": (mp.tanh, lambda t: mp.sech(t) ** 2),
    "sigmoid": (sigma, lambda t: sigma(t) * sigma(-t)),
    "relu": (lambda t: max(t, mpf(0)), lambda t: mpf(1 if t > 0 else 0)),
}


def softplus(t):
    """log(1 + e^t), which is -log sigma(-t)."""
    return t + mp.log1p(mp.exp(-t)) if t > 0 else mp.log1p(mp.exp(t))


def cases():
    """activation, W1, b1, W2, b2, samples as (x1, label)"""
    for z2 in NEAR_ENDS + HUGE:
        # the output's bias alone saturates it, with right and wrong labels
        yield "tanh", 0.5, 0.0, 1.0, z2, [(0.0, 0), (0.0, 1)]
        yield "sigmoid", 0.5, 0.0, 1.0, -z2, [(1.0, 1), (-1.0, 0), (2.0, 1)]
    for t in (10.0, 20.0, 400.0, 709.8, 1024.0, 1e4, 1e10, 1e300):
        # the hidden unit saturates on both sides
        for activation in ("tanh", "sigmoid"):
            yield activation, t, 0.25, 2.5, -0.5, [(1.0, 1), (-1.0, 1), (1.0, 0), (-1.0, 0), (0.0, 1)]
    for t in (50.0, 800.0, 1e5, 1e150):
        # relu's output grows with its input
        yield "relu", t, 0.0, 1.0, -0.5, [(1.0, 0), (1.0, 1), (-1.0, 1), (0.5, 0)]
    # 131 outputs from -648.75 to 651.25 (none is 0): the product of the probabilities exceeds float64's range
    yield "relu", 1.0, 650.0, 1.0, -650.0, [(10 * i - 648.75, i % 3 == 0) for i in range(131)]


def exact(activation, W1, b1, W2, b2, samples):
    """cost, accuracy, and the parameters after one update."""
    g, slope = ACTIVATIONS[activation]
    m = len(samples)
    cost, right = mpf(0), 0
    dW1, db1, dW2, db2 = mpf(0), mpf(0), mpf(0), mpf(0)
    for x, label in samples:
        t = mpf(W1) * x + b1
        a = g(t)
        z2 = mpf(W2) * a + b2
        cost += softplus(-z2 if label else z2)
        right += (z2 > 0) == label
        dz2 = -sigma(-z2) if label else sigma(z2)
        dz1 = dz2 * W2 * slope(t)
        dW1, db1, dW2, db2 = dW1 + dz1 * x, db1 + dz1, dW2 + dz2 * a, db2 + dz2
    steps = zip((W1, b1, W2, b2), (dW1, db1, dW2, db2), strict=True)
    return cost / m, mpf(100 * right) / m, *(value - RATE * step / m for value, step in steps)


def main():
    folder = tables.folder()
    made = list(cases())
    tables.write(
        folder / "saturation-cases.csv",
        "case,activation,W1,b1,W2,b2,learning_rate,cost,accuracy,W1_next,b1_next,W2_next,b2_next",
        (
            (i, activation, W1, b1, W2, b2, RATE, *map(float, exact(activation, W1, b1, W2, b2, samples)))
            for i, (activation, W1, b1, W2, b2, samples) in enumerate(made)
        ),
    )
    tables.write(
        folder / "saturation-samples.csv",
        "case,row,x1,label",
        ((i, row, x, int(label)) for i, (*_, samples) in enumerate(made) for row, (x, label) in enumerate(samples)),
    )


if __name__ == "__main__":
    main()
