"""Reads the result files of moonsweep and draws their figures.

import moonsweep

with moonsweep.open("out.h5") as sweep:  # an xarray.Dataset; pending results are missing
    grid = sweep.grid()  # the same over n_h, activation, learning_rate, iterations and seed
    table = sweep.to_frame()  # a pandas.DataFrame, one row per configuration
    cost = sweep.cost_of(126)  # an xarray.DataArray over the iterations
    moonsweep.plot.costs(sweep, [126, 271])
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import importlib
from types import ModuleType

from moonsweep.bundles import cost_bundles
from moonsweep.class_weight import class_weight
from moonsweep.costs import all_costs, cost_of
from moonsweep.errors import MissingPackageError, SweepFileError
from moonsweep.export import export
from moonsweep.frame import to_frame
from moonsweep.grid import NotAGridError, grid
from moonsweep.importance import importance
from moonsweep.many import open_many
from moonsweep.measures import auc
from moonsweep.network import Network, network, predict_probability, standardize
from moonsweep.runs import leases, runs
from moonsweep.samples import Samples, make_moons, samples_of
from moonsweep.selection import Criteria, Pick, pick, select
from moonsweep.summaries import by_hidden_units, compare, front, spread
from moonsweep.sweep import Sweep
from moonsweep.sweep import open_sweep as open  # noqa: A004 (moonsweep.open, like gzip.open)
from moonsweep.timeline import busy, timeline

__version__ = "0.1.0"

__all__ = [
    "Criteria",
    "MissingPackageError",
    "Network",
    "NotAGridError",
    "Pick",
    "Samples",
    "Sweep",
    "SweepFileError",
    "all_costs",
    "auc",
    "busy",
    "by_hidden_units",
    "class_weight",
    "compare",
    "cost_bundles",
    "cost_of",
    "export",
    "front",
    "grid",
    "importance",
    "leases",
    "make_moons",
    "network",
    "open",
    "open_many",
    "pick",
    "plot",
    "predict_probability",
    "runs",
    "samples_of",
    "select",
    "spread",
    "standardize",
    "timeline",
    "to_frame",
]


def __getattr__(name: str) -> ModuleType:
    """moonsweep.plot, which is imported when it is used, because matplotlib loads slowly."""
    if name == "plot":
        return importlib.import_module("moonsweep.plot")
    message = f"module 'moonsweep' has no attribute {name!r}"
    raise AttributeError(message)
