"""Several data sets in one sweep: their samples, compared with NumPy (tests/unit/test_split.c compares folds with
scikit-learn), their order, and what commands show of them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import itertools
import json
import re

import h5py
import numpy as np
import pytest

from lib import SOURCE

GRID = "grid: {n_h: [2, 3], activation: [tanh, relu], learning_rate: 0.5, iterations: [20, 5]}\n"
CONFIGS = 8


@pytest.fixture
def write_job(tmp_path):
    """Writes a job with these keys of data and returns its path."""

    def write(data, name="sets.yaml", grid=GRID):
        path = tmp_path / name
        path.write_text(f"name: sets\ndata: {{{data}}}\n{grid}")
        return path

    return write


def make_moons(samples, noise, seed):
    """scikit-learn's make_moons."""
    generator = np.random.RandomState(seed)
    outer, inner = (np.linspace(0, np.pi, count) for count in (samples // 2, samples - samples // 2))
    X = np.stack([np.append(np.cos(outer), 1 - np.cos(inner)), np.append(np.sin(outer), 0.5 - np.sin(inner))], axis=1)
    y = np.repeat([0, 1], [len(outer), len(inner)])
    order = generator.permutation(samples)
    return X[order] + generator.normal(scale=noise, size=X.shape), y[order]


def k_fold(samples, folds, seed):
    """scikit-learn's KFold with shuffling: (training rows, dev rows) of each fold."""
    parts = np.array_split(np.random.RandomState(seed).permutation(samples), folds)
    return [(np.setdiff1d(np.arange(samples), part), np.sort(part)) for part in parts]


def split(samples, dev_fraction, seed):
    """scikit-learn's train_test_split: (training rows, dev rows)."""
    order = np.random.RandomState(seed).permutation(samples)
    dev = int(np.ceil(dev_fraction * samples))
    return order[dev:], order[:dev]


def stored_sets(file):
    """The samples of each data set of a result, as (X_train, y_train, X_dev, y_dev)."""
    rows = {
        part: [slice(start, start + count) for start, count in zip(file[f"{part}_start"][:], file[f"{part}_count"][:])]
        for part in ("train", "dev")
    }
    return [
        (file["X_train"][train], file["y_train"][train], file["X_dev"][dev], file["y_dev"][dev])
        for train, dev in zip(rows["train"], rows["dev"])
    ]


def assert_sets_equal(stored, expected):
    assert len(stored) == len(expected)
    for ours, theirs in zip(stored, expected):
        for values, right in zip(ours, theirs):
            np.testing.assert_allclose(values, right, rtol=0, atol=1e-14)


def test_folds_are_those_of_k_fold_for_each_seed(moonsweep, write_job, tmp_path):
    job = write_job("moons: {samples: 61, noise: 0.2, seed: 3}, folds: 4, split_seed: [5, 0]")
    moonsweep("run", job, "-o", tmp_path / "out.h5")
    X, y = make_moons(61, 0.2, 3)
    divisions = [division for seed in (5, 0) for division in k_fold(61, 4, seed)]
    with h5py.File(tmp_path / "out.h5") as file:
        assert_sets_equal(stored_sets(file), [(X[train], y[train], X[dev], y[dev]) for train, dev in divisions])
        assert file["fold"][:].tolist() == [0, 1, 2, 3] * 2
        assert file["split_seed"][:].tolist() == [5] * 4 + [0] * 4
        assert file["dev_count"][:].tolist() == [16, 15, 15, 15] * 2
        assert file["config_dataset"][:].tolist() == [d for d in range(8) for _ in range(CONFIGS)]


def test_the_axes_of_the_data_change_in_the_order_of_the_documentation(moonsweep, write_job, tmp_path):
    job = write_job(
        "split_seed: [2, 1], dev_fraction: 0.25, moons: {seed: [9, 4], noise: [0.3, 0.1], samples: [40, 30]}"
    )
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=2)
    combinations = list(itertools.product([40, 30], [0.3, 0.1], [9, 4], [2, 1]))
    expected = []
    for samples, noise, seed, split_seed in combinations:
        X, y = make_moons(samples, noise, seed)
        train, dev = split(samples, 0.25, split_seed)
        expected.append((X[train], y[train], X[dev], y[dev]))
    with h5py.File(tmp_path / "out.h5") as file:
        assert_sets_equal(stored_sets(file), expected)
        found = zip(
            (file["train_count"][:] + file["dev_count"][:]).tolist(), file["noise"][:].tolist(),
            file["data_seed"][:].tolist(), file["split_seed"][:].tolist(),
        )  # fmt: skip
        assert list(found) == combinations
        assert (file["fold"][:] == -1).all()


@pytest.mark.parametrize("standardize", ["false", "true"])
def test_folds_of_a_file_are_standardized_by_their_own_training_samples(moonsweep, write_job, tmp_path, standardize):
    random = np.random.default_rng(8)
    y = random.integers(0, 2, 50)
    X = np.stack([random.normal(3 * y, 2), random.normal(100, 40 - 20 * y)], axis=1)
    with open(tmp_path / "points.csv", "w", newline="") as file:
        csv.writer(file).writerows([["u", "v", "kind"], *([*map(repr, x), k] for x, k in zip(X.tolist(), y))])
    job = write_job(f"file: points.csv, folds: 3, split_seed: 1, standardize: {standardize}")
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output, ranks=2)
    parts = k_fold(50, 3, 1)
    scales = [(X[train].mean(axis=0), X[train].std(axis=0)) for train, _ in parts]
    if standardize == "false":
        scales = [(0, 1)] * 3
    expected = [
        ((X[train] - mean) / scale, y[train], (X[dev] - mean) / scale, y[dev])
        for (train, dev), (mean, scale) in zip(parts, scales)
    ]
    with h5py.File(output) as file:
        assert_sets_equal(stored_sets(file), expected)
        for d, (mean, scale) in enumerate(scales):
            np.testing.assert_allclose(file["feature_mean"][d], np.broadcast_to(mean, 2), rtol=1e-13)
            np.testing.assert_allclose(file["feature_scale"][d], np.broadcast_to(scale, 2), rtol=1e-13)

    # predict applies the scaling of the configuration's data set.
    with h5py.File(output) as file:
        accuracy = file["dev_accuracy"][:]
    for d, (_, dev) in enumerate(parts):
        fold = tmp_path / "fold.csv"
        with open(fold, "w", newline="") as file:
            csv.writer(file).writerows([["u", "v", "kind"], *([*map(repr, X[i].tolist()), y[i]] for i in dev)])
        config = d * CONFIGS
        shown = moonsweep("predict", output, "--config", config, "--data", fold).stdout
        assert float(re.search(r"^accuracy (\S+)$", shown, re.MULTILINE)[1]) == accuracy[config]

    # The file is not needed to resume, and other folds are another job.
    (tmp_path / "points.csv").unlink()
    moonsweep("run", job, "-o", output)
    moonsweep("verify", "--retrain", "all", output)
    refused = moonsweep(
        "run", write_job(f"file: points.csv, folds: 3, split_seed: 2, standardize: {standardize}"), "-o", output,
        status=78,
    )  # fmt: skip
    assert "data.split_seed was 1, is now 2" in refused.stderr


def test_changed_data_axes_are_named(moonsweep, write_job, tmp_path):
    output = tmp_path / "out.h5"
    moonsweep(
        "run", write_job("moons: {samples: 40, noise: 0.2, seed: 1}, dev_fraction: 0.2, split_seed: 1"), "-o", output
    )
    # A list of one value is that value.
    one = write_job("moons: {samples: [40], noise: [0.2], seed: [1]}, dev_fraction: 0.2, split_seed: [1]")
    moonsweep("run", one, "-o", output)
    several = write_job("moons: {samples: 40, noise: [0.2, 0.3], seed: 2}, folds: 4, split_seed: 1")
    refused = moonsweep("run", several, "-o", output, status=78)
    assert "data.moons.noise was 0.2, is now [0.2, 0.3]; data.moons.seed was 1, is now 2; " in refused.stderr
    assert "the dev set was a part of the samples, is now each of the folds; choose" in refused.stderr


def test_a_grid_that_is_a_list_is_trained_on_every_data_set(moonsweep, write_job, tmp_path):
    grid = "grid: {zip: {n_h: [3, 2], activation: [relu, tanh]}, learning_rate: 0.5, iterations: [5, 20]}\n"
    output = tmp_path / "out.h5"
    data = "moons: {samples: 40, noise: [0.2, 0.1], seed: 1}, dev_fraction: 0.2, split_seed: 1"
    moonsweep("run", write_job(data, grid=grid), "-o", output)
    with h5py.File(output) as file:
        assert file["n_h"][:].tolist() == [3, 3, 2, 2] * 2
        assert file["config_dataset"][:].tolist() == [0] * 4 + [1] * 4
        assert file["config_trajectory"][:].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    longer = write_job(data.replace("0.1", "0.3"), grid=grid.replace("[5, 20]", "[5, 30]"))
    refused = moonsweep("run", longer, "-o", output, status=78)
    assert "data.moons.noise was [0.2, 0.1], is now [0.2, 0.3]; configuration 1 was (n_h 3," in refused.stderr
    moonsweep("verify", "--retrain", "all", output)


def test_damage_is_found_in_every_data_set(moonsweep, write_job, tmp_path):
    job = write_job("moons: {samples: 40, noise: [0.2, 0.1], seed: 1}, folds: 2, split_seed: 1")
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        row = int(file["dev_start"][3]) + 4
        place = file["X_dev"].id.get_offset() + (2 * row + 1) * 8
        whole = output.read_bytes()
    damaged = bytearray(whole)
    damaged[place + 2] ^= 1
    output.write_bytes(damaged)
    assert f"X_dev[{row},1]" in moonsweep("verify", output, status=65).stdout
    moonsweep("run", job, "-o", output)
    assert output.read_bytes() == whole
    # A wrong row is named with its data set.
    with h5py.File(output) as file:
        place = file["b2"].id.get_offset() + (2 * CONFIGS + 1) * 8
    damaged = bytearray(whole)
    damaged[place] ^= 1
    output.write_bytes(damaged)
    assert "configuration 17: data set 2, n_h 2, tanh" in moonsweep("verify", output, status=65).stdout


def test_show_has_columns_for_the_data_if_they_differ(moonsweep, write_job, rows, tmp_path):
    output, single = tmp_path / "out.h5", tmp_path / "single.h5"
    data = "moons: {samples: [30, 40], noise: 0.2, seed: 1}, folds: 2, split_seed: 7"
    moonsweep("run", write_job(data), "-o", output)
    heading = moonsweep("show", output).stdout.splitlines()[0]
    assert re.split(" {2,}", heading)[:6] == ["config", "data set", "samples", "fold", "n_h", "activation"]
    table = rows(moonsweep("show", output, "--format", "csv").stdout)
    columns = ("dataset", "samples", "noise", "data_seed", "split_seed", "fold")
    assert [tuple(row[column] for column in columns) for row in table[::CONFIGS]] == [
        ("0", "30", "0.2", "1", "7", "0"), ("1", "30", "0.2", "1", "7", "1"),
        ("2", "40", "0.2", "1", "7", "0"), ("3", "40", "0.2", "1", "7", "1"),
    ]  # fmt: skip
    chosen = rows(moonsweep("show", output, "--where", "fold=1 samples>30", "--format", "csv").stdout)
    assert [row["config"] for row in chosen] == [str(3 * CONFIGS + i) for i in range(CONFIGS)]

    # With one data set there are no such columns, but they can be named.
    moonsweep(
        "run", write_job("moons: {samples: 30, noise: 0.2, seed: 1}, dev_fraction: 0.2, split_seed: 7"), "-o", single
    )
    assert "noise" not in moonsweep("show", single, "--format", "csv").stdout.splitlines()[0]
    shown = moonsweep("show", single, "--columns", "config,split_seed,fold", "--limit", "1", "--format", "csv").stdout
    assert shown == "config,split_seed,fold\n0,7,\n"


def test_data_writes_the_data_set_that_is_asked_for(moonsweep, refused, write_job, rows, tmp_path):
    job = write_job("moons: {samples: 30, noise: [0.1, 0.2], seed: 1}, folds: 3, split_seed: 2")
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        expected = stored_sets(file)[4]
    table = rows(moonsweep("data", job, "--dataset", "4", "-o", "-").stdout)
    for part, X, y in (("train", *expected[:2]), ("dev", *expected[2:])):
        written = [row for row in table if row["set"] == part]
        assert [[float(row["x1"]), float(row["x2"])] for row in written] == X.tolist()
        assert [int(row["label"]) for row in written] == y.tolist()
    refused(64, "data", job, "-o", "-", words=["has 6 data sets; choose one with --dataset N, from 0 to 5"])
    refused(64, "data", job, "-o", "-", "--dataset", "6", words=["has no data set 6; its data sets are 0 to 5"])
    refused(64, "data", job, "-o", "-", "--dataset", "-1", words=["--dataset"])


def test_balanced_weights_are_those_of_each_training_set(moonsweep, write_job, tmp_path):
    data, output, fold = (
        "moons: {samples: 31, noise: 0.2, seed: 1}, folds: 3, split_seed: 2",
        tmp_path / "out.h5",
        tmp_path / "fold.csv",
    )
    job = write_job(data, grid=GRID + "class_weight: balanced\n")
    moonsweep("run", job, "-o", output)
    moonsweep("verify", "--retrain", "all", output)
    with h5py.File(output) as file:
        costs, sets = file["dev_cost"][:], stored_sets(file)
    weights = {tuple(len(y) / (2 * np.bincount(y))) for _, y, _, _ in sets}
    assert len(weights) == 3
    for d, (_, _, X, y) in enumerate(sets):
        fold.write_text("x1,x2,label\n" + "".join(f"{x[0]!r},{x[1]!r},{label}\n" for x, label in zip(X.tolist(), y)))
        shown = moonsweep("predict", output, "--config", d * CONFIGS, "--data", fold).stdout
        assert float(re.search(r"^cost (\S+)$", shown, re.MULTILINE)[1]) == costs[d * CONFIGS]


def test_the_plan_has_every_data_set(moonsweep, write_job, tmp_path):
    job = write_job("moons: {samples: [31, 60], noise: 0.2, seed: 1}, folds: 2, split_seed: 2")
    output = tmp_path / "out.h5"
    plan = json.loads(moonsweep("plan", job, "--format", "json").stdout)
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        assert plan["configurations"] == len(file["n_h"])
        assert [data["train_samples"] for data in plan["data_sets"]] == file["train_count"][:].tolist()
        assert [data["dev_samples"] for data in plan["data_sets"]] == file["dev_count"][:].tolist()
    assert 0 < plan["result_bytes"] - output.stat().st_size < 100_000
    text = moonsweep("plan", job).stdout.splitlines()
    assert {"data_sets 4", "data_set_0_train_samples 15", "data_set_3_dev_samples 30"} <= set(text)


def test_the_best_configurations_of_all_data_sets_are_taken_once(moonsweep, write_job, tmp_path):
    data = "moons: {samples: 60, noise: [0.2, 0.3], seed: 1}, folds: 2, split_seed: 2"
    output, best = tmp_path / "out.h5", tmp_path / "best.yaml"
    moonsweep("run", write_job(data), "-o", output)
    moonsweep("best", output, "--top", "3", "--job", best)
    moonsweep("run", best, "-o", tmp_path / "best.h5")
    with h5py.File(output) as file, h5py.File(tmp_path / "best.h5") as chosen:
        settings = list(zip(*(file[axis][:].tolist() for axis in ("n_h", "activation", "iterations"))))
        ranked = dict.fromkeys(settings[i] for i in np.argsort(-file["dev_accuracy"][:], kind="stable"))
        found = list(zip(*(chosen[axis][:].tolist() for axis in ("n_h", "activation", "iterations"))))
        assert found == list(ranked)[:3] * 4


def test_a_data_set_that_cannot_be_used_is_named(moonsweep, refused, write_job, tmp_path):
    job = write_job("moons: {samples: [30, 2], noise: 0.1, seed: 1}, folds: 2, split_seed: 2")
    words = [f"{job}: data set 2: all rows of the training set (1) are of class ", "more samples or more folds"]
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=words)
    assert not (tmp_path / "out.h5").exists()
    # Folds of one sample each have one class.
    done = moonsweep(
        "run", write_job("moons: {samples: 5, noise: 0.1, seed: 1}, folds: 5, split_seed: 2"), "-o", tmp_path / "out.h5"
    )
    assert "note: the dev sets of 5 of 5 data sets are of one class: in data set 0, the only sample" in done.stderr


def test_more_samples_than_possible_are_refused_after_reading_the_file(refused, write_job, tmp_path):
    lines = "".join(f"{i},{i % 2}\n" for i in range(250000))
    (tmp_path / "points.csv").write_text("u,kind\n" + lines)
    job = write_job("file: points.csv, folds: 10000, split_seed: 0")
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=["data: the 10000 data sets have 2500000000 samples"])


# ---- documentation -----------------------------------------------------------------------------------------------

# A block of YAML that describes data, with a comment that says how many data sets it has.
DOCUMENTED = re.findall(
    r"```yaml\n(data: +# (\d+) data sets\n.*?)```", (SOURCE / "docs" / "jobs.md").read_text(), re.DOTALL
)


@pytest.mark.parametrize("number", range(2))
def test_documented_data_have_as_many_sets_as_the_document_says(moonsweep, tmp_path, number):
    assert len(DOCUMENTED) == 2
    text, count = DOCUMENTED[number]
    path, output = tmp_path / "job.yaml", tmp_path / "out.h5"
    path.write_text(f"name: documented\n{text}{GRID}")
    moonsweep("run", path, "-o", output)
    with h5py.File(output) as file:
        assert len(file["fold"]) == int(count)
