"""Reads the result files of moonsweep and draws their figures.

import moonsweep

with moonsweep.open("out.h5") as sweep:  # an xarray.Dataset; pending results are missing
    grid = sweep.grid()  # the same over n_h, activation, learning_rate, iterations and seed
    table = sweep.to_frame()  # a pandas.DataFrame, one row per configuration
    cost = sweep.cost_of(126)  # an xarray.DataArray over the iterations
    moonsweep.plot.costs(sweep, [126, 271])
"""

from moonsweep.class_weight import class_weight
from moonsweep.costs import all_costs, cost_of
from moonsweep.errors import SweepFileError
from moonsweep.frame import to_frame
from moonsweep.grid import NotAGridError, grid
from moonsweep.many import open_many
from moonsweep.measures import auc
from moonsweep.network import Network, network, predict_probability, standardize
from moonsweep.runs import leases, runs
from moonsweep.samples import Samples, make_moons, samples_of
from moonsweep.selection import Criteria, select
from moonsweep.sweep import Sweep
from moonsweep.sweep import open_sweep as open  # noqa: A004 (moonsweep.open, like gzip.open)

__version__ = "0.1.0"

__all__ = [
    "Criteria",
    "Network",
    "NotAGridError",
    "Samples",
    "Sweep",
    "SweepFileError",
    "all_costs",
    "auc",
    "class_weight",
    "cost_of",
    "grid",
    "leases",
    "make_moons",
    "network",
    "open",
    "open_many",
    "predict_probability",
    "runs",
    "samples_of",
    "select",
    "standardize",
    "to_frame",
]
