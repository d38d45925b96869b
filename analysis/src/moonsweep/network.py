"""The network in NumPy: predictions by the stored parameters."""

import warnings
from collections.abc import Callable
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from moonsweep import schema


def _sigmoid(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.5 * (1.0 + np.tanh(0.5 * z))  # never overflows


def _relu(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(z, 0.0)


ACTIVATIONS: Final[dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]] = {
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": _relu,
}


def standardize(sweep: xr.Dataset, config: int, X: ArrayLike) -> NDArray[np.float64]:
    """Samples of X, (m, n_x), in the units of ``X_train``, which `predict_probability` expects.

    This is (X - feature_mean) / feature_scale of the data set of the configuration: X itself where the job
    did not standardize the features.
    """
    dataset = int(sweep["config_dataset"].sel(config=config))
    mean = sweep["feature_mean"].sel(dataset=dataset).values
    scale = sweep["feature_scale"].sel(dataset=dataset).values
    standardized: NDArray[np.float64] = (np.asarray(X, dtype=np.float64) - mean) / scale
    return standardized


def predict_probability(sweep: xr.Dataset, config: int, X: ArrayLike) -> NDArray[np.float64]:
    """A2, the probability of label 1 for each sample of X by a configuration's network.

    X: (m, n_x), in the units of ``X_train``. Result: (m,), float64 for any precision of the sweep. The
    predicted label is 1 if the probability is above 0.5. Where the network overflows, the probability is NaN
    and the sample has no predicted label; a RuntimeWarning states how many there are.

    Errors: KeyError if there is no such configuration, ValueError if it is pending or was dropped, or X has
    another number of features.
    """
    samples = np.asarray(X, dtype=np.float64)
    stored = sweep[["n_h", "activation", "status", "W1", "b1", "W2", "b2"]].sel(config=config)
    if int(stored["status"]) == schema.PENDING:
        message = f"configuration {config} is pending: it has no parameters yet"
        raise ValueError(message)
    if int(stored["status"]) == schema.DROPPED:
        message = f"configuration {config} was dropped by successive halving: it has no parameters"
        raise ValueError(message)
    n_x = sweep.sizes["feature"]
    if samples.ndim != 2 or samples.shape[1] != n_x:
        message = f"X has the shape {samples.shape}; it must be (m, {n_x})"
        raise ValueError(message)
    units = slice(0, int(stored["n_h"]))
    W1, b1, W2 = (stored[name].values[units].astype(np.float64) for name in ("W1", "b1", "W2"))
    # Large samples, or the large parameters of a diverged network, may make sums infinite: A2 is then 0, 1
    # or NaN.
    with np.errstate(over="ignore", invalid="ignore"):
        A1 = ACTIVATIONS[str(stored["activation"].values)](samples @ W1.T + b1)
        A2 = _sigmoid(A1 @ W2 + float(stored["b2"]))
    unpredicted = int(np.isnan(A2).sum())
    if unpredicted > 0:
        have = "sample has" if len(A2) == 1 else "samples have"
        message = f"{unpredicted} of {len(A2)} {have} no prediction: the network overflows"
        warnings.warn(message, RuntimeWarning, stacklevel=2)
    return A2
