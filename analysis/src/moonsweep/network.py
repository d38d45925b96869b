"""The network of a configuration in NumPy: predictions by the stored parameters."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from moonsweep import schema
from moonsweep.configuration import row_of
from moonsweep.names import feature_names
from moonsweep.samples import PARTS, samples_of


def _sigmoid(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.5 * (1.0 + np.tanh(0.5 * z))  # never overflows


def _relu(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(z, 0.0)


ACTIVATIONS: Final[dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]] = {
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": _relu,
}


#: The label of a sample that has no prediction.
NO_LABEL: Final = -1


@dataclass(frozen=True)
class Network:
    """A trained network, in float64 for any precision of the sweep.

    W1 (n_h, n_x), b1 (n_h,), W2 (n_h,), b2: its parameters; activation: that of the hidden units.
    low, high (n_x,): the smallest and the largest value of each feature in its data set, for the boundary.
    feature_names: the names of the features.
    """

    W1: NDArray[np.float64]
    b1: NDArray[np.float64]
    W2: NDArray[np.float64]
    b2: float
    activation: str
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    feature_names: tuple[str, ...]

    def predict_probability(self, X: ArrayLike) -> NDArray[np.float64]:
        """A2, the probability of label 1 for each sample of X.

        X: (m, n_x), in the units of ``X_train`` (see standardize). Result: (m,). Where the network overflows,
        the probability is NaN; a RuntimeWarning states how many there are.

        Errors: ValueError if X has another number of features.
        """
        samples = np.asarray(X, dtype=np.float64)
        n_x = self.W1.shape[1]
        if samples.ndim != 2 or samples.shape[1] != n_x:
            message = f"X has the shape {samples.shape}; it must be (m, {n_x})"
            raise ValueError(message)
        # Large samples, or the large parameters of a diverged network, may make sums infinite: A2 is then
        # 0, 1 or NaN.
        with np.errstate(over="ignore", invalid="ignore"):
            A1 = ACTIVATIONS[self.activation](samples @ self.W1.T + self.b1)
            A2 = _sigmoid(A1 @ self.W2 + self.b2)
        unpredicted = int(np.isnan(A2).sum())
        if unpredicted > 0:
            have = "sample has" if len(A2) == 1 else "samples have"
            message = f"{unpredicted} of {len(A2)} {have} no prediction: the network overflows"
            warnings.warn(message, RuntimeWarning, stacklevel=2)
        return A2

    def predict(self, X: ArrayLike) -> NDArray[np.int8]:
        """The predicted label of each sample of X: 1 if its probability is above 0.5, otherwise 0.

        A sample without a prediction has the label NO_LABEL, -1. X and the errors are those of
        predict_probability.
        """
        probability = self.predict_probability(X)
        return np.where(np.isnan(probability), NO_LABEL, probability > 0.5).astype(np.int8)

    def decision_boundary(self, resolution: int = 300, margin: float = 0.06) -> xr.DataArray:
        """The probability of label 1 on a grid around the samples; the boundary is where it is 0.5.

        The axes are ``x2`` and ``x1`` with ``resolution`` points each. The grid is wider than the samples
        by the share ``margin`` on each side.

        Errors: ValueError if the network has not two features, or ``resolution`` is below 2.
        """
        if self.W1.shape[1] != 2:
            message = f"a decision boundary needs two features; this network has {self.W1.shape[1]}"
            raise ValueError(message)
        if resolution < 2:
            message = f"resolution is {resolution}; it must be at least 2"
            raise ValueError(message)
        wide = margin * np.where(self.high > self.low, self.high - self.low, 1.0)
        x1, x2 = np.linspace(self.low - wide, self.high + wide, resolution).T
        across, up = np.meshgrid(x1, x2)
        probability = self.predict_probability(np.column_stack([across.ravel(), up.ravel()]))
        names = self.feature_names
        return xr.DataArray(
            probability.reshape(across.shape),
            coords={"x2": ("x2", x2, {"long_name": names[1]}), "x1": ("x1", x1, {"long_name": names[0]})},
            dims=("x2", "x1"),
            name="probability",
            attrs={"long_name": "probability of label 1"},
        )


def network(sweep: xr.Dataset, config: int) -> Network:
    """The network of a configuration.

    Errors: KeyError if there is no such configuration; ValueError if it is pending or was dropped.
    """
    low, high = _range(sweep, config)
    return replace(_parameters(sweep, config), low=low, high=high)


def _parameters(sweep: xr.Dataset, config: int) -> Network:
    """The network without the range of its features, whose samples are not read for it."""
    stored = row_of(sweep, ["n_h", "activation", "status", "W1", "b1", "W2", "b2"], config)
    if int(stored["status"]) == schema.PENDING:
        message = f"configuration {config} is pending: it has no parameters yet"
        raise ValueError(message)
    if int(stored["status"]) == schema.DROPPED:
        message = f"configuration {config} was dropped by successive halving: it has no parameters"
        raise ValueError(message)
    units = slice(0, int(stored["n_h"]))
    W1, b1, W2 = (stored[name].values[units].astype(np.float64) for name in ("W1", "b1", "W2"))
    unknown = np.full(W1.shape[1], np.nan)
    activation, names = str(stored["activation"].values), feature_names(sweep)
    return Network(W1, b1, W2, float(stored["b2"]), activation, unknown, unknown, names)


def _range(sweep: xr.Dataset, config: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The smallest and the largest value of each feature in the data set of a configuration."""
    dataset = int(row_of(sweep, ["config_dataset"], config)["config_dataset"])
    position = int(np.flatnonzero(sweep["dataset"].values == dataset)[0])
    X = np.vstack([samples_of(sweep, part, position).X for part in PARTS])
    return X.min(axis=0), X.max(axis=0)


def predict_probability(sweep: xr.Dataset, config: int, X: ArrayLike) -> NDArray[np.float64]:
    """A2, the probability of label 1 for each sample of X by a configuration's network.

    This is ``network(sweep, config).predict_probability(X)``, with the same errors.
    """
    return _parameters(sweep, config).predict_probability(X)


def standardize(sweep: xr.Dataset, config: int, X: ArrayLike) -> NDArray[np.float64]:
    """Samples of X, (m, n_x), in the units of ``X_train``, which the network expects.

    This is (X - feature_mean) / feature_scale of the data set of the configuration: X itself where the job
    did not standardize the features.

    Errors: KeyError if there is no such configuration; ValueError if X has another number of features.
    """
    dataset = int(row_of(sweep, ["config_dataset"], config)["config_dataset"])
    samples = np.asarray(X, dtype=np.float64)
    constants = sweep[["feature_mean", "feature_scale"]].sel(dataset=dataset)
    n_x = constants["feature_mean"].size
    if samples.ndim != 2 or samples.shape[1] != n_x:
        message = f"X has the shape {samples.shape}; it must be (m, {n_x})"
        raise ValueError(message)
    standardized: NDArray[np.float64] = (samples - constants["feature_mean"].values) / constants[
        "feature_scale"
    ].values
    return standardized
