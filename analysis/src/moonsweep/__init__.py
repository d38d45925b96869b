"""Reads the result files of moonsweep and draws their figures.

import moonsweep

with moonsweep.open("out.h5") as sweep:  # an xarray.Dataset; pending results are missing
    table = sweep.to_frame()  # a pandas.DataFrame, one row per configuration
    cost = sweep.cost_of(126)  # an xarray.DataArray over the iterations
"""

from moonsweep.class_weight import class_weight
from moonsweep.costs import cost_of
from moonsweep.errors import SweepFileError
from moonsweep.frame import to_frame
from moonsweep.measures import auc
from moonsweep.network import predict_probability, standardize
from moonsweep.selection import Criteria, select
from moonsweep.sweep import Sweep
from moonsweep.sweep import open_sweep as open  # noqa: A004 (moonsweep.open, like gzip.open)

__version__ = "0.1.0"

__all__ = [
    "Criteria",
    "Sweep",
    "SweepFileError",
    "auc",
    "class_weight",
    "cost_of",
    "open",
    "predict_probability",
    "select",
    "standardize",
    "to_frame",
]
