"""Sweeps of many configurations, which a job file gives by ranges. A sample of the rows is compared with NumPy."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import io
import json

import h5py
import numpy as np
import pytest

from lib import job_file

UNITS, RATE, SCALE, ITERATIONS = 5, 0.5, 1.0, 10


@pytest.fixture(scope="module")
def seeds(request):
    """The number of seeds, each of which has as many configurations as UNITS."""
    return 200_000 if request.config.getoption("--long") else 4_000


@pytest.fixture(scope="module")
def many(moonsweep, seeds, tmp_path_factory):
    """A job of seeds * UNITS configurations, and its result: with --long, of 64 ranks."""
    folder = tmp_path_factory.mktemp("many")
    job = job_file.write(
        folder,
        samples=60,
        n_h=f"{{range: [1, {UNITS + 1}]}}",
        learning_rate=f"[{RATE}]",
        init_scale=f"[{SCALE}]",
        seed=f"{{range: [0, {seeds}]}}",
        iterations=f"[{ITERATIONS}]",
    )
    moonsweep("run", job, "-o", folder / "out.h5", "-q", ranks=2 if seeds < 10_000 else 64, timeout=3600)
    return job, folder / "out.h5"


def sample(rows):
    """The first and the last row, and some of those in between."""
    return [0, *np.random.default_rng(7).integers(1, rows - 1, 38).tolist(), rows - 1]


def probability(X, parameters):
    W1, b1, W2, b2 = parameters
    return 1 / (1 + np.exp(-(np.tanh(X @ W1.T + b1) @ W2 + b2)))


def train(X, y, n_h, seed):
    """The costs and the parameters of a network of tanh units by NumPy, trained by gradient descent."""
    random = np.random.RandomState(seed)
    W1 = random.randn(n_h, X.shape[1]) * SCALE
    W2 = random.randn(1, n_h)[0] * SCALE
    b1, b2, costs = np.zeros(n_h), 0.0, []
    for _ in range(ITERATIONS):
        A1 = np.tanh(X @ W1.T + b1)
        P = probability(X, (W1, b1, W2, b2))
        costs.append(-np.mean(np.where(y == 1, np.log(P), np.log(1 - P))))
        d2 = (P - y) / len(y)
        d1 = np.outer(d2, W2) * (1 - A1 * A1)
        W2, b2 = W2 - RATE * d2 @ A1, b2 - RATE * d2.sum()
        W1, b1 = W1 - RATE * d1.T @ X, b1 - RATE * d1.sum(axis=0)
    return costs, (W1, b1, W2, b2)


def test_every_row_is_done_and_has_its_place_in_the_product_of_the_ranges(many, seeds):
    with h5py.File(many[1]) as file:
        assert np.array_equal(file["n_h"][:], np.repeat(np.arange(1, UNITS + 1), seeds))
        assert np.array_equal(file["seed"][:], np.tile(np.arange(seeds), UNITS))
        assert np.array_equal(file["config_trajectory"][:], np.arange(seeds * UNITS))
        assert (file["status"][:] == 1).all()
        assert (file["iterations_done"][:] == ITERATIONS).all()


def test_a_sample_of_the_rows_is_what_numpy_trains(many, seeds):
    with h5py.File(many[1]) as file:
        data = {part: (file[f"X_{part}"][:], file[f"y_{part}"][:]) for part in ("train", "dev")}
        for config in sample(seeds * UNITS):
            n_h = config // seeds + 1
            costs, parameters = train(*data["train"], n_h, config % seeds)
            assert file["cost"][file["cost_start"][config] :][:ITERATIONS] == pytest.approx(costs, rel=1e-11)
            for name, expected in zip(("W1", "b1", "W2", "b2"), parameters, strict=True):
                stored = np.atleast_1d(file[name][config])[:n_h]
                assert stored == pytest.approx(np.atleast_1d(expected), rel=1e-9, abs=1e-13), name
            for part, (X, y) in data.items():
                right = (probability(X, parameters) > 0.5) == y
                assert file[f"{part}_accuracy"][config] == pytest.approx(100 * right.mean())


def test_every_command_reads_it(moonsweep, many, seeds):
    job, path = many
    rows = seeds * UNITS
    assert json.loads(moonsweep("status", path, "--format", "json").stdout)[0]["done"] == rows
    assert f"{rows} configurations" in moonsweep("verify", path).stdout
    assert "nothing to do" in moonsweep("run", job, "-o", path).stderr
    shown = moonsweep("show", path, "--sort=-dev_accuracy,config", "-n", 3, "--format", "csv").stdout
    with h5py.File(path) as file:
        best = np.argsort(-file["dev_accuracy"][:], kind="stable")[:3]
    assert [int(row["config"]) for row in csv.DictReader(io.StringIO(shown))] == best.tolist()


def test_a_half_of_the_rows_is_taken_over_by_the_whole(moonsweep, many, seeds, tmp_path):
    job, path = many
    half, whole = tmp_path / "half.h5", tmp_path / "whole.h5"
    moonsweep("run", job, "--set", f"grid.seed={{range: [0, {seeds}], step: 2}}", "-o", half, "-q", ranks=2)
    moonsweep("run", job, "-o", whole, "--from", half, "-q", ranks=2)
    with h5py.File(path) as file, h5py.File(whole) as grown:
        assert np.array_equal(grown["rank"][:] == -1, np.arange(seeds * UNITS) % 2 == 0)
        for name in ("W1", "b1", "W2", "b2", "cost", "dev_accuracy", "dev_cost"):
            assert np.array_equal(file[name][:], grown[name][:], equal_nan=True), name
