"""An open result file: an xarray.Dataset with additional methods."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
from collections.abc import Hashable, Sequence

import pandas as pd
import xarray as xr

from moonsweep.backend import MoonsweepBackend
from moonsweep.costs import all_costs, cost_of
from moonsweep.frame import NEEDED, to_frame
from moonsweep.grid import grid
from moonsweep.network import Network, network
from moonsweep.runs import leases, runs


class Sweep(xr.Dataset):
    """An xarray.Dataset of a result file, with its grid, its table, its cost curves and its networks.

    Configurations are selected by their parameters: ``sweep.sel(n_h=50, activation="tanh")``. Operations of
    xarray, such as a selection, may return a plain Dataset. The functions of the same names, moonsweep.grid,
    moonsweep.to_frame and so on, accept both.
    """

    __slots__ = ()

    def grid(self) -> xr.Dataset:
        """The results over the axes of the grid: see moonsweep.grid."""
        return grid(self)

    def to_frame(self) -> pd.DataFrame:
        """One row for each configuration: see moonsweep.to_frame."""
        return to_frame(self)

    def to_dataframe(self, dim_order: Sequence[Hashable] | None = None) -> pd.DataFrame:
        """The table of to_frame, since a table of all dimensions at once would be too large.

        If variables are missing, or ``dim_order`` is given, it is the table of xarray.
        """
        if dim_order is None and all(name in self.variables for name in NEEDED):
            return to_frame(self)
        return super().to_dataframe(dim_order)

    def cost_of(self, config: int) -> xr.DataArray:
        """The cost curve of a configuration: see moonsweep.cost_of."""
        return cost_of(self, config)

    def all_costs(self) -> xr.DataArray:
        """The costs of all trajectories: see moonsweep.all_costs."""
        return all_costs(self)

    def network(self, config: int) -> Network:
        """The network of a configuration: see moonsweep.network."""
        return network(self, config)

    def runs(self) -> pd.DataFrame:
        """The runs on the file: see moonsweep.runs."""
        return runs(self)

    def leases(self) -> pd.DataFrame:
        """Which rank trained what, and when: see moonsweep.leases."""
        return leases(self)


def open_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Opens a result file, finished or not, in its present state.

    The variables have the names, shapes and units of docs/file-format.md and are read when they are used.
    Results of pending configurations (``status`` 0) and costs not yet written are NaN; therefore integer
    results (``iterations_done``, outcomes, ``rank``, ``run``) are float64. The parameters of the
    configurations (``n_h``, ``activation``, ...) are coordinates over ``config``, by which ``sel`` selects;
    activations and outcomes have names.

    A file can be opened while the sweep is running: no lock is taken, and no row is half written. Rows that
    become final later do not appear until the file is opened again, which is possible while this one is
    open. Close it, or use ``with``. A pickle of the sweep opens the file again, in the same state.

    Errors: FileNotFoundError, PermissionError, IsADirectoryError; SweepFileError if it is not a result file,
    is damaged or has a newer format.
    """
    dataset = xr.open_dataset(path, engine=MoonsweepBackend)
    sweep = Sweep(dataset.data_vars, dataset.coords, dataset.attrs)
    sweep.encoding = dataset.encoding
    sweep.set_close(dataset.close)
    return sweep
