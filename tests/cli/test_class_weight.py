"""Weights of the classes, compared with gradient descent on the weighted cost in NumPy."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json

import h5py
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from lib import processes, result_file, textbook

SHAPES = {"samples": 150, "noise": 0.3, "n_h": "[3]", "activation": "[tanh, sigmoid, relu]", "iterations": "[1, 60]"}


def data_of(file, part):
    return file[f"X_{part}"][:], file[f"y_{part}"][:]


def parameters_of(file, config):
    return tuple(file[name][config] for name in ("W1", "b1", "W2", "b2"))


def own_job(folder):
    """A job on unbalanced samples of three features: a fifth of them has label 1."""
    random = np.random.default_rng(3)
    y = (np.arange(200) % 5 == 0).astype(int)
    X = random.normal(y[:, None], 1, (200, 3))
    (folder / "points.csv").write_text("".join(f"{a!r},{b!r},{c!r},{k}\n" for (a, b, c), k in zip(X.tolist(), y)))
    job = folder / "own.yaml"
    job.write_text(
        "name: own\ndata: {file: points.csv, dev_fraction: 0.25, split_seed: 1}\n"
        "grid: {n_h: 3, activation: [tanh, sigmoid, relu], learning_rate: 0.5, iterations: [1, 60]}\n"
        "class_weight: balanced\n"
    )
    return job


def check_against_numpy(path, weight):
    """Compares costs and parameters of all configurations with NumPy's."""
    with h5py.File(path) as file:
        X, y = data_of(file, "train")
        for config in range(file["n_h"].size):
            activation = result_file.activation(file, config)
            costs, parameters = textbook.train(
                X, y, activation, int(file["iterations"][config]), n_h=3, rate=0.5, weight=weight
            )
            stored = file["cost"][file["cost_start"][file["config_trajectory"][config]] :][: len(costs)]
            assert stored == pytest.approx(costs, rel=1e-11)
            for mine, numpys in zip(parameters_of(file, config), parameters, strict=True):
                assert mine == pytest.approx(numpys, rel=1e-9, abs=1e-13)
            for part in ("train", "dev"):
                expected = textbook.cost(activation, parameters_of(file, config), *data_of(file, part), weight)
                assert file[f"{part}_cost"][config] == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("weight", [(0.5, 3), (1, 1), (2.5, 0.125)])
def test_the_weighted_cost_is_minimised(moonsweep, job, tmp_path, weight):
    path = tmp_path / "out.h5"
    moonsweep("run", job(**SHAPES, more=f"class_weight: [{weight[0]}, {weight[1]}]\n"), "-o", path, ranks=2)
    check_against_numpy(path, weight)
    with h5py.File(path) as file:
        assert file.attrs["class_weight"] == f"[{weight[0]}, {weight[1]}]"
    assert ": the same bits" in moonsweep("verify", "--retrain", "6", path).stdout


def test_the_gradient_is_that_of_the_weighted_cost(moonsweep, job, tmp_path):
    """One update is the learning rate times the derivative of the cost, computed from differences of the cost."""
    path, weight, step = tmp_path / "out.h5", (0.5, 3), 1e-6
    moonsweep(
        "run", job(samples=50, activation="[tanh]", iterations="[1, 2]", more="class_weight: [0.5, 3]\n"), "-o", path
    )
    with h5py.File(path) as file:
        X, y = data_of(file, "train")
        before, after = parameters_of(file, 0), parameters_of(file, 1)
    for k in range(4):
        for place in np.ndindex(np.shape(before[k])):
            moved = [[np.array(value, dtype=float) for value in before] for _ in range(2)]
            for parameters, sign in zip(moved, (1, -1), strict=True):
                parameters[k][place] += sign * step
            slope = np.subtract(*(textbook.cost("tanh", parameters, X, y, weight) for parameters in moved)) / (2 * step)
            assert after[k][place] - before[k][place] == pytest.approx(-0.5 * slope, rel=1e-6, abs=1e-9)


def test_balanced_weights_are_those_of_scikit_learn(moonsweep, tmp_path):
    """n_samples / (n_classes * count of the class), of the training set only."""
    path = tmp_path / "out.h5"
    moonsweep("run", own_job(tmp_path), "-o", path, ranks=3)
    with h5py.File(path) as file:
        y = file["y_train"][:]
        assert file.attrs["class_weight"] == "balanced"
        assert not np.isclose(y.mean(), file["y_dev"][:].mean())  # the sets have different shares
    expected = compute_class_weight("balanced", classes=np.array([0, 1]), y=y)
    check_against_numpy(path, expected)
    plan = json.loads(moonsweep("plan", tmp_path / "own.yaml", "--format", "json").stdout)
    assert plan["data_sets"][0]["class_weight"] == expected.tolist()
    assert ": the same bits" in moonsweep("verify", "--retrain", "6", path).stdout


def test_predict_states_the_cost_with_the_weights_of_training(moonsweep, tmp_path):
    path = tmp_path / "out.h5"
    moonsweep("run", own_job(tmp_path), "-o", path)
    moonsweep("data", tmp_path / "own.yaml", "--output", tmp_path / "data.csv")
    lines = (tmp_path / "data.csv").read_text().splitlines(keepends=True)
    (tmp_path / "dev.csv").write_text("".join(line for line in lines if line is lines[0] or "dev" in line))
    printed = moonsweep("predict", path, "--config", "1", "--data", tmp_path / "dev.csv").stdout
    with h5py.File(path) as file:
        assert f"\ncost {file['dev_cost'][1]!s}\n" in printed


def test_the_bits_do_not_depend_on_ranks_and_interruptions(moonsweep, start_until, job, tmp_path):
    settings = {"n_h": "[3, 20]", "iterations": "[10, 20000]", "more": "class_weight: balanced\n"}
    text = job(**settings, samples=2000)
    whole, path = tmp_path / "whole.h5", tmp_path / "out.h5"
    moonsweep("run", text, "-o", whole)
    often = ["--checkpoint-seconds", "0.01"]
    processes.stop_suspended(*start_until(text, path, "checkpoint/checksum", *often, ranks=2))
    moonsweep("run", text, "-o", path, ranks=3)
    assert result_file.differences(path, whole) == []


def test_weights_are_part_of_the_meaning_of_a_job(moonsweep, job, tmp_path):
    path = tmp_path / "out.h5"
    moonsweep("run", job(more="class_weight: none\n"), "-o", path)
    moonsweep("run", job(), "-o", path)  # none is the default
    refused = moonsweep("run", job(more="class_weight: [1, 1]\n"), "-o", path, status=78)
    assert "class_weight was none, is now [1, 1]; choose another file" in refused.stderr
    weighted = tmp_path / "weighted.h5"
    moonsweep("run", job(more="class_weight: [1.0, 2]\n"), "-o", weighted)
    moonsweep("run", job(more="class_weight: [1, 20e-1]\n"), "-o", weighted)
    refused = moonsweep("run", job(more="class_weight: balanced\n"), "-o", weighted, status=78)
    assert "class_weight was [1, 2], is now balanced" in refused.stderr


def test_float32_weights_are_rounded_to_float32(moonsweep, job, tmp_path):
    path = tmp_path / "out.h5"
    moonsweep("run", job(**SHAPES, more="class_weight: [0.1, 3]\nprecision: float32\n"), "-o", path)
    with h5py.File(path) as file:
        X, y = data_of(file, "train")
        costs, _ = textbook.train(X, y, "tanh", 60, n_h=3, rate=0.5, weight=(np.float32(0.1), 3))
        assert file["cost"][:60] == pytest.approx(costs, rel=1e-4)
    refused = moonsweep(
        "run", job(more="class_weight: [1e-46, 3]\nprecision: float32\n"), "-o", path, "--force", status=65
    )
    assert "class_weight[0]: '1e-46' is too small for float32" in refused.stderr
