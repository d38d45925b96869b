#!/usr/bin/env python3
"""Writes random numbers, two moons, splits and initial parameters from NumPy and scikit-learn.

    python3 data.py [FOLDER]        # writes rng.csv, moons.csv, split.csv, dev-rows.csv, folds.csv, init.csv

FOLDER is tests/data by default. README.md describes the columns and versions.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
import tables
from sklearn.datasets import make_moons
from sklearn.model_selection import KFold, train_test_split

SEEDS = [0, 1, 42, 3000000000, 4294967295]


def rng_rows():
    """kind, seed, argument, position, value: the value at some positions of a new generator's sequence."""
    positions = [*range(8), 311, 312, 622, 623, 624, 625, 1247, 1248, 1999]
    for seed in SEEDS:
        state = np.random.RandomState  # a new one for each sequence
        sequences = {
            ("u32", 0): state(seed).randint(0, 2**32, size=2000, dtype=np.uint32),
            ("double", 0): state(seed).random_sample(2000),
            ("gaussian", 0): state(seed).randn(2000),
        }
        for top in [0, 1, 2, 6, 255, 256, 999, 2**31, 2**32 - 1, 2**32, 10**15, 2**63, 2**64 - 1]:
            drawn = state(seed).randint(0, top + 1, size=2000, dtype=np.uint64)
            sequences["interval", top] = drawn
        for (kind, argument), sequence in sequences.items():
            for position in positions:
                yield kind, seed, argument, position, sequence[position].item()
        for n in [1, 2, 3, 10, 50]:
            for position, value in enumerate(state(seed).permutation(n)):
                yield "permutation", seed, n, position, int(value)


def moons_rows():
    """samples, noise, seed, row, x1, x2, label: all rows, or every 37th of 1,999."""
    cases = [(n, noise, seed) for n in (1, 2, 3, 4, 5, 7, 11, 64) for noise in (0.0, 0.25) for seed in (0, 3000000000)]
    cases += [(1999, 0.25, 7), (1999, 0.0, 7), (2000, 0.25, 0)]
    for samples, noise, seed in cases:
        X, y = make_moons(samples, noise=noise, shuffle=True, random_state=seed)
        for row in range(0, samples, 37 if samples == 1999 else 1):
            yield samples, noise, seed, row, X[row, 0].item(), X[row, 1].item(), int(y[row])


def split_rows():
    """rows, dev_fraction, seed, part, position, row: the original row at each position of each part."""
    cases = [(n, f, seed) for n in (2, 3, 5, 7, 11, 60) for f in (0.2, 0.25, 0.5) for seed in (1, 42)]
    for rows, fraction, seed in [*cases, (2000, 0.2, 42)]:
        train, dev = train_test_split(np.arange(rows), test_size=fraction, random_state=seed)
        for part, chosen in (("train", train), ("dev", dev)):
            for position, row in enumerate(chosen):
                yield rows, fraction, seed, part, position, int(row)


def dev_row_rows():
    """rows, dev_fraction, dev_rows: cases in which rounding the product matters, and others."""
    for rows in (2, 3, 5, 7, 10, 11, 15, 29, 30, 100, 999, 1999, 2000, 100000):
        for fraction in (0.01, 0.07, 0.1, 0.14, 0.2, 0.25, 0.28, 0.29, 0.3, 1 / 3, 0.5, 0.55, 0.57, 0.58, 0.7, 0.9):
            try:
                _, dev = train_test_split(np.arange(rows), test_size=fraction, random_state=0)
            except ValueError:  # one side would be empty
                continue
            yield rows, fraction, len(dev)


def fold_rows():
    """rows, folds, seed, fold, part, position, row: the original row at each position of each part."""
    cases = [(n, k, seed) for n, k in ((2, 2), (3, 2), (5, 5), (11, 3), (60, 7)) for seed in (0, 42, 4294967295)]
    for rows, folds, seed in cases:
        divisions = KFold(n_splits=folds, shuffle=True, random_state=seed).split(np.arange(rows))
        for fold, (train, dev) in enumerate(divisions):
            for part, chosen in (("train", train), ("dev", dev)):
                for position, row in enumerate(chosen):
                    yield rows, folds, seed, fold, part, position, int(row)


def init_rows():
    """seed, init_scale, n_x, n_h, name, position, value: W1 row by row, then W2."""
    cases = [(0, 0.01, 2, 3), (0, 0.01, 2, 1), (0, 0.01, 2, 50), (1, 0.01, 1, 4), (42, 1.0, 3, 7)]
    for seed, scale, n_x, n_h in [*cases, (4294967295, 0.3, 7, 2)]:
        generator = np.random.RandomState(seed)
        for name, shape in (("W1", (n_h, n_x)), ("W2", (1, n_h))):
            values = generator.randn(*shape) * scale
            for position, value in enumerate(values.ravel()):
                yield seed, scale, n_x, n_h, name, position, value.item()


TABLES = {
    "rng.csv": ("kind,seed,argument,position,value", rng_rows),
    "moons.csv": ("samples,noise,seed,row,x1,x2,label", moons_rows),
    "split.csv": ("rows,dev_fraction,seed,part,position,row", split_rows),
    "dev-rows.csv": ("rows,dev_fraction,dev_rows", dev_row_rows),
    "folds.csv": ("rows,folds,seed,fold,part,position,row", fold_rows),
    "init.csv": ("seed,init_scale,n_x,n_h,name,position,value", init_rows),
}


def main():
    folder = tables.folder()
    for name, (header, rows) in TABLES.items():
        tables.write(folder / name, header, rows())


if __name__ == "__main__":
    main()
