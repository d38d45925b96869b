"""final_cost and the stored parameters of trajectories that diverge: what docs/file-format.md says about them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import job_file

# With the larger ones, trajectories diverge: with tanh the second update overflows, with relu the cost after an update.
RATES = {"float64": [0.5, 1e150, 1e300, 1e307], "float32": [0.5, 1e18, 1e36, 1e38]}
CLOSE = {"float64": 1e-12, "float32": 1e-5}


@pytest.fixture(scope="module", params=RATES)
def result(request, moonsweep, tmp_path_factory):
    folder = tmp_path_factory.mktemp("final_cost")
    grid = {"activation": "[tanh, relu]", "learning_rate": RATES[request.param], "iterations": "[30]", "n_h": "[3]"}
    moonsweep("run", job_file.write(folder, precision=request.param, **grid), "-o", folder / "out.h5")
    with h5py.File(folder / "out.h5") as file:
        yield file


def cost_of_parameters(file, config):
    """The cost of the stored parameters on the training set, in NumPy: infinite if its sum overflows in the sweep."""
    precision = file.attrs["precision"]
    X, y = file["X_train"][...].astype(precision).astype(float), file["y_train"][...]
    W1, b1, W2, b2 = (file[name][config].astype(float) for name in ("W1", "b1", "W2", "b2"))
    hidden = X @ W1.T + b1
    names = dict(
        zip(file["activation"].attrs["flag_values"], file["activation"].attrs["flag_meanings"].split(), strict=True)
    )
    function = {"tanh": np.tanh, "relu": lambda t: np.maximum(t, 0)}[names[file["activation"][config]]]
    with np.errstate(over="ignore"):
        z = function(hidden) @ W2 + b2
        cost = np.mean(np.logaddexp(0, np.where(y == 1, -z, z)))
    return cost if cost * len(y) / np.log(2) <= np.finfo(precision).max else np.inf


def test_final_cost_is_older_than_the_parameters_unless_the_update_overflowed(result):
    kinds, rel = set(), CLOSE[result.attrs["precision"]]
    for config, (updates, status) in enumerate(zip(result["iterations_done"], result["status"], strict=True)):
        trajectory = result["config_trajectory"][config]
        count = result["cost_count"][trajectory]
        assert result["final_cost"][config] == result["cost"][result["cost_start"][trajectory] + count - 1]
        assert result["train_cost"][config] == pytest.approx(cost_of_parameters(result, config), rel, nan_ok=True)
        if count > updates:
            assert (status, count) == (2, updates + 1)
            assert result["final_cost"][config] == pytest.approx(cost_of_parameters(result, config), rel)
        kinds.add((int(status), bool(count > updates)))
    assert np.isinf(result["train_cost"][...]).any()
    assert kinds == {(1, False), (2, False), (2, True)}
