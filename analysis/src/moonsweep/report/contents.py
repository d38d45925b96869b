"""What the report shows, as values that JSON can store."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from moonsweep import schema
from moonsweep.figures import theme
from moonsweep.frame import to_frame
from moonsweep.importance import importance
from moonsweep.names import feature_names, label_names, shown
from moonsweep.report.details import details_of, ranked, samples_of
from moonsweep.report.encoding import categories, encoded, numbers, plain
from moonsweep.report.history import history_of
from moonsweep.selection import Criteria, select

MOST_ROWS: Final = 100_000  # of the table

#: Columns of the table with few different values, and those of real numbers.
AXES: Final = ("n_h", "activation", "learning_rate", "iterations", "seed", "init_scale", "dataset")
REALS: Final = (
    *("train_accuracy", "dev_accuracy", "train_cpu_seconds", "iterations_done", "final_cost"),
    *("train_cost", "dev_cost", "dev_f1"),
)

#: Attributes of the file that say what made it.
ORIGIN: Final = (
    *("program_version", "git_commit", "date_created", "command", "mpi_version", "hdf5_version"),
    *("precision", "numerics", "class_weight", "job_hash"),
)


def contents_of(sweep: xr.Dataset, criteria: Criteria, max_seconds: float | None) -> dict[str, Any]:
    """Everything that the page shows of a sweep. Errors: SweepFileError."""
    frame = to_frame(sweep)
    selection = select(frame, criteria)
    if max_seconds is not None:
        selection = selection[selection["train_cpu_seconds"] <= max_seconds]
    order = ranked(frame, selection)
    kept = frame.loc[np.sort(order[:MOST_ROWS])]
    axes = [name for name in AXES if (frame[name] != frame[name].iloc[0]).any()]
    attributes = sweep.attrs
    return {
        "title": str(attributes.get("title", "sweep")),
        "counts": {status: int((frame["status"] == status).sum()) for status in schema.STATUSES},
        "configurations": len(frame),
        "thresholds": {
            "min_train": criteria.min_train,
            "max_gap": criteria.max_gap,
            "max_seconds": max_seconds,
        },
        "columns": _columns(kept),
        "colours": _colours(frame),
        "axes": axes,
        "details": details_of(sweep, frame, order[:MOST_ROWS]),
        "samples": samples_of(sweep),
        "features": shown(feature_names(sweep), "x"),
        "labels": shown(label_names(sweep), "label "),
        "label_colours": list(theme.LABEL_COLOURS),
        "importance": _importance(sweep),
        "history": history_of(sweep),
        "origin": {name: plain(np.ravel(attributes[name])[0]) for name in ORIGIN if name in attributes},
        "job": str(attributes.get("job", "")),
        "job_set": str(attributes.get("job_set", "")),
    }


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    columns: dict[str, Any] = {"config": encoded(frame.index.to_numpy(np.int32))}
    for name in (*AXES, "status", "ended_by", "trajectory"):
        columns[name] = categories(frame[name])
    for name in REALS:
        columns[name] = numbers(frame[name])
    return columns


def _colours(frame: pd.DataFrame) -> dict[str, str]:
    """The colour of each activation, which is that of the figures."""
    return {name: theme.activation_style(name)["color"] for name in dict.fromkeys(frame["activation"])}


def _importance(sweep: xr.Dataset) -> dict[str, Any]:
    """The shares of the variance that each axis explains, or the reason why there are none."""
    try:
        table = importance(sweep)
    except ValueError as error:
        return {"reason": f"There are no shares of the axes: {error}."}
    return {"shares": [{"axis": str(axis), **row} for axis, row in table.to_dict("index").items()]}
