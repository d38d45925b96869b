"""A result file in memory: an xarray.Dataset that knows two things more."""

import os

import pandas as pd
import xarray as xr

from moonsweep.backend import MoonsweepBackend
from moonsweep.costs import cost_of
from moonsweep.frame import to_frame


class Sweep(xr.Dataset):
    """An xarray.Dataset of a result file, with its table and its cost curves.

    What xarray makes of it (a selection, say) may be a plain Dataset: the functions moonsweep.to_frame and
    moonsweep.cost_of take either.
    """

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a configuration: see moonsweep.to_frame."""
        return to_frame(self)

    def cost_of(self, config: int) -> xr.DataArray:
        """The cost curve of a configuration: see moonsweep.cost_of."""
        return cost_of(self, config)


def open_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Opens a result file, finished or not, as it is at this moment.

    The variables have the names, shapes and units of docs/file-format.md and are read when they are used.
    Results of pending configurations (``status`` 0) and costs not yet written are NaN; integer results
    (``iterations_done``, outcomes, ``rank``, ``run``) are float64 for it. The parameters of the
    configurations (``n_h``, ``activation``, ...) are coordinates over ``config``.

    It works while the sweep is running, takes no lock and never shows a row half written. What becomes
    final later does not appear: open the file again for a fresh look, even with this one still open.
    Close it, or use ``with``.

    Errors: FileNotFoundError, PermissionError, IsADirectoryError; SweepFileError when it is not a result
    file, is damaged or has a newer format.
    """
    dataset = xr.open_dataset(path, engine=MoonsweepBackend)
    sweep = Sweep(dataset.data_vars, dataset.coords, dataset.attrs)
    sweep.encoding = dataset.encoding
    sweep.set_close(dataset.close)
    return sweep
