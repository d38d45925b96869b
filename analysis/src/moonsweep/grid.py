"""The results over the axes of the grid."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import xarray as xr

#: The axes that every grid has, in their order. The others follow if they have more than one value.
AXES: Final = ("n_h", "activation", "learning_rate", "iterations", "seed")
MORE_AXES: Final = {"init_scale": "init_scale", "dataset": "config_dataset"}

#: What is known of each data set, as coordinates of the axis ``dataset``.
ORIGINS: Final = ("noise", "data_seed", "split_seed", "fold")


class NotAGridError(ValueError):
    """The configurations are not all combinations of the values of their parameters."""


def grid(sweep: xr.Dataset) -> xr.Dataset:
    """All variables of the configurations over the axes of the grid, in the order of the job.

    The axes are ``n_h``, ``activation``, ``learning_rate``, ``iterations`` and ``seed``, and ``init_scale``
    and ``dataset`` if there are several of them; otherwise these are scalar coordinates. The variable
    ``config`` has the number of each configuration. Results of pending configurations are missing (NaN).
    Values are read when they are used.

    Errors: NotAGridError, a ValueError, if the configurations are not all combinations of some values, as in
    a random search, a list, or a grid with exclusions: use to_frame.
    """
    labels = {name: sweep[name].values for name in AXES}
    labels |= {axis: sweep[name].values for axis, name in MORE_AXES.items()}
    values, codes = {}, {}
    for name, column in labels.items():
        different = list(dict.fromkeys(column.tolist()))
        values[name] = np.array(different, column.dtype)
        place = {value: number for number, value in enumerate(different)}
        codes[name] = np.array([place[value] for value in column.tolist()], np.int64)
    shape = [len(column) for column in values.values()]
    rows = np.full(shape, -1, np.int64)
    _check_is_grid(sweep, rows.size, shape, list(codes.values()))
    rows[tuple(codes.values())] = np.arange(sweep.sizes["config"])
    for name in MORE_AXES:
        if len(values[name]) == 1:
            rows = rows.squeeze(list(labels).index(name))
            labels.pop(name)
            values[name] = values[name][0]
    return _over_axes(sweep, xr.Variable(tuple(labels), rows), values)


def _check_is_grid(sweep: xr.Dataset, size: int, shape: list[int], codes: list[np.ndarray]) -> None:
    """Checks that every combination occurs once. Errors: NotAGridError."""
    count = sweep.sizes["config"]
    cells, times = (
        np.unique(np.ravel_multi_index(tuple(codes), shape), return_counts=True) if count else ((), ())
    )
    if count and len(cells) == size == count:
        return
    what = f"its {count:,} configurations have {size:,} combinations of {', '.join((*AXES, *MORE_AXES))}"
    if len(cells) < count:
        what = f"{np.sum(np.asarray(times) > 1):,} combinations of parameters occur more than once"
    message = f"the sweep is not a grid: {what}; to_frame() returns the configurations as a table"
    raise NotAGridError(message)


def _over_axes(sweep: xr.Dataset, rows: xr.Variable, values: dict[str, np.ndarray]) -> xr.Dataset:
    """The variables over ``config`` with the configurations at ``rows``, and the labels of the axes."""
    names = [name for name in sweep.data_vars if sweep[name].dims[:1] == ("config",)]
    plain = sweep.reset_coords()[[*names, "config"]]
    plain = plain.drop_vars([name for name in plain.variables if name in values])
    config = xr.Variable(rows.dims, sweep["config"].values[rows.values], sweep["config"].attrs)
    made = plain.isel(config=xr.DataArray(rows)).drop_vars("config").assign(config=config)
    made = made.drop_vars("config_dataset", errors="ignore")
    coordinates = {}
    for name, labels in values.items():
        attributes = sweep[name].attrs if name in sweep.variables else {}
        coordinates[name] = xr.Variable((name,) if np.ndim(labels) else (), labels, attributes)
    for name in ORIGINS:
        if name in sweep and sweep[name].dims == ("dataset",):
            coordinates[name] = sweep[name].variable.isel(dataset=values["dataset"])
    made = made.assign_coords(coordinates)
    return xr.Dataset(made.data_vars, made.coords, sweep.attrs)
