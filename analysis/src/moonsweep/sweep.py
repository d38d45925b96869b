"""An open result file: an xarray.Dataset with two additional methods."""

import os

import pandas as pd
import xarray as xr

from moonsweep.backend import MoonsweepBackend
from moonsweep.costs import cost_of
from moonsweep.frame import to_frame


class Sweep(xr.Dataset):
    """An xarray.Dataset of a result file, with its table and its cost curves.

    Operations of xarray, such as a selection, may return a plain Dataset. The functions moonsweep.to_frame
    and moonsweep.cost_of accept both.
    """

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """One row for each configuration: see moonsweep.to_frame."""
        return to_frame(self)

    def cost_of(self, config: int) -> xr.DataArray:
        """The cost curve of a configuration: see moonsweep.cost_of."""
        return cost_of(self, config)


def open_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Opens a result file, finished or not, in its present state.

    The variables have the names, shapes and units of docs/file-format.md and are read when they are used.
    Results of pending configurations (``status`` 0) and costs not yet written are NaN; therefore integer
    results (``iterations_done``, outcomes, ``rank``, ``run``) are float64. The parameters of the
    configurations (``n_h``, ``activation``, ...) are coordinates over ``config``.

    A file can be opened while the sweep is running: no lock is taken, and no row is half written. Rows that
    become final later do not appear until the file is opened again, which is possible while this one is
    open. Close it, or use ``with``.

    Errors: FileNotFoundError, PermissionError, IsADirectoryError; SweepFileError if it is not a result file,
    is damaged or has a newer format.
    """
    dataset = xr.open_dataset(path, engine=MoonsweepBackend)
    sweep = Sweep(dataset.data_vars, dataset.coords, dataset.attrs)
    sweep.encoding = dataset.encoding
    sweep.set_close(dataset.close)
    return sweep
