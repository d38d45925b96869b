"""The cost curves of a sweep in bundles: one for each value of an axis of the grid."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from moonsweep.costs import OF_TRAJECTORY, all_costs

#: More steps cannot be distinguished in a figure.
MOST_STEPS: Final = 300

#: Half of the curves are between the first and the last; the one in the middle is the median.
QUANTILES: Final = {"low": 0.25, "median": 0.5, "high": 0.75}


def cost_bundles(sweep: xr.Dataset, by: str = "activation") -> pd.DataFrame:
    """The median and the quartiles of the costs of all trajectories with the same value of a parameter.

    by: "activation", "learning_rate", "n_h", "seed", "init_scale" or "dataset". Index: the value, in the
    order of the sweep, and ``update``, counted from 1, at most 300 of them, evenly spaced on a logarithmic
    axis. Columns: ``low``, ``median`` and ``high`` (the quartiles), and ``count``, the number of trajectories
    that have a cost there: curves that have ended do not count.

    Errors: ValueError if trajectories have no such parameter; otherwise those of moonsweep.all_costs.
    """
    names = {"dataset" if name == "config_dataset" else name: name for name in OF_TRAJECTORY}
    if by not in names:
        message = f"by is {by!r}; it must be one of {', '.join(names)}"
        raise ValueError(message)
    costs = all_costs(sweep)
    if not costs.size:
        index = pd.MultiIndex.from_arrays([[], []], names=[by, "update"])
        return pd.DataFrame(columns=[*QUANTILES, "count"], index=index, dtype=float)
    steps = np.unique(np.geomspace(1, costs.sizes["step"], MOST_STEPS).astype(int)) - 1
    chosen = costs.isel(step=steps)
    values, parameter = chosen.values, chosen[names[by]].values
    tables = [
        _bundle(values[parameter == value], by, value, chosen["step"].values + 1)
        for value in dict.fromkeys(parameter.tolist())
    ]
    return pd.concat(tables)


def _bundle(values: np.ndarray, by: str, value: object, updates: np.ndarray) -> pd.DataFrame:
    """The table of one bundle, whose costs are values (trajectories, updates)."""
    count = np.isfinite(values).sum(axis=0)
    exists = count > 0
    # NumPy's quantiles of no columns have another shape: no trajectory of this value has costs yet.
    quantiles = (
        np.nanquantile(values[:, exists], list(QUANTILES.values()), axis=0)
        if exists.any()
        else np.empty((len(QUANTILES), 0))
    )
    index = pd.MultiIndex.from_product([[value], updates[exists]], names=[by, "update"])
    return pd.DataFrame({**dict(zip(QUANTILES, quantiles, strict=True)), "count": count[exists]}, index=index)
