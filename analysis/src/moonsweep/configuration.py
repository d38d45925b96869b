"""Finds the row of a configuration."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence

import numpy as np
import xarray as xr


def row_of(sweep: xr.Dataset, names: Sequence[str], config: int) -> xr.Dataset:
    """The variables ``names`` of one configuration.

    Errors: KeyError with the number and those that there are, if there is no such configuration; TypeError if
    it is no whole number; KeyError if the dataset lacks a variable.
    """
    given = np.asarray(config)
    if given.ndim != 0 or given.dtype.kind not in "iu":
        message = f"config is {given.tolist()!r}; it must be the number of a configuration"
        raise TypeError(message)
    need(sweep, ("config", *names))
    labels = sweep["config"].values
    (rows,) = np.nonzero(labels == int(given))
    if rows.size == 0:
        between = f"{labels.min()} to {labels.max()}" if labels.size else "none"
        message = f"there is no configuration {int(given)} (there are: {between})"
        raise KeyError(message)
    return sweep[list(names)].isel(config=int(rows[0]))


def need(sweep: xr.Dataset, names: Sequence[str]) -> None:
    """Checks that a dataset has these variables. Errors: KeyError with those that are missing."""
    absent = [name for name in names if name not in sweep.variables]
    if absent:
        have = "variable" if len(absent) == 1 else "variables"
        message = f"the dataset has no {have} {', '.join(absent)}: use one that moonsweep.open returned"
        raise KeyError(message)
