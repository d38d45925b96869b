"""Cost curves: that of a configuration, and those of all trajectories."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from moonsweep import schema
from moonsweep.configuration import need, row_of
from moonsweep.parameter_index import ParameterIndex

#: What says where the costs of a trajectory are.
PLACES: Final = ("cost_start", "cost_count", "cost_stride")

#: The parameters that a trajectory has; the other one is the iteration count.
OF_TRAJECTORY: Final = tuple(name for name in schema.PARAMETERS if name != "iterations")

#: Attributes of the results, by which xarray labels the axes of plots.
COST_ATTRIBUTES: Final = {"long_name": "cost (cross-entropy)"}
UPDATE_ATTRIBUTES: Final = {"long_name": "updates before the cost"}


def cost_of(sweep: xr.Dataset, config: int) -> xr.DataArray:
    """The costs of a configuration over ``iteration``, as far as they are stored.

    The value at iteration i is the cost before update i; at 0 it is that of the initial parameters. If the
    costs are stored with a stride, only multiples of it are present; if none are stored, the array is empty.
    For a pending configuration, the costs of its trajectory so far are returned; for a diverged one, the
    finite costs; for a dropped one, those up to the rung at which its trajectory was dropped. The number and
    the parameters of the configuration are scalar coordinates.

    Errors: KeyError if there is no such configuration.
    """
    need(sweep, ("cost", *PLACES, "trajectory"))
    row = row_of(sweep, ["config_trajectory", *schema.PARAMETERS], config)
    position = int(np.flatnonzero(sweep["trajectory"].values == int(row["config_trajectory"]))[0])
    start, count, stride = (int(sweep[name].values[position]) for name in PLACES)
    if stride > 0:
        count = min(count, -(-int(row["iterations"]) // stride))
    cost = sweep["cost"].isel(cost_sample=slice(start, start + count))
    iteration = ("iteration", np.arange(count, dtype=np.int64) * stride, UPDATE_ATTRIBUTES)
    settings = {name: row[name].variable for name in ("config", *schema.PARAMETERS)}
    return xr.DataArray(
        cost.values,
        coords={"iteration": iteration, **settings},
        dims="iteration",
        name="cost",
        attrs=COST_ATTRIBUTES,
    )


def stride_of(sweep: xr.Dataset) -> int:
    """The number of updates from one stored cost to the next; 0 if no costs of updates are stored.

    It is the same for all trajectories of a result file. Of several files that were opened together, it is
    the largest one.
    """
    return int(sweep["cost_stride"].values.max(initial=0)) if "cost_stride" in sweep else 0


def all_costs(sweep: xr.Dataset) -> xr.DataArray:
    """The costs of all trajectories over ``trajectory`` and ``step``, missing (NaN) where a trajectory ends.

    ``step`` is the number of updates before a cost. The parameters of each trajectory are coordinates:
    ``all_costs(sweep).sel(n_h=3, activation="tanh")`` returns some of them. Of a dataset with fewer
    configurations, those of their trajectories are returned. Values are read when they are used.

    Errors: ValueError if costs are stored with different strides.
    """
    need(sweep, ("cost", *PLACES, "trajectory", "config_trajectory", *OF_TRAJECTORY))
    numbers, first = np.unique(sweep["config_trajectory"].values, return_index=True)
    places = sweep[list(PLACES)].sel(trajectory=numbers)
    start, count, stride = (places[name].values for name in PLACES)
    strides = np.unique(stride[count > 0])
    if strides.size > 1:
        message = (
            f"the costs are stored with the strides {strides.tolist()}; use cost_of for each configuration"
        )
        raise ValueError(message)
    length = int(count.max(initial=0))
    matrix = indexing.LazilyIndexedArray(CostMatrix(sweep["cost"].variable, start, count, length))
    coords: dict[str, Any] = {
        "trajectory": numbers,
        "step": ("step", np.arange(length) * int(strides.sum()), UPDATE_ATTRIBUTES),
    }
    for name in OF_TRAJECTORY:
        coords[name] = ("trajectory", sweep[name].values[first], sweep[name].attrs)
    variable = xr.Variable(("trajectory", "step"), matrix, COST_ATTRIBUTES)
    costs = xr.DataArray(variable, coords=coords, name="cost")
    return costs.set_xindex(list(OF_TRAJECTORY), ParameterIndex)


class CostMatrix(BackendArray):
    """A lazy matrix with a row of ``cost`` for each trajectory, NaN after its last cost."""

    def __init__(
        self, cost: xr.Variable, start: NDArray[np.int64], count: NDArray[np.int64], length: int
    ) -> None:
        self.cost = cost
        self.start = start
        self.count = count
        self.shape = (len(start), length)
        self.dtype = cost.dtype

    def __getitem__(self, key: indexing.ExplicitIndexer) -> NDArray[np.generic]:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, Any]) -> NDArray[np.generic]:
        rows, steps = (np.arange(size)[chosen] for size, chosen in zip(self.shape, key, strict=True))
        wanted = np.atleast_1d(steps)
        values = np.full((np.size(rows), wanted.size), np.nan, self.dtype)
        for row, trajectory in enumerate(np.atleast_1d(rows)):
            exists = wanted < self.count[trajectory]
            if exists.any():
                low, high = int(wanted[exists].min()), int(wanted[exists].max()) + 1
                start = int(self.start[trajectory])
                stored = self.cost[start + low : start + high].values
                values[row, exists] = stored[wanted[exists] - low]
        return values.reshape(np.shape(rows) + np.shape(steps))
