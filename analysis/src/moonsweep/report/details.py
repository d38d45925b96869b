"""What the report shows of single configurations: parameters, cost curves and samples.

A large sweep has more of them than a file that opens quickly can contain. The selection comes first, then the
configurations with the best dev accuracy: MOST_DETAILED of them, or as many as fit into DETAIL_BYTES.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from moonsweep.costs import cost_of, stride_of
from moonsweep.report.encoding import encoded
from moonsweep.thinning import thinned

DETAIL_BYTES: Final = 4 << 20  # of parameters and cost curves
CURVE_POINTS: Final = 100_000  # of all cost curves together
MOST_DETAILED: Final = 2_000  # configurations
MOST_COSTS_READ: Final = 200_000_000
MOST_SAMPLES: Final = 4_000  # of all data sets together


def ranked(frame: pd.DataFrame, selection: pd.DataFrame) -> pd.Index:
    """All configurations, the most interesting first: the selection, then by falling dev accuracy."""
    rest = frame.drop(selection.index).sort_values("dev_accuracy", ascending=False, kind="stable")
    return selection.index.append(rest.index)


def details_of(sweep: xr.Dataset, frame: pd.DataFrame, order: pd.Index) -> dict[str, Any]:
    """The parameters and cost curves of as many configurations as there is space for, in this order."""
    rows = frame.loc[order]
    n_x = sweep.sizes["feature"]
    width = sweep["W1"].dtype.itemsize
    points = int(np.clip(CURVE_POINTS // max(1, frame["trajectory"].nunique()), 200, 2000))
    is_first = ~rows["trajectory"].duplicated()
    longest = frame.groupby("trajectory")["iterations"].max()
    stride = stride_of(sweep)
    stored = -(-longest // stride) if stride > 0 else 0 * longest
    costs = is_first * rows["trajectory"].map(stored)
    has_network = ~rows["status"].isin(["pending", "dropped"])
    size = has_network * (rows["n_h"] * (n_x + 2) + 1) * width + np.minimum(costs, points) * 16
    # The first configuration is always shown.
    fits = (size.cumsum() <= DETAIL_BYTES) & (costs.cumsum() <= MOST_COSTS_READ)
    fits.iloc[:1] = True
    fits.iloc[MOST_DETAILED:] = False
    shown = rows[fits]
    return {
        "configs": encoded(shown.index.to_numpy(np.int32)),
        "networks": _networks(sweep, shown[has_network[fits]]),
        "cost_stride": stride,
        "curves": _curves(sweep, shown, frame, points),
    }


def _networks(sweep: xr.Dataset, rows: pd.DataFrame) -> dict[str, Any]:
    """Parameters: for each configuration W1 (n_h, n_x), b1 (n_h), W2 (n_h) and b2, one after another."""
    stored = sweep[["W1", "b1", "W2", "b2"]].sel(config=rows.index.to_numpy()).load()
    parts: list[NDArray[np.floating]] = [np.empty(0, sweep["W1"].dtype)]
    for position, n_h in enumerate(rows["n_h"]):
        for name in ("W1", "b1", "W2"):
            parts.append(stored[name].values[position, :n_h].ravel())
        parts.append(stored["b2"].values[position : position + 1])
    return {"configs": encoded(rows.index.to_numpy(np.int32)), "parameters": encoded(np.concatenate(parts))}


def _curves(sweep: xr.Dataset, shown: pd.DataFrame, frame: pd.DataFrame, points: int) -> list[dict[str, Any]]:
    """The thinned cost curve of each trajectory, of which those of its configurations are prefixes."""
    trajectories = shown["trajectory"].unique()
    chosen = frame[frame["trajectory"].isin(trajectories)]
    longest = chosen.groupby("trajectory")["iterations"].idxmax()
    curves = []
    for trajectory in trajectories.tolist():
        updates, values = thinned(cost_of(sweep, int(longest[trajectory])), points)
        curves.append(
            {
                "trajectory": trajectory,
                "updates": encoded(updates.astype(np.float64)),
                "costs": encoded(values.astype(np.float64)),
            }
        )
    return curves


def samples_of(sweep: xr.Dataset) -> list[dict[str, Any]]:
    """The samples of each data set that are drawn with the boundaries, and how many there are in all."""
    datasets = sweep.sizes["dataset"]
    most = max(20, MOST_SAMPLES // (2 * datasets))
    made = []
    for dataset in range(datasets):
        parts: dict[str, Any] = {}
        for part in ("train", "dev"):
            start, count = (int(sweep[f"{part}_{name}"].values[dataset]) for name in ("start", "count"))
            chosen = start + np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))
            parts[part] = {
                "X": encoded(sweep[f"X_{part}"].isel({f"{part}_sample": chosen}).values.astype(np.float64)),
                "y": encoded(sweep[f"y_{part}"].isel({f"{part}_sample": chosen}).values.astype(np.uint8)),
                "count": count,
            }
        made.append(parts | {"is_standardized": _is_standardized(sweep, dataset)})
    return made


def _is_standardized(sweep: xr.Dataset, dataset: int) -> bool:
    mean, scale = (sweep[f"feature_{name}"].values[dataset] for name in ("mean", "scale"))
    return bool(np.any(mean != 0) or np.any(scale != 1))
