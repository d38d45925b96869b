"""Jobs with samples from a user's own file, and how scikit-learn splits them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np

GRID = "grid: {n_h: [3], activation: [tanh, relu], learning_rate: [0.5], iterations: [20, 100]}\n"


def write_job(folder, data="file: points.csv, dev_fraction: 0.25, split_seed: 7", more=""):
    path = folder / "own.yaml"
    path.write_text(f"name: own\ndata: {{{data}}}\n{GRID}{more}")
    return path


def split(X, y, dev_fraction=0.25, seed=7):
    """scikit-learn's train_test_split."""
    order = np.random.RandomState(seed).permutation(len(X))
    dev = int(np.ceil(dev_fraction * len(X)))
    return X[order[dev:]], y[order[dev:]], X[order[:dev]], y[order[:dev]]
