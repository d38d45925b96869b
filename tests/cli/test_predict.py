"""moonsweep predict: a stored network's predictions on new data, compared with the same network in NumPy."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import re
import shutil

import h5py
import numpy as np
import pytest

from lib import result_file


def probability(path, config, X):
    """A2 of a stored configuration, computed with NumPy."""
    with h5py.File(path) as file:
        n_h = file["n_h"][config]
        W1, b1 = file["W1"][config, :n_h], file["b1"][config, :n_h]
        W2, b2 = file["W2"][config, :n_h], file["b2"][config]
        activation = result_file.activation(file, config)

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    g = {"tanh": np.tanh, "sigmoid": sigmoid, "relu": lambda z: np.maximum(z, 0)}[activation]
    return sigmoid(g(X @ W1.T + b1) @ W2 + b2)


def values(text):
    """Parses the lines `name value` into a dictionary."""
    return {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE)}


def read(path, rows):
    return rows(path.read_text())


@pytest.mark.parametrize("config", [2, 13, 17, 35])
def test_predictions_equal_those_of_numpy(moonsweep, sweep, rows, tmp_path, config):
    out = tmp_path / "predicted.csv"
    shown = values(moonsweep("predict", sweep, "--config", config, "--moons", "500,0.25,3", "-o", out).stdout)
    table = read(out, rows)
    X = np.array([[float(row["x1"]), float(row["x2"])] for row in table])
    y = np.array([int(row["label"]) for row in table])
    expected = probability(sweep, config, X)
    ours = np.array([float(row["probability"]) for row in table])
    predicted = np.array([int(row["prediction"]) for row in table])

    assert len(table) == shown["samples"] == 500
    assert np.abs(ours - expected).max() < 1e-14
    assert (predicted == (ours > 0.5)).all()
    assert shown["accuracy"] == 100 * (predicted == y).mean()
    assert shown["cost"] == pytest.approx(-np.mean(np.log(np.where(y == 1, expected, 1 - expected))), rel=1e-12)
    assert shown["true_positives"] == ((predicted == 1) & (y == 1)).sum()
    assert shown["true_negatives"] == ((predicted == 0) & (y == 0)).sum()
    assert shown["false_positives"] == ((predicted == 1) & (y == 0)).sum()
    assert shown["false_negatives"] == ((predicted == 0) & (y == 1)).sum()


def test_the_stored_dev_set_gives_the_stored_accuracy(moonsweep, sweep, tmp_path):
    with h5py.File(sweep) as file, open(tmp_path / "dev.csv", "w", newline="") as csv_file:
        writer = csv.writer(csv_file)
        writer.writerow(["label", "x1", "x2"])
        samples = zip(file["X_dev"][:].tolist(), file["y_dev"][:].tolist(), strict=True)
        writer.writerows([y, repr(x[0]), repr(x[1])] for x, y in samples)
        accuracy, cost, outcomes = file["dev_accuracy"][:], file["dev_cost"][:], file["dev_outcomes"][:]
    for config in range(0, 36, 5):
        shown = values(moonsweep("predict", sweep, "-c", config, "--data", tmp_path / "dev.csv").stdout)
        assert shown["accuracy"] == accuracy[config]
        assert shown["cost"] == cost[config]
        names = ["true_negatives", "false_positives", "false_negatives", "true_positives"]
        assert [shown[name] for name in names] == outcomes[config].tolist()


def test_the_best_configuration_is_the_one_that_status_names(moonsweep, sweep):
    best = re.search(r"\(configuration (\d+)\)", moonsweep("status", sweep).stdout)[1]
    with h5py.File(sweep) as file:
        assert int(best) == np.argmax(file["dev_accuracy"][:])
    named = moonsweep("predict", sweep, "--config", "best", "--moons", "300,0.25,3")
    assert named.stdout == moonsweep("predict", sweep, "--config", best, "--moons", "300,0.25,3").stdout
    assert named.stderr.startswith(f"moonsweep: configuration {best} is the best, with a dev accuracy of ")


def test_without_a_configuration_that_is_done_there_is_no_best_one(refused, moonsweep, job, tmp_path):
    diverging = job(activation="[relu]", n_h="[50]", learning_rate="[1000000]", iterations="[100]")
    moonsweep("run", diverging, "-o", tmp_path / "out.h5")
    words = ["out.h5: there is no best configuration: none is done"]
    refused(64, "predict", tmp_path / "out.h5", "-c", "best", "--moons", "5,0,0", words=words)


def test_predictions_without_labels_are_counted(moonsweep, sweep, rows, tmp_path):
    (tmp_path / "new.csv").write_text("x1,x2\n0,1\n1,-0.5\n5,5\n")
    done = moonsweep("predict", sweep, "-c", 17, "--data", tmp_path / "new.csv", "-o", tmp_path / "out.csv")
    table = read(tmp_path / "out.csv", rows)
    assert list(table[0]) == ["x1", "x2", "probability", "prediction"]
    ones = sum(row["prediction"] == "1" for row in table)
    assert values(done.stdout) == {"samples": 3, "predicted_0": 3 - ones, "predicted_1": ones}


def test_columns_are_found_by_their_names(moonsweep, sweep, rows, tmp_path):
    """Each sample gets the same prediction, whatever the order of the columns."""
    made, again = tmp_path / "made.csv", tmp_path / "again.csv"
    first = moonsweep("predict", sweep, "-c", 17, "--moons", "200,0.25,3", "-o", made)
    table = read(made, rows)
    for order in [["x2", "x1", "label"], ["label", "x1", "x2"], ["x2", "label", "prediction", "x1"]]:
        with open(tmp_path / "reordered.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, order, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(table)
        shown = moonsweep("predict", sweep, "-c", 17, "--data", tmp_path / "reordered.csv", "-o", again)
        assert shown.stdout == first.stdout
        assert again.read_bytes() == made.read_bytes()


def test_what_data_and_predict_write_can_be_predicted(moonsweep, sweep, rows, tmp_path):
    out, again = tmp_path / "out.csv", tmp_path / "again.csv"
    moonsweep("data", sweep.parent / "job.yaml", "-o", tmp_path / "data.csv")
    shown = values(moonsweep("predict", sweep, "-c", 17, "-d", tmp_path / "data.csv", "-o", out).stdout)
    with h5py.File(sweep) as file:
        right = file["train_outcomes"][17] + file["dev_outcomes"][17]
        X = np.concatenate([file["X_train"][:], file["X_dev"][:]])
    names = ["true_negatives", "false_positives", "false_negatives", "true_positives"]
    assert [shown[name] for name in names] == right.tolist()
    assert [[float(row["x1"]), float(row["x2"])] for row in read(out, rows)] == X.tolist()
    assert values(moonsweep("predict", sweep, "-c", 17, "-d", out, "-o", again).stdout) == shown
    assert again.read_bytes() == out.read_bytes()


def test_the_features_have_the_names_that_the_result_stores(moonsweep, refused, sweep, rows, tmp_path):
    """Even names that need quotes in a CSV file, and the name of another column of `moonsweep data`."""
    names = ['width, "w" in cm', "set"]
    named, data, out = tmp_path / "named.h5", tmp_path / "named.csv", tmp_path / "out.csv"
    shutil.copyfile(sweep, named)
    with h5py.File(named, "r+", locking=False) as file:
        file.attrs.modify("feature_names", np.array(names, dtype=h5py.string_dtype()))
    moonsweep("predict", named, "-c", 17, "--moons", "9,0.25,3", "-o", data)
    table = read(data, rows)
    assert list(table[0]) == [*names, "probability", "prediction", "label"]
    moonsweep("predict", named, "-c", 17, "-d", data, "-o", out)
    assert out.read_bytes() == data.read_bytes()
    refused(65, "predict", sweep, "-c", 17, "-d", data, words=[f"{data}:1: ", "'x1', 'x2'", "width", "'set'"])
    (tmp_path / "plain.csv").write_text("x1,x2\n1,2\n")
    refused(65, "predict", named, "-c", 17, "-d", tmp_path / "plain.csv", words=["'x1', 'x2'", "width", "'set'"])


@pytest.mark.parametrize("names", [["x1"], ["x1", "x2", "x3"], None, "x1,x2", [1, 2]])
def test_damaged_feature_names_are_refused(refused, sweep, tmp_path, names):
    damaged = tmp_path / "damaged.h5"
    shutil.copyfile(sweep, damaged)
    with h5py.File(damaged, "r+", locking=False) as file:
        del file.attrs["feature_names"]
        if names is not None:
            file.attrs["feature_names"] = names
    (tmp_path / "new.csv").write_text("x1,x2\n1,2\n")
    refused(65, "predict", damaged, "-c", 17, "-d", tmp_path / "new.csv", words=[damaged, "feature_names", "2 texts"])


def test_standard_output_gets_only_csv_if_predictions_go_there(moonsweep, sweep, rows):
    done = moonsweep("predict", sweep, "-c", 17, "--moons", "7,0.1,0", "-o", "-")
    assert len(rows(done.stdout)) == 7
    assert done.stdout.startswith("x1,x2,probability,prediction,label\n")
    assert values(done.stderr)["samples"] == 7


def test_a_diverged_configuration_predicts_with_its_last_finite_parameters(moonsweep, diverged):
    assert values(moonsweep("predict", diverged, "-c", 5, "--moons", "50,0,0").stdout)["samples"] == 50


def test_float32_predicts_in_float32(moonsweep, job, tmp_path):
    out = tmp_path / "out.h5"
    moonsweep("run", job(precision="float32", iterations="[200]"), "-o", out)
    with h5py.File(out) as file, open(tmp_path / "dev.csv", "w") as csv_file:
        csv_file.write("x1,x2,label\n")
        for x, y in zip(file["X_dev"][:].tolist(), file["y_dev"][:].tolist()):
            csv_file.write(f"{x[0]!r},{x[1]!r},{y}\n")
        accuracy, cost = file["dev_accuracy"][0], file["dev_cost"][0]
    shown = values(moonsweep("predict", out, "-c", 0, "--data", tmp_path / "dev.csv").stdout)
    assert (shown["accuracy"], shown["cost"]) == (accuracy, cost)


def test_a_cell_that_float32_cannot_hold_is_refused(moonsweep, refused, job, tmp_path):
    out, data = tmp_path / "out.h5", tmp_path / "large.csv"
    moonsweep("run", job(precision="float32", iterations="[20]"), "-o", out)
    data.write_text("x1,x2,label\n1,2,0\n1e39,1e39,0\n")
    refused(65, "predict", out, "-c", 0, "-d", data, words=[f"{data}:3: ", "x1", "too large for float32"])


def test_samples_on_which_the_network_overflows_have_no_prediction(moonsweep, job, rows, tmp_path):
    """Large weights and inputs make the sums of relu units infinite, with both signs."""
    out, data, predicted = tmp_path / "out.h5", tmp_path / "large.csv", tmp_path / "predicted.csv"
    large = job(activation="[relu]", n_h="[20]", learning_rate="[1.0e-9]", iterations="[2]", init_scale="[10]")
    moonsweep("run", large, "-o", out)
    data.write_text("x1,x2,label\n0,1,0\n1.7e308,1.7e308,0\n1.7e308,-1.7e308,1\n")
    done = moonsweep("predict", out, "-c", 0, "-d", data, "-o", predicted)
    table = read(predicted, rows)
    assert [row["probability"] == "nan" for row in table] == [False, True, True]
    assert [row["prediction"] == "" for row in table] == [False, True, True]
    shown = values(done.stdout)
    assert shown["unpredicted"] == 2
    assert shown["true_negatives"] + shown["false_positives"] == 1
    assert shown["false_negatives"] + shown["true_positives"] == 0
    assert shown["accuracy"] <= 100 / 3
    assert done.stderr == "moonsweep: 2 of 3 samples have no prediction: the network overflows\n"
    data.write_text("x1,x2\n0,1\n1.7e308,1.7e308\n1.7e308,-1.7e308\n")
    shown = values(moonsweep("predict", out, "-c", 0, "-d", data).stdout)
    assert shown["predicted_0"] + shown["predicted_1"] == 1
    assert shown["unpredicted"] == 2


def test_wrong_arguments_and_files_are_refused(refused, sweep, stopped, moonsweep, rows, tmp_path):
    refused(64, "predict", sweep, "-c", 36, "--moons", "5,0,0", words=["36", "35"])
    shown = rows(moonsweep("show", stopped, "--format", "csv").stdout)
    pending = next(row["config"] for row in shown if row["status"] == "pending")
    refused(64, "predict", stopped, "-c", pending, "--moons", "5,0,0", words=[pending, "pending"])
    refused(66, "predict", sweep, "-c", 0, "--data", tmp_path / "missing.csv", words=["missing.csv"])
    (tmp_path / "three.csv").write_text("a,b,c,label\n1,2,3,0\n")
    refused(65, "predict", sweep, "-c", 0, "--data", tmp_path / "three.csv", words=["three.csv:1: ", "'x1'", "'c'"])
    (tmp_path / "upper.csv").write_text("x2,x1,Label\n1,2,0\n")
    refused(65, "predict", sweep, "-c", 0, "-d", tmp_path / "upper.csv", words=[":1: column 3 is named 'Label'"])
    (tmp_path / "tabs.csv").write_text("x1\tx2\tlabel\n1\t2\t0\n")
    refused(65, "predict", sweep, "-c", 0, "-d", tmp_path / "tabs.csv", words=["commas; line 1 has tabs"])
    (tmp_path / "two.csv").write_text("x1,x2,label\n1,2,0\n")
    before = (tmp_path / "two.csv").read_bytes()
    refused(64, "predict", sweep, "-c", 0, "--data", tmp_path / "two.csv", "-o", tmp_path / "two.csv", words=["itself"])
    assert (tmp_path / "two.csv").read_bytes() == before
    refused(73, "predict", sweep, "-c", 0, "--moons", "5,0,0", "-o", sweep, words=["HDF5"])
