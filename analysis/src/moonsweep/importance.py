"""Which hyperparameter matters: the share of the variance that each axis of the grid explains."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from moonsweep.grid import grid


def importance(sweep: xr.Dataset, value: str = "dev_accuracy") -> pd.DataFrame:
    """The shares of the variance of a result over the whole grid, a row for each axis with several values.

    Columns: ``alone``, the variance of the means over all other axes; ``total``, the part that vanishes if
    the axis is fixed, which also contains its interactions with others; both as shares of the whole variance.
    The shares are exact, since the grid is full (functional analysis of variance), and the axis with the
    largest total is first. The attribute ``interactions`` of the table is what remains of 1 without all of
    ``alone``. The accuracies of diverged configurations, which count as well, are those of their last finite
    parameters.

    Errors: NotAGridError if the sweep is no grid; KeyError if there is no such result; ValueError if results
    are missing, or they do not vary.
    """
    cells = grid(sweep)
    if value not in cells.data_vars or set(cells[value].dims) != set(cells["config"].dims):
        message = f"there is no result {value!r} of one number for each configuration, such as 'dev_accuracy'"
        raise KeyError(message)
    values = cells[value].values.astype(np.float64)
    missing = int(np.isnan(values).sum())
    if missing:
        message = f"{missing:,} of {values.size:,} configurations have no {value}: shares need all of them"
        raise ValueError(message)
    whole = float(values.var())
    if not whole > 0:
        message = f"{value} is the same for all configurations, so that there is no variance to explain"
        raise ValueError(message)
    axes = [axis for axis, size in enumerate(values.shape) if size > 1]
    rows = {
        str(cells[value].dims[axis]): {
            "alone": _variance(values, [axis]) / whole,
            "total": 1.0 - _variance(values, [other for other in axes if other != axis]) / whole,
        }
        for axis in axes
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["alone", "total"])
    table = table.sort_values("total", ascending=False, kind="stable").rename_axis("axis")
    table.attrs["interactions"] = max(0.0, 1.0 - float(table["alone"].sum()))
    return table


def _variance(values: NDArray[np.float64], kept: list[int]) -> float:
    """The variance of the means over all axes but those that are kept."""
    over = tuple(axis for axis in range(values.ndim) if axis not in kept)
    return float(values.mean(axis=over).var())
