"""The configurations as a table."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from moonsweep import schema
from moonsweep.configuration import need
from moonsweep.measures import measures_of

#: What made a data set, over ``dataset``.
ORIGINS: Final = ("train_count", "dev_count", "noise", "data_seed", "split_seed", "fold")

#: The variables of the table.
NEEDED: Final = (
    *(*schema.PARAMETERS, "config", "config_trajectory", "config_dataset", *ORIGINS, "status"),
    *("ended_by", "iterations_done"),
    *("train_accuracy", "dev_accuracy", "final_cost", "train_cost", "dev_cost"),
    *("train_seconds", "train_cpu_seconds", "train_outcomes", "dev_outcomes", "rank", "run"),
)


def to_frame(sweep: xr.Dataset) -> pd.DataFrame:
    """The scalars of every configuration, in one row each, with the index that the program shows.

    Columns: the parameters, ``trajectory``, ``dataset`` and what made that data set (``samples`` in both sets
    together, ``noise``, ``data_seed``, ``split_seed``, ``fold``; missing where it is not made so), ``status``
    and ``ended_by`` by name (categorical), then the results with their names in the file (accuracies in
    percent, and ``gap``, the train accuracy minus the dev accuracy; ``train_seconds``, the wall time, and
    ``train_cpu_seconds``, the processor time, in s), a column for each outcome, e.g.
    ``dev_false_positives``, and precision, recall, F1 and MCC computed from them, e.g. ``dev_f1`` (fractions
    with label 1 as the positive class; NaN if the denominator is 0). Results of pending configurations, and
    of dropped ones all but ``ended_by``, ``iterations_done``, ``rank`` and ``run``, are missing (NaN, <NA>).
    Network parameters, costs and checksums are only in the dataset. Of several files (moonsweep.open_many),
    ``file`` and ``file_config`` come first: the name of the file, and the number that it has there.

    Errors: KeyError if the dataset lacks a variable.
    """
    need(sweep, NEEDED)
    columns = {name: sweep[name].values for name in ("file", "file_config") if name in sweep.coords}
    columns |= {name: sweep[name].values for name in schema.PARAMETERS}
    columns["activation"] = columns["activation"].astype(str)
    columns["trajectory"] = sweep["config_trajectory"].values
    columns["dataset"] = sweep["config_dataset"].values
    columns |= _origins(sweep)
    columns["status"] = _named(sweep["status"].values, schema.STATUSES)
    columns["ended_by"] = _named(sweep["ended_by"].values, schema.RULES)
    columns["iterations_done"] = _counts(sweep["iterations_done"])
    for name in ("train_accuracy", "dev_accuracy", "final_cost", "train_cost", "dev_cost"):
        columns[name] = sweep[name].values
    columns["gap"] = columns["train_accuracy"] - columns["dev_accuracy"]
    for name in ("train_seconds", "train_cpu_seconds"):
        columns[name] = sweep[name].values
    for part in ("train", "dev"):
        outcomes = sweep[f"{part}_outcomes"].where(sweep["status"] != schema.DROPPED)
        for position, outcome in enumerate(schema.OUTCOMES):
            columns[f"{part}_{outcome}"] = _counts(outcomes.isel(outcome=position))
        for measure, values in measures_of(outcomes.values).items():
            columns[f"{part}_{measure}"] = values
    columns["rank"] = _counts(sweep["rank"])
    columns["run"] = _counts(sweep["run"])
    index = pd.Index(sweep["config"].values, name="config")
    return pd.DataFrame(columns, index=index)


def _origins(sweep: xr.Dataset) -> dict[str, Any]:
    """What made the data set of each configuration."""
    datasets = sweep["config_dataset"].values
    train, dev, noise, *numbers = (sweep[name].values[datasets] for name in ORIGINS)
    known = [pd.array(np.where(values < 0, np.nan, values), dtype="Int64") for values in numbers]
    return {"samples": train + dev, "noise": noise} | dict(zip(ORIGINS[3:], known, strict=True))


def _named(numbers: NDArray[Any], names: Sequence[str]) -> pd.Categorical:
    """The names that stand for numbers; NaN has none."""
    return pd.Categorical.from_codes(np.where(np.isnan(numbers), -1, numbers).astype(np.int64), names)


def _counts(values: xr.DataArray) -> pd.api.extensions.ExtensionArray:
    """Converts to whole numbers, with NaN as <NA>."""
    return pd.array(values.values, dtype="Int64")
