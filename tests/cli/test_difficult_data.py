"""Data on which training is known to go wrong elsewhere: saturated outputs, constant features, features of very
different size."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import netCDF4
import numpy as np
import pytest
import xarray

# Four points that a network separates at any learning rate.
SQUARE = "x1,x2,label\n-1,-1,0\n-1,1,0\n1,-1,1\n1,1,1\n"


def write_job(folder, grid, data="file: points.csv, dev_file: points.csv"):
    (folder / "job.yaml").write_text(f"name: difficult\ndata: {{{data}}}\ngrid: {{{grid}}}\n")
    return folder / "job.yaml"


def test_costs_of_exactly_zero_are_zero_for_every_reader(moonsweep, tmp_path):
    """O10: nothing marks a cost of 0 as missing."""
    (tmp_path / "points.csv").write_text(SQUARE)
    job = write_job(tmp_path, "n_h: 4, activation: tanh, learning_rate: 1e6, iterations: 2000")
    moonsweep("run", job, "-o", tmp_path / "out.h5")
    with h5py.File(tmp_path / "out.h5") as file:
        costs = file["cost"][:]
    assert np.count_nonzero(costs == 0) == 1999 and np.isfinite(costs).all()
    for engine in ["h5netcdf", "netcdf4"]:
        with xarray.open_dataset(tmp_path / "out.h5", engine=engine) as opened:
            assert np.array_equal(opened.cost.values, costs), engine
    with netCDF4.Dataset(tmp_path / "out.h5") as file:
        read = file["cost"][:]
        assert not np.ma.is_masked(read) and np.array_equal(np.asarray(read), costs)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_costs_of_saturated_outputs_are_finite(moonsweep, tmp_path, precision):
    """O22: log(0) never occurs."""
    (tmp_path / "points.csv").write_text(SQUARE)
    grid = "n_h: 4, activation: [tanh, sigmoid], learning_rate: [1e3, 1e6], iterations: 2000"
    job = write_job(tmp_path, grid)
    job.write_text(job.read_text() + f"precision: {precision}\n")
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=2)
    with h5py.File(tmp_path / "out.h5") as file:
        assert np.isfinite(file["cost"][:]).all() and (file["cost"][:] >= 0).all()
        assert (file["train_accuracy"][:] == 100).all() and (file["status"][:] == 1).all()


def test_a_constant_feature_becomes_zero(moonsweep, rows, tmp_path):
    """O08: it is not divided by nearly nothing."""
    random = np.random.default_rng(3)
    y = np.arange(1000) % 2
    X = np.column_stack([random.normal(y), random.normal(size=1000), np.full(1000, 14.62)])
    lines = [f"{a!r},{b!r},{c!r},{k}" for (a, b, c), k in zip(X.tolist(), y.tolist(), strict=True)]
    (tmp_path / "points.csv").write_text("\n".join(["a,b,constant,label", *lines]) + "\n")
    data = "file: points.csv, standardize: true, dev_fraction: 0.2, split_seed: 1"
    job = write_job(tmp_path, "n_h: 3, activation: tanh, learning_rate: 0.5, iterations: 100", data)
    noted = moonsweep("run", job, "-o", tmp_path / "out.h5").stderr
    assert "note: " in noted and "'constant'" in noted
    with h5py.File(tmp_path / "out.h5") as file:
        assert (file["X_train"][:, 2] == 0).all() and (file["X_dev"][:, 2] == 0).all()
        assert file["feature_mean"][0, 2] == 14.62 and file["feature_scale"][0, 2] == 1
    (tmp_path / "new.csv").write_text("a,b,constant\n0.5,0,15.0\n")
    predicted = rows(moonsweep("predict", tmp_path / "out.h5", "-c", 0, "-d", tmp_path / "new.csv", "-o", "-").stdout)
    assert 0 < float(predicted[0]["probability"]) < 1


def unlike_sizes():
    """40 samples, 24 of one class: the second feature determines the label, the first one is 50,000 times as large."""
    random = np.random.default_rng(2)
    x2 = np.concatenate([np.abs(random.normal(size=16)), -np.abs(random.normal(size=24))])
    return np.column_stack([random.normal(50000, 10000, 40), x2]), (x2 > 0) * 1


def test_features_of_very_different_size_are_learned_if_standardized(moonsweep, tmp_path):
    """O23: otherwise the cost ends at the entropy of the labels, and a note says what may help."""
    X, y = unlike_sizes()
    lines = [f"{a!r},{b!r},{k}" for (a, b), k in zip(X.tolist(), y.tolist(), strict=True)]
    (tmp_path / "points.csv").write_text("\n".join(["x1,x2,label", *lines]) + "\n")
    results = {}
    for standardize in ["false", "true"]:
        data = f"file: points.csv, dev_file: points.csv, standardize: {standardize}"
        grid = "n_h: 3, activation: [tanh, sigmoid, relu], learning_rate: 0.5, iterations: 5000"
        out = tmp_path / f"{standardize}.h5"
        noted = moonsweep("run", write_job(tmp_path, grid, data), "-o", out).stderr
        assert ("of very different size" in noted) == (standardize == "false")
        with h5py.File(out) as file:
            costs, done = file["final_cost"][:], file["status"][:]
            assert not np.isnan(file["cost"][:]).any() and (done == 1).all()
            results[standardize] = (costs, file["train_accuracy"][:])
    entropy = -(0.6 * np.log(0.6) + 0.4 * np.log(0.4))
    costs, accuracies = results["false"]
    assert np.allclose(costs, entropy, atol=1e-4) and (accuracies == 60).all()
    costs, accuracies = results["true"]
    assert (costs < entropy / 2).all() and (accuracies >= 95).all()
