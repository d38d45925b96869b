"""Samples from a user's own file, compared with NumPy: reading, labels, standardization, the dev set, resuming."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import os
import re
import shutil

import h5py
import numpy as np
import pytest

from lib.own_data import split, write_job

FEATURES = ["width", "height", "weight"]
LABELS = ["cat", "dog"]


def table(count=120, seed=1):
    """Samples of three features of very different size, of which the last one is constant, and their labels."""
    random = np.random.default_rng(seed)
    y = random.integers(0, 2, count)
    columns = (random.normal(y, 1), random.normal(2000 * y, 1000), np.full(count, 3.1))
    return np.stack(columns, axis=1), y


def write(path, X, y, features=FEATURES, labels=LABELS, label="kind", header=True):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        if header:
            writer.writerow([*features, label])
        writer.writerows([*map(repr, x), labels[k]] for x, k in zip(X.tolist(), y.tolist(), strict=True))


@pytest.fixture
def own(tmp_path):
    """A folder with samples; returns them and the job for them."""
    X, y = table()
    write(tmp_path / "points.csv", X, y)
    return X, y, write_job(tmp_path)


def values(text):
    return dict(re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE))


def dev_accuracy(file, config, X, y):
    """The accuracy of a stored network in percent, by NumPy."""
    n_h = file["n_h"][config]
    g = [np.tanh, None, lambda z: np.maximum(z, 0)][file["activation"][config]]
    Z2 = g(X @ file["W1"][config, :n_h].T + file["b1"][config, :n_h]) @ file["W2"][config, :n_h] + file["b2"][config]
    return 100 * np.mean((Z2 > 0) == (y == 1))


def test_the_result_contains_the_samples_and_their_names(moonsweep, own, tmp_path):
    X, y, job = own
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=3)
    assert f"moonsweep: {job}: note: 'cat' is label 0, 'dog' is label 1\n" in done.stderr
    train_X, train_y, dev_X, dev_y = split(X, y)
    with h5py.File(tmp_path / "out.h5") as file:
        assert (file["X_train"][:] == train_X).all() and (file["X_dev"][:] == dev_X).all()
        assert (file["y_train"][:] == train_y).all() and (file["y_dev"][:] == dev_y).all()
        assert file.attrs["feature_names"].tolist() == FEATURES
        assert file.attrs["label_values"].tolist() == LABELS
        assert file.attrs["label_name"] == "kind"
        assert (file["feature_mean"][:] == 0).all() and (file["feature_scale"][:] == 1).all()
        assert (file["data_seed"][0], file["split_seed"][0]) == (-1, 7) and np.isnan(file["noise"][0])
    moonsweep("verify", "--retrain", "4", tmp_path / "out.h5")


def test_samples_are_standardized_as_by_numpy(moonsweep, own, tmp_path):
    X, y, _ = own
    job = write_job(tmp_path, "file: points.csv, dev_fraction: 0.25, split_seed: 7, standardize: true")
    out = tmp_path / "out.h5"
    done = moonsweep("run", job, "-o", out, ranks=2)
    assert "the feature 'weight' has one value only in the training set" in done.stderr
    train_X, _, dev_X, dev_y = split(X, y)
    mean, scale = train_X.mean(axis=0), train_X.std(axis=0)
    mean[2], scale[2] = 3.1, 1
    with h5py.File(out) as file:
        assert np.allclose(file["feature_mean"][0], mean, rtol=1e-13)
        assert np.allclose(file["feature_scale"][0], scale, rtol=1e-13)
        assert np.allclose(file["X_train"][:], (train_X - mean) / scale, rtol=1e-12, atol=1e-12)
        assert np.allclose(file["X_dev"][:], (dev_X - mean) / scale, rtol=1e-12, atol=1e-12)
        assert (file["X_train"][:, 2] == 0).all()
        for config in range(4):
            assert file["dev_accuracy"][config] == dev_accuracy(file, config, (dev_X - mean) / scale, dev_y)
    moonsweep("verify", "--retrain", "4", out)


@pytest.mark.parametrize("standardize", ["true", "false"])
def test_predict_reads_the_file_of_the_job_and_writes_its_labels(moonsweep, own, rows, tmp_path, standardize):
    X, y, _ = own
    job = write_job(tmp_path, f"file: points.csv, dev_fraction: 0.25, split_seed: 7, standardize: {standardize}")
    out, predicted = tmp_path / "out.h5", tmp_path / "predicted.csv"
    moonsweep("run", job, "-o", out)
    shown = values(moonsweep("predict", out, "-c", 1, "-d", tmp_path / "points.csv", "-o", predicted).stdout)
    read = rows(predicted.read_text())
    assert list(read[0]) == [*FEATURES, "probability", "prediction", "kind"]
    assert [[float(row[name]) for name in FEATURES] for row in read] == X.tolist()
    assert [row["kind"] for row in read] == [LABELS[k] for k in y]
    assert [row["prediction"] for row in read] == [LABELS[float(row["probability"]) > 0.5] for row in read]
    assert float(shown["accuracy"]) == 100 * np.mean([row["prediction"] == row["kind"] for row in read])
    moonsweep("data", job, "-o", tmp_path / "data.csv")
    again = values(moonsweep("predict", out, "-c", 1, "-d", tmp_path / "data.csv").stdout)
    assert {**again, "cost": None} == {**shown, "cost": None}  # the samples are in another order
    assert float(again["cost"]) == pytest.approx(float(shown["cost"]), rel=1e-13)
    with h5py.File(out) as file:
        right = file["train_outcomes"][1] + file["dev_outcomes"][1]
    names = ["true_negatives", "false_positives", "false_negatives", "true_positives"]
    assert [int(shown[name]) for name in names] == right.tolist()


def test_the_dev_set_may_be_another_file(moonsweep, own, tmp_path):
    X, y, _ = own
    dev_X, dev_y = table(30, seed=2)
    write(tmp_path / "dev.csv", dev_X[:, ::-1], dev_y, features=FEATURES[::-1])
    job = write_job(tmp_path, "file: points.csv, dev_file: dev.csv")
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=2)
    with h5py.File(tmp_path / "out.h5") as file:
        assert (file["X_train"][:] == X).all() and (file["y_train"][:] == y).all()
        assert (file["X_dev"][:] == dev_X).all() and (file["y_dev"][:] == dev_y).all()
        assert file["split_seed"][0] == -1


def test_files_without_a_header_have_numbered_features(moonsweep, own, tmp_path):
    X, y, _ = own
    for name in ["points.csv", "dev.csv"]:
        write(tmp_path / name, X, y, labels=["-1", "1"], header=False)
    job = write_job(tmp_path, "file: points.csv, dev_file: dev.csv")
    done = moonsweep("run", job, "-o", tmp_path / "out.h5")
    assert "note: '-1' is label 0, '1' is label 1" in done.stderr
    with h5py.File(tmp_path / "out.h5") as file:
        assert file.attrs["feature_names"].tolist() == ["x1", "x2", "x3"]
        assert (file["X_dev"][:] == X).all() and (file["y_dev"][:] == y).all()
        accuracy = file["dev_accuracy"][3]
    predicted = moonsweep("predict", tmp_path / "out.h5", "-c", 3, "-d", tmp_path / "dev.csv").stdout
    assert f"\naccuracy {accuracy:.15g}" in predicted
    (tmp_path / "new.csv").write_text("".join(f"{a!r},{b!r},{c!r}\n" for a, b, c in X.tolist()))
    unlabelled = moonsweep("predict", tmp_path / "out.h5", "-c", 3, "-d", tmp_path / "new.csv").stdout
    assert unlabelled.startswith(f"samples {len(X)}\npredicted_0 ")


def test_the_path_is_relative_to_the_job_and_whole_in_messages(moonsweep, refused, own, tmp_path):
    _, _, job = own
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    moonsweep("run", os.path.relpath(job, folder), "-o", "out.h5", cwd=folder)
    (tmp_path / "points.csv").write_text("a,b,kind\n1,2,cat\n3,,dog\n")
    words = [f"{os.path.realpath(tmp_path)}/points.csv:3: column 2 ('b'): the cell is empty"]
    refused(65, "data", os.path.relpath(job), "-o", folder / "data.csv", words=words)
    (tmp_path / "points.csv").unlink()
    refused(66, "run", job, "-o", folder / "new.h5", words=[f"{os.path.realpath(tmp_path)}/points.csv: there is no"])
    assert not (folder / "new.h5").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["points.csv: the file is empty"]),
        ("a,b,kind\n", ["points.csv: there are no rows"]),
        ("a,b,kind\n1,2,p\n1,2,q\n1,2,r\n", ["three labels", "'p' (line 2)", "'q' (line 3)", "'r' (line 4)"]),
        ("a,b,kind\n1,2,p\n1,2,p\n", ["all rows (2) have the label 'p'"]),
        ("a,b,kind\n1,2,p\n1,2\n", ["points.csv:3: ", "fewer fields"]),
        ("a,b,kind\n1,2,p\n1,NaN,q\n", ["points.csv:3: column 2 ('b'): 'NaN' is not finite"]),
        ("a;b;kind\n1;2;p\n", ["points.csv:1: ", "semicolons"]),
        ("a,kind\n1,p\n1,q\n", ["training set", "of class"]),
    ],
)
def test_wrong_contents_are_refused_and_nothing_is_written(refused, tmp_path, text, words):
    (tmp_path / "points.csv").write_text(text)
    refused(65, "run", write_job(tmp_path), "-o", tmp_path / "out.h5", words=words)
    assert not (tmp_path / "out.h5").exists()


def test_a_label_of_the_dev_file_that_the_training_set_lacks_is_refused(refused, own, tmp_path):
    (tmp_path / "dev.csv").write_text("width,height,weight,kind\n1,2,3,cat\n1,2,3,cow\n")
    job = write_job(tmp_path, "file: points.csv, dev_file: dev.csv")
    words = ["dev.csv:3: column 4 ('kind'): 'cow' is not a label; it must be 'cat' or 'dog'"]
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=words)
    (tmp_path / "dev.csv").write_text("width,height,weight\n1,2,3\n")
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=["dev.csv", "no column 'kind'", "labels"])


def test_features_of_very_different_size_get_a_note_unless_standardized(moonsweep, own, tmp_path):
    _, _, job = own
    noted = moonsweep("data", job, "-o", tmp_path / "data.csv").stderr
    assert "of very different size" in noted and "'width'" in noted and "'height'" in noted and "standardize" in noted
    job = write_job(tmp_path, "file: points.csv, dev_fraction: 0.25, split_seed: 7, standardize: true")
    assert "different size" not in moonsweep("data", job, "-o", tmp_path / "data.csv").stderr
    assert "different size" not in moonsweep("run", job, "-o", tmp_path / "out.h5").stderr


def test_a_result_has_the_names_of_4091_features_and_no_more(moonsweep, refused, tmp_path):
    """An attribute of HDF5 has less than 64 KiB, and a name takes 16 bytes of it."""
    job = write_job(tmp_path)
    for count in [4091, 4092]:
        names = [f"pixel {i}" for i in range(count)]
        write(tmp_path / "points.csv", np.arange(8 * count).reshape(8, count) % 7, np.arange(8) % 2, features=names)
        if count == 4091:
            moonsweep("run", job, "-o", tmp_path / "out.h5")
            with h5py.File(tmp_path / "out.h5") as file:
                assert file.attrs["feature_names"].tolist() == names
        else:
            words = [f"{tmp_path}/points.csv: there are 4092 features; there may be at most 4091"]
            refused(65, "run", job, "-o", tmp_path / "more.h5", words=words)
    assert not (tmp_path / "more.h5").exists()


def test_features_whose_deviation_overflows_get_a_note_and_are_not_standardized(moonsweep, refused, tmp_path):
    X, y = table()
    X[:, 0] = np.copysign(np.finfo(float).max, X[:, 0])
    write(tmp_path / "points.csv", X, y)
    job, data = write_job(tmp_path), "file: points.csv, dev_fraction: 0.25, split_seed: 7"
    noted = moonsweep("data", job, "-o", tmp_path / "data.csv").stderr
    assert "the feature 'width' has values so large that its standard deviation is not finite" in noted
    assert "nan" not in noted and "inf" not in noted.replace("finite", "")
    job = write_job(tmp_path, f"{data}, standardize: true")
    words = ["feature 1 has values so large that their mean or their standard deviation is not finite", "divide it"]
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=words)
    X[:, 0] /= 1e100
    write(tmp_path / "points.csv", X, y)
    moonsweep("run", job, "-o", tmp_path / "out.h5")


def test_a_result_is_resumed_without_the_file(moonsweep, refused, own, tmp_path):
    _, _, job = own
    out, points = tmp_path / "out.h5", tmp_path / "points.csv"
    moonsweep("run", job, "-o", out)
    with h5py.File(out) as file:
        statuses, place = file["status"][:], file["status"].id.get_offset()
        bits = file["W1"][:]
    with open(out, "r+b") as file:  # as if the run had been killed before it committed the last configuration
        file.seek(place + len(statuses) - 1)
        file.write(b"\0")
    points.rename(tmp_path / "away.csv")
    done = moonsweep("run", job, "-o", out, ranks=2)
    assert "0 pending" in done.stderr and "nothing to do" not in done.stderr
    with h5py.File(out) as file:
        assert np.array_equal(file["status"][:], statuses) and np.array_equal(file["W1"][:], bits)
    moonsweep("verify", out)
    refused(66, "run", job, "-o", out, "--force", words=["points.csv: there is no such file"])
    other = write_job(tmp_path, "file: other.csv, dev_fraction: 0.25, split_seed: 7")
    refused(66, "run", other, "-o", out, words=["other.csv: there is no such file"])


def test_other_contents_of_the_file_are_another_job(moonsweep, refused, own, tmp_path):
    X, y, job = own
    out, points = tmp_path / "out.h5", tmp_path / "points.csv"
    moonsweep("run", job, "-o", out)
    before = out.read_bytes()
    X[5, 1] += 1
    write(points, X, y)
    refused(78, "run", job, "-o", out, words=[out, "the samples of data.file were others", "checksum"])
    X[5, 1] -= 1
    write(points, X, np.where(np.arange(len(y)) == 5, 1 - y, y))
    refused(78, "run", job, "-o", out, words=["the samples of data.file were others"])
    write(points, X, y, features=["width", "size", "weight"])
    refused(78, "run", job, "-o", out, words=["the samples of data.file were others"])
    write(points, X, y)
    changed = write_job(tmp_path, "file: points.csv, dev_fraction: 0.25, split_seed: 8")
    refused(78, "run", changed, "-o", out, words=["data.split_seed was 7, is now 8; choose another file"])
    assert out.read_bytes() == before
    points.rename(tmp_path / "moved.csv")
    moved = write_job(tmp_path, "file: moved.csv, dev_fraction: 0.25, split_seed: 7, label: kind")
    assert "nothing to do" in moonsweep("run", moved, "-o", out).stderr


def test_damaged_samples_are_repaired_and_named(moonsweep, own, tmp_path):
    _, _, job = own
    out = tmp_path / "out.h5"
    moonsweep("run", job, "-o", out)
    damaged = tmp_path / "damaged.h5"
    shutil.copyfile(out, damaged)
    with h5py.File(out) as file:
        place = file["X_train"].id.get_offset()
    with open(damaged, "r+b") as file:
        file.seek(place + 9)
        file.write(b"\x55")
    found = moonsweep("verify", damaged, status=65)
    assert "X_train[0,1]" in found.stdout + found.stderr
    assert "attribute job" not in found.stdout + found.stderr
    assert "repaired" in moonsweep("run", job, "-o", damaged).stderr
    assert moonsweep("verify", damaged)


def test_many_features_are_trained_in_either_precision(moonsweep, tmp_path):
    random = np.random.default_rng(4)
    X = random.normal(size=(90, 64))
    y = (X[:, :8].sum(axis=1) > 0).astype(int)
    write(tmp_path / "points.csv", X, y, features=[f"pixel {i}" for i in range(64)])
    for precision in ["float64", "float32"]:
        out = tmp_path / f"{precision}.h5"
        job = write_job(tmp_path, more=f"precision: {precision}\n")
        moonsweep("run", job, "-o", out, ranks=2)
        moonsweep("verify", "--retrain", "4", out)
        with h5py.File(out) as file:
            assert file["W1"].shape == (4, 3, 64)
            X_dev, y_dev = file["X_dev"][:], file["y_dev"][:]
            assert file["dev_accuracy"][1] == pytest.approx(dev_accuracy(file, 1, X_dev, y_dev), abs=5)
