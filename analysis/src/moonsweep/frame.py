"""The configurations as a table."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from moonsweep import schema
from moonsweep.measures import measures_of


def to_frame(sweep: xr.Dataset) -> pd.DataFrame:
    """The scalars of every configuration, in one row each, with the index that the program shows.

    Columns: the parameters, ``trajectory``, ``dataset`` and what made that data set (``samples`` in both sets
    together, ``noise``, ``data_seed``, ``split_seed``, ``fold``; missing where it is not made so), ``status``
    by name (categorical), then the results
    with their names in the file (accuracies in percent; ``train_seconds``, the wall time, and
    ``train_cpu_seconds``, the processor time, in s), a column for each outcome, e.g.
    ``dev_false_positives``, and precision, recall, F1 and MCC computed from them, e.g. ``dev_f1`` (fractions
    with label 1 as the positive class; NaN if the denominator is 0). Results of pending configurations, and
    of dropped ones all but ``iterations_done``, ``rank`` and ``run``, are missing (NaN, <NA>).
    Network parameters, costs and checksums are only in the dataset.
    """
    columns = {name: sweep[name].values for name in schema.PARAMETERS}
    columns["activation"] = columns["activation"].astype(str)
    columns["trajectory"] = sweep["config_trajectory"].values
    columns["dataset"] = sweep["config_dataset"].values
    columns |= _origins(sweep)
    columns["status"] = pd.Categorical.from_codes(sweep["status"].values, schema.STATUSES)
    columns["iterations_done"] = _counts(sweep["iterations_done"])
    for name in ("train_accuracy", "dev_accuracy", "final_cost", "train_cost", "dev_cost"):
        columns[name] = sweep[name].values
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
    stored = ("train_count", "dev_count", "noise", "data_seed", "split_seed", "fold")
    train, dev, noise, *numbers = (sweep[name].values[datasets] for name in stored)
    known = [pd.array(np.where(values < 0, np.nan, values), dtype="Int64") for values in numbers]
    return {"samples": train + dev, "noise": noise} | dict(zip(stored[3:], known, strict=True))


def _counts(values: xr.DataArray) -> pd.api.extensions.ExtensionArray:
    """Converts to whole numbers, with NaN as <NA>."""
    return pd.array(values.values, dtype="Int64")
