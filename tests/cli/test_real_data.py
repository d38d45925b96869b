"""Real data sets, compared with scikit-learn and NumPy: those that scikit-learn contains, as CSV files of a user."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv

import h5py
import numpy as np
import pytest
from sklearn import datasets, metrics
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from lib import textbook

JOB = """\
name: {name}
data: {{file: {name}.csv, label: class, standardize: true, dev_fraction: 0.3, split_seed: 5}}
grid: {{n_h: [5], activation: [tanh, sigmoid, relu], learning_rate: [0.5], seed: [3], iterations: [30, 300]}}
init_scale: 0.1
"""
SHAPE = {"n_h": 5, "rate": 0.5, "seed": 3, "init_scale": 0.1}


def two_classes(name):
    """(X, y, names of the features, the texts of the labels 0 and 1) of a data set."""
    loaded = getattr(datasets, f"load_{name}")()
    if name == "digits":  # zeros against the rest
        return loaded.data, (loaded.target != 0) * 1, loaded.feature_names, ["0", "rest"]
    kept = loaded.target < 2
    return loaded.data[kept], loaded.target[kept], loaded.feature_names, sorted(map(str, loaded.target_names[:2]))


@pytest.fixture(scope="module", params=["breast_cancer", "wine", "iris", "digits"])
def real(request, moonsweep, tmp_path_factory):
    """(result, samples, labels) of a sweep on a real data set."""
    folder = tmp_path_factory.mktemp(request.param)
    X, y, names, labels = two_classes(request.param)
    with open(folder / f"{request.param}.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["class", *names])
        writer.writerows([labels[k], *map(repr, x)] for x, k in zip(X.tolist(), y.tolist(), strict=True))
    (folder / "job.yaml").write_text(JOB.format(name=request.param))
    moonsweep("run", folder / "job.yaml", "-o", folder / "out.h5", ranks=2)
    return folder / "out.h5", X, y


@pytest.fixture(scope="module")
def sets(real):
    """Standardized samples and labels, split by scikit-learn: X_train, X_dev, y_train, y_dev."""
    _, X, y = real
    X_train, X_dev, y_train, y_dev = train_test_split(X, y, test_size=0.3, random_state=5)
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_dev), y_train, y_dev


def train(X, y, row):
    """The costs and the function that gives the probabilities of samples, by the textbook formulas."""
    activation, iterations = row["activation"], int(row["iterations"])
    costs, parameters = textbook.train(X, y, activation, iterations, **SHAPE)
    return costs, lambda X: textbook.probability(activation, parameters, X)


def test_the_networks_see_what_scikit_learn_would_give_them(real, sets):
    with h5py.File(real[0]) as file:
        for name, expected in zip(["X_train", "X_dev", "y_train", "y_dev"], sets, strict=True):
            assert np.allclose(file[name][:], expected, rtol=1e-11, atol=1e-12), name


def test_costs_and_predictions_are_those_of_numpy(moonsweep, rows, real, sets):
    X_train, X_dev, y_train, y_dev = sets
    shown = rows(moonsweep("show", real[0], "-f", "csv").stdout)
    with h5py.File(real[0]) as file:
        for row in shown:
            costs, probability = train(X_train, y_train, row)
            start = file["cost_start"][file["config_trajectory"][int(row["config"])]]
            assert np.allclose(file["cost"][start : start + len(costs)], costs, rtol=1e-10)
            for part, X, y in [("train", X_train, y_train), ("dev", X_dev, y_dev)]:
                right = 100 * metrics.accuracy_score(y, probability(X) > 0.5)
                assert float(row[f"{part}_accuracy"]) == pytest.approx(right, rel=1e-14)
                assert float(row[f"{part}_cost"]) == pytest.approx(metrics.log_loss(y, probability(X)), rel=1e-9)


def test_measures_are_those_of_scikit_learn(moonsweep, rows, real, sets):
    X_train, X_dev, y_train, y_dev = sets
    names = ["precision", "recall", "f1", "mcc", "auc"]
    columns = [f"{part}_{name}" for part in ("train", "dev") for name in names]
    chosen = ",".join(["activation", "iterations", *columns])
    for row in rows(moonsweep("show", real[0], "-f", "csv", "-c", chosen).stdout):
        _, probability = train(X_train, y_train, row)
        for part, X, y in [("train", X_train, y_train), ("dev", X_dev, y_dev)]:
            p = probability(X)
            varied = len(set(p > 0.5)) == 2  # otherwise MCC is 0/0: NaN here, 0 in scikit-learn
            expected = [
                metrics.precision_score(y, p > 0.5),
                metrics.recall_score(y, p > 0.5),
                metrics.f1_score(y, p > 0.5),
                metrics.matthews_corrcoef(y, p > 0.5) if varied else np.nan,
                metrics.roc_auc_score(y, p),
            ]
            assert [float(row[f"{part}_{name}"]) for name in names] == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_the_best_network_is_as_good_as_logistic_regression(moonsweep, rows, real, sets):
    """All four are nearly linearly separable: a network that learns cannot be much worse than a linear model."""
    X_train, X_dev, y_train, y_dev = sets
    linear = 100 * LogisticRegression(solver="newton-cholesky").fit(X_train, y_train).score(X_dev, y_dev)
    best = rows(moonsweep("show", real[0], "-f", "csv", "-s", "-dev_accuracy", "-n", 1).stdout)[0]
    assert float(best["dev_accuracy"]) >= linear - 2


def test_the_stored_networks_follow_from_the_samples(moonsweep, real):
    moonsweep("verify", "--retrain", "6", real[0])
