"""The weights of the classes in the costs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ast

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from moonsweep.configuration import row_of


def class_weight(sweep: xr.Dataset, config: int) -> NDArray[np.float64]:
    """The weights of the labels 0 and 1 in the costs of a configuration, (2,); 1 and 1 without weights.

    "balanced" weights are m / (2 * count of the label), from the training set of the configuration. The cost
    is the mean of -w log P over all samples of a set, where P is the probability of the true label.

    Errors: KeyError if there is no such configuration; ValueError if the weights are not known.
    """
    dataset = int(row_of(sweep, ["config_dataset"], config)["config_dataset"])
    if "class_weight" not in sweep.attrs:
        message = "the dataset has no attribute class_weight, as that of files with different weights"
        raise ValueError(message)
    text = str(sweep.attrs["class_weight"])
    if text == "none":
        return np.ones(2)
    if text != "balanced":
        return np.array(ast.literal_eval(text), dtype=np.float64)
    start, count = (int(sweep[name].values[dataset]) for name in ("train_start", "train_count"))
    counts = np.bincount(sweep["y_train"].values[start : start + count], minlength=2)
    weight: NDArray[np.float64] = count / (2 * counts)
    return weight
