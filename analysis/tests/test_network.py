"""Compares predictions in NumPy with the stored accuracies of the same network."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import moonsweep
import result_file


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def test_predictions_give_the_stored_accuracies(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        for config in range(24):
            for part in ("train", "dev"):
                predicted = moonsweep.predict_probability(sweep, config, sweep[f"X_{part}"]) > 0.5
                accuracy = 100.0 * np.mean(predicted == sweep[f"y_{part}"].values)
                assert accuracy == pytest.approx(float(sweep[f"{part}_accuracy"][config]), abs=1e-12)


def test_saturated_units_do_not_overflow(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        for config in range(0, 24, 4):
            probability = moonsweep.predict_probability(sweep, config, [[1e200, 1e200], [-1e200, 1e200]])
            assert ((probability >= 0) & (probability <= 1)).all()


def test_samples_on_which_the_network_overflows_have_no_prediction(finished: Path) -> None:
    with moonsweep.open(finished) as opened:
        sweep = opened[["n_h", "activation", "status", "W1", "b1", "W2", "b2"]].load().copy(deep=True)
    config = int(sweep["config"][(sweep["activation"] == "relu") & (sweep["n_h"] > 1)][0])
    sweep["W1"][config, :2] = 1e300
    sweep["W2"][config, :2] = [1.0, -1.0]  # infinity minus infinity
    with pytest.warns(RuntimeWarning, match="1 of 2 samples have no prediction: the network overflows"):
        probability = moonsweep.predict_probability(sweep, config, [[1e10, 1e10], [0.0, 0.0]])
    assert np.isnan(probability).tolist() == [True, False]


def test_a_pending_configuration_has_no_network(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep, pytest.raises(ValueError, match="configuration 5 is pending"):
        moonsweep.predict_probability(sweep, 5, [[0.0, 0.0]])


def test_samples_with_another_number_of_features_are_rejected(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, pytest.raises(ValueError, match=r"\(1, 3\); it must be \(m, 2\)"):
        moonsweep.predict_probability(sweep, 5, [[0.0, 0.0, 0.0]])


def test_samples_are_standardized_as_the_training_samples(finished: Path) -> None:
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    with moonsweep.open(finished) as opened:
        sweep = opened[["config_dataset"]].load().copy(deep=True)
    sweep = sweep.assign_coords(dataset=[0])
    sweep["feature_mean"] = (("dataset", "feature"), [[1.0, 4.0]])
    sweep["feature_scale"] = (("dataset", "feature"), [[2.0, 0.5]])
    assert moonsweep.standardize(sweep, 5, X).tolist() == [[0.0, -4.0], [1.0, 0.0]]


def test_a_network_has_the_decisions_of_the_stored_outcomes(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        for config in range(24):
            network = sweep.network(config)
            for part in ("train", "dev"):
                y = sweep[f"y_{part}"].values
                predicted = network.predict(sweep[f"X_{part}"])
                counts = [np.sum((y == t) & (predicted == p)) for t, p in ((0, 0), (0, 1), (1, 0), (1, 1))]
                assert counts == sweep[f"{part}_outcomes"].values[config].tolist()


def test_the_boundary_is_a_grid_of_probabilities_around_the_samples(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        network = sweep.network(23)
        boundary = network.decision_boundary(resolution=11, margin=0.1)
        X = np.vstack([sweep["X_train"], sweep["X_dev"]])
    assert boundary.dims == ("x2", "x1")
    low, high = X.min(axis=0), X.max(axis=0)
    for axis, name in enumerate(("x1", "x2")):
        wide = 0.1 * (high[axis] - low[axis])
        np.testing.assert_allclose(boundary[name], np.linspace(low[axis] - wide, high[axis] + wide, 11))
    for row, column in ((0, 0), (3, 8), (10, 2)):
        point = [[float(boundary["x1"][column]), float(boundary["x2"][row])]]
        assert float(boundary[row, column]) == network.predict_probability(point)[0]
    with pytest.raises(ValueError, match="resolution is 1; it must be at least 2"):
        network.decision_boundary(1)


def test_a_boundary_needs_two_features(tmp_path: Path) -> None:
    path = result_file.write(tmp_path / "out.h5", result_file.Job(n_x=3, iterations=(5,)))
    with moonsweep.open(path) as sweep, pytest.raises(ValueError, match="two features; this network has 3"):
        sweep.network(0).decision_boundary()


def test_a_sample_without_a_prediction_has_no_label() -> None:
    one = np.ones(1)
    parameters = np.array([[1e300, 0.0], [1e300, 0.0]]), np.zeros(2), np.array([1.0, -1.0]), 0.0
    network = moonsweep.Network(*parameters, "relu", one, one, ("x1", "x2"))
    with pytest.warns(RuntimeWarning, match="1 of 2 samples have no prediction"):
        assert network.predict([[1e10, 0.0], [0.0, 0.0]]).tolist() == [-1, 0]


def test_predictions_are_those_of_the_program(
    swept: Path, run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Every decision on every stored sample, by every configuration."""
    with moonsweep.open(swept) as sweep:
        X = np.vstack([sweep["X_train"], sweep["X_dev"]])
        data = tmp_path / "data.csv"
        data.write_text("x1,x2\n" + "".join(f"{a!r},{b!r}\n" for a, b in X.tolist()))
        for config in range(24):
            out = tmp_path / f"{config}.csv"
            run_program("predict", swept, "--config", str(config), "--data", data, "--output", out)
            predicted = [int(row["prediction"]) for row in rows_of(out)]
            assert sweep.network(config).predict(X).tolist() == predicted


def test_new_moons_are_the_samples_of_the_program(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    for samples, noise, seed in ((31, 0.25, 0), (500, 0.0, 7), (6, 0.1, 3)):
        job, out = tmp_path / "job.yaml", tmp_path / "data.csv"
        job.write_text(
            "name: moons\n"
            "data:\n"
            f"  moons: {{samples: {2 * samples}, noise: {noise}, seed: {seed}}}\n"
            "  dev_fraction: 0.5\n"
            "  split_seed: 1\n"
            "grid: {n_h: 1, activation: tanh, learning_rate: 1, iterations: 1}\n"
        )
        run_program("data", job, "-o", out)
        rows = [[float(row[name]) for name in ("x1", "x2", "label")] for row in rows_of(out)]
        made = moonsweep.make_moons(2 * samples, noise, seed)
        expected = sorted(np.column_stack([made.X, made.y]).tolist())
        np.testing.assert_allclose(sorted(rows), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("samples", "noise"), [(0, 0.1), (5, -0.1), (5, float("nan"))])
def test_moons_that_cannot_be_made_are_refused(samples: int, noise: float) -> None:
    with pytest.raises(ValueError, match=f"samples is {samples} and noise {noise}; they must be"):
        moonsweep.make_moons(samples, noise, 0)
