"""How well networks separate the classes: measures of their outcomes, and the area under the ROC curve."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from moonsweep import schema
from moonsweep.network import predict_probability


def measures_of(outcomes: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Precision, recall, F1 and MCC of each row of ``outcomes`` (n, 4), in the order of the file.

    They are fractions, with label 1 as the positive class. A measure whose denominator is 0, and those of
    rows with missing outcomes, are NaN.
    """
    tn, fp, fn, tp = np.asarray(outcomes, dtype=np.float64).T
    spread = np.sqrt((tp + fp) * (tn + fn)) * np.sqrt((tp + fn) * (tn + fp))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "precision": tp / (tp + fp),
            "recall": tp / (tp + fn),
            "f1": 2 * tp / (2 * tp + fp + fn),
            "mcc": (tp * tn - fp * fn) / spread,
        }


def auc(sweep: xr.Dataset, part: str = "dev") -> pd.Series:
    """The area under the ROC curve of every configuration, computed from the stored parameters and data.

    ``part`` is "train" or "dev". The area is the share of all pairs of a sample with label 1 and one with
    label 0 in which the former has the higher probability; equal ones count as one half. Samples without a
    prediction are left out. It is NaN for pending and dropped configurations and if there is no pair.

    Errors: ValueError if ``part`` is neither of these.
    """
    if part not in ("train", "dev"):
        message = f"part is {part!r}; it must be 'train' or 'dev'"
        raise ValueError(message)
    start, count = (sweep[f"{part}_{name}"].values for name in ("start", "count"))
    X, y = sweep[f"X_{part}"].values, sweep[f"y_{part}"].values
    areas = pd.Series(np.nan, pd.Index(sweep["config"].values, name="config"), name=f"{part}_auc")
    final = ~np.isin(sweep["status"].values, [schema.PENDING, schema.DROPPED])
    datasets = sweep["config_dataset"].values
    for config, dataset in zip(areas.index[final], datasets[final], strict=True):
        samples = slice(int(start[dataset]), int(start[dataset] + count[dataset]))
        probability = predict_probability(sweep, config, X[samples])
        areas.loc[config] = _area(probability, y[samples])
    return areas


def _area(probability: NDArray[np.float64], y: NDArray[np.generic]) -> float:
    """The area under the curve, from the mean ranks of the samples with label 1."""
    known = ~np.isnan(probability)
    _, place, counts = np.unique(probability[known], return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    positive = y[known] == 1
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if positives == 0 or negatives == 0:
        return float("nan")
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))
