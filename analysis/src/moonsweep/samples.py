"""The samples of a data set, and new ones from scikit-learn's make_moons."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

PARTS = ("train", "dev")


@dataclass(frozen=True)
class Samples:
    """Samples X (m, n_x) with their labels y (m,), 0 or 1."""

    X: NDArray[np.float64]
    y: NDArray[np.uint8]


def samples_of(sweep: xr.Dataset, part: str, dataset: int = 0) -> Samples:
    """The samples of a data set as the networks see them; part: "train" or "dev".

    Errors: ValueError if ``part`` is neither; IndexError if there is no such data set.
    """
    if part not in PARTS:
        message = f"part is {part!r}; it must be 'train' or 'dev'"
        raise ValueError(message)
    if not 0 <= dataset < sweep.sizes["dataset"]:
        message = f"there is no data set {dataset} (there are: 0 to {sweep.sizes['dataset'] - 1})"
        raise IndexError(message)
    start = int(sweep[f"{part}_start"].values[dataset])
    rows = slice(start, start + int(sweep[f"{part}_count"].values[dataset]))
    chosen = sweep[[f"X_{part}", f"y_{part}"]].isel({f"{part}_sample": rows})
    return Samples(chosen[f"X_{part}"].values, chosen[f"y_{part}"].values)


def make_moons(samples: int, noise: float, seed: int) -> Samples:
    """New samples of two moons, equal to those of the function of this name in scikit-learn.

    noise: the standard deviation of the noise; seed: scikit-learn's ``random_state``.

    Errors: ValueError if there are less than one, or the noise is negative.
    """
    if samples < 1 or not noise >= 0:
        message = f"samples is {samples} and noise {noise}; they must be at least 1 and 0"
        raise ValueError(message)
    random = np.random.RandomState(seed)
    outer = samples // 2
    angles = [np.linspace(0, np.pi, count) for count in (outer, samples - outer)]
    X = np.column_stack(
        [
            np.append(np.cos(angles[0]), 1 - np.cos(angles[1])),
            np.append(np.sin(angles[0]), 1 - np.sin(angles[1]) - 0.5),
        ]
    )
    y = np.repeat(np.array([0, 1], np.uint8), [outer, samples - outer])
    order = np.arange(samples)
    random.shuffle(order)
    X, y = X[order], y[order]
    return Samples(X + random.normal(scale=noise, size=X.shape), y)
