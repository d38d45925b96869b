"""moonsweep show: the configurations of a file, compared with what h5py reads."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import math
import operator

import h5py
import numpy as np
import pytest

from lib import result_file

WORDS = ("activation", "status", "ended_by")
MEASURES = [f"{part}_{name}" for part in ("train", "dev") for name in ("precision", "recall", "f1", "mcc")]


@pytest.fixture(scope="module")
def stored(sweep):
    """{variable: values} of the variables with one scalar per configuration, with activations by name."""
    with h5py.File(sweep) as file:
        shape = file["status"].shape
        found = {name: item[:].tolist() for name, item in file.items() if getattr(item, "shape", None) == shape}
        names = {word: result_file.flag_names(file[word]) for word in WORDS}
    return {**found, **{word: [names[word][value] for value in found[word]] for word in WORDS}}


@pytest.fixture
def table(moonsweep, rows):
    """Runs `moonsweep show --format csv` with further arguments."""
    return lambda *arguments: rows(moonsweep("show", *arguments, "--format", "csv").stdout)


def test_csv_has_exactly_the_numbers_of_the_file(table, sweep, stored):
    shown = table(sweep)
    assert len(shown) == 36
    assert [int(row["config"]) for row in shown] == list(range(36))
    assert [row["status"] for row in shown] == ["done"] * 36
    for name in shown[0].keys() - {"config"} - set(MEASURES):
        assert [type(value)(row[name]) for row, value in zip(shown, stored[name])] == stored[name], name


def test_json_has_the_same_values(moonsweep, table, sweep):
    objects = json.loads(moonsweep("show", sweep, "--format", "json").stdout)
    shown = table(sweep)
    assert [list(o) for o in objects] == [list(row) for row in shown]
    for o, row in zip(objects, shown, strict=True):
        for name, text in row.items():
            assert o[name] == (text if name in WORDS else None if text == "nan" else float(text)), name


def test_the_table_is_aligned_and_fits_a_terminal(moonsweep, sweep):
    lines = moonsweep("show", sweep).stdout.splitlines()
    assert len(lines) == 37
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("config  n_h  activation")
    column = lines[0].index("status")
    assert all(line[column:] == "done" for line in lines[1:])


@pytest.mark.parametrize("train, gap", [(80, 1), (85, 0.5), (0, 2), (87, 100)])
def test_the_selection_of_the_article(table, sweep, stored, train, gap):
    shown = table(sweep, "--min-train", train, "--max-gap", gap, "--sort", "train_cpu_seconds")
    accuracies = list(zip(stored["train_accuracy"], stored["dev_accuracy"]))
    selected = [c for c, (a, b) in enumerate(accuracies) if a > train and abs(a - b) <= gap]
    selected.sort(key=lambda c: (stored["train_cpu_seconds"][c], c))
    assert [int(row["config"]) for row in shown] == selected


def test_bounds_that_are_met_exactly(table, sweep, stored):
    assert table(sweep, "--min-train", repr(max(stored["train_accuracy"]))) == []
    assert len(table(sweep, "--max-seconds", repr(min(stored["train_cpu_seconds"])))) == 1


def test_sorting_by_every_column_both_ways(table, sweep):
    by_index = table(sweep)
    for name in by_index[0].keys() - set(MEASURES):
        key = operator.itemgetter(name) if name in WORDS else lambda row, name=name: float(row[name])
        up, down = table(sweep, "--sort", name), table(sweep, "--sort", "-" + name)
        assert up == sorted(by_index, key=key)
        assert down == sorted(by_index, key=key, reverse=True)
        assert down == table(sweep, "--sort", name, "--reverse")
        assert up == table(sweep, "-r", "-s", "-" + name)


def test_several_keys_each_with_its_direction(table, sweep):
    expected = sorted(table(sweep), key=lambda row: (row["activation"], -float(row["dev_accuracy"]), int(row["n_h"])))
    assert table(sweep, "--sort", "activation,-dev %,n_h") == expected
    assert table(sweep, "-s", "activation", "-s", "-dev_acc,n_h") == expected


def test_conditions_select_from_every_column(table, sweep):
    everything = table(sweep)
    chosen = [
        row
        for row in everything
        if row["n_h"] == "4" and row["activation"] != "relu" and float(row["dev_accuracy"]) > 85
    ]
    assert 0 < len(chosen) < len(everything)
    assert table(sweep, "--where", "n_h=4 activation!=relu dev %>85") == chosen
    assert table(sweep, "-w", "n_h=4", "-w", "act != relu  dev_accuracy > 85") == chosen
    for row in everything[::7]:
        for name, text in row.items():
            if text != "nan":
                assert row in table(sweep, "--where", f"{name}={text}"), name


def test_the_rule_that_ended_a_trajectory_is_that_of_the_file(moonsweep, table, job, tmp_path):
    rules = "stop: {patience: 20, min_delta: 0.001, target_dev_accuracy: 80, every: 10}\n"
    path = job(samples=200, n_h="[1, 4]", learning_rate="[1, 0.001]", iterations="[20, 2000]", more=rules)
    moonsweep("run", path, "-o", tmp_path / "out.h5")
    with h5py.File(tmp_path / "out.h5") as file:
        names = result_file.flag_names(file["ended_by"])
        expected = [names[value] for value in file["ended_by"][:]]
    assert set(expected) == {"patience", "target_dev_accuracy", "none"}
    assert [row["ended_by"] for row in table(tmp_path / "out.h5")] == expected
    for name in set(expected):
        shown = table(tmp_path / "out.h5", "-w", f"ended_by={name}", "-c", "config")
        assert [int(row["config"]) for row in shown] == [c for c, by in enumerate(expected) if by == name]
    moonsweep("show", tmp_path / "out.h5", "-w", "ended_by=time", status=64)


def test_the_columns_can_be_chosen(moonsweep, table, sweep):
    shown = table(sweep, "--columns", "dev_f1,config,rate", "--where", "config<3")
    assert [list(row) for row in shown] == [["dev_f1", "config", "learning_rate"]] * 3
    lines = moonsweep("show", sweep, "-c", "dev_f1,config,rate", "-n", 2).stdout.splitlines()
    assert lines[0].split("  ") == ["dev F1", "config", "rate"]
    assert len(lines) == 3


def test_measures_equal_those_of_numpy(table, sweep):
    """Computed from the labels and the predictions themselves; MCC is their coefficient of correlation."""
    shown = table(sweep)
    with h5py.File(sweep) as file:
        for part in ("train", "dev"):
            for row, (tn, fp, fn, tp) in zip(shown, file[f"{part}_outcomes"][:].tolist(), strict=True):
                y = np.repeat([0, 0, 1, 1], [tn, fp, fn, tp])
                predicted = np.repeat([0, 1, 0, 1], [tn, fp, fn, tp])
                with np.errstate(invalid="ignore", divide="ignore"):
                    precision, recall = np.mean(y[predicted == 1]), np.mean(predicted[y == 1])
                    expected = {"precision": precision, "recall": recall, "mcc": np.corrcoef(y, predicted)[0, 1]}
                    if precision + recall > 0:
                        expected["f1"] = 2 * precision * recall / (precision + recall)
                for name, value in expected.items():
                    assert float(row[f"{part}_{name}"]) == pytest.approx(value, abs=1e-12, nan_ok=True), name
    assert any(row["dev_mcc"] != "nan" for row in shown)


def pairwise_auc(probability, y):
    """The share of all pairs of a positive and a negative sample that are in the right order."""
    above = probability[y == 1][:, None] - probability[y == 0][None, :]
    return np.mean((above > 0) + 0.5 * (above == 0))


def test_the_auc_is_that_of_the_predictions(moonsweep, table, sweep, tmp_path, rows):
    shown = table(sweep, "--columns", "config,train_auc,dev_auc,dev_accuracy")
    assert table(sweep, "--sort", "-dev AUC")[0]["config"] in {
        row["config"] for row in shown if row["dev_auc"] == max(row["dev_auc"] for row in shown)
    }
    assert len(table(sweep, "--where", "train_auc>0.9")) == sum(float(row["train_auc"]) > 0.9 for row in shown)
    with h5py.File(sweep) as file:
        for part in ("train", "dev"):
            X, y = file[f"X_{part}"][:], file[f"y_{part}"][:]
            lines = [f"{x1!r},{x2!r},{label}" for (x1, x2), label in zip(X.tolist(), y.tolist(), strict=True)]
            (tmp_path / "samples.csv").write_text("x1,x2,label\n" + "\n".join(lines) + "\n")
            for config in (0, 7, 17, 35):
                predict = ["predict", sweep, "-c", config, "-d", tmp_path / "samples.csv", "-o", "-"]
                probability = np.array([float(row["probability"]) for row in rows(moonsweep(*predict).stdout)])
                assert float(shown[config][f"{part}_auc"]) == pytest.approx(pairwise_auc(probability, y), abs=1e-12)


def test_pending_configurations_have_no_auc(table, stopped):
    for row in table(stopped, "--columns", "status,dev_auc,dev_mcc"):
        assert (row["dev_auc"] == "") == (row["dev_mcc"] == "") == (row["status"] == "pending")


def test_several_files_are_one_table(moonsweep, table, sweep, diverged, tmp_path):
    name = tmp_path / 'a "b", c.h5'
    name.symlink_to(diverged)
    both = table(sweep, name)
    assert [row.pop("file") for row in both] == [str(sweep)] * 36 + [str(name)] * 6
    assert both == table(sweep) + table(diverged)
    ordered = table(sweep, name, "--sort", "-dev_accuracy")
    assert ordered == sorted(table(sweep, name), key=lambda row: -float(row["dev_accuracy"]))
    assert table(sweep, name, "--where", f"file={sweep} n_h=4", "-n", 5)[0]["file"] == str(sweep)
    assert moonsweep("show", sweep, name).stdout.startswith("file  ")
    objects = json.loads(moonsweep("show", sweep, name, "-f", "json", "-c", "file,config").stdout)
    assert objects[-1] == {"file": str(name), "config": 5}


def test_nothing_is_listed_if_one_of_several_files_cannot_be_read(refused, sweep, tmp_path):
    refused(66, "show", sweep, tmp_path / "missing.h5", words=["missing.h5"])


def test_limit_keeps_the_first(table, sweep):
    assert table(sweep, "--sort", "-dev_accuracy", "-n", 3) == table(sweep, "--sort", "-dev_accuracy")[:3]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--sort", "-"], "--sort: a key is -; the name of a column must follow the dash, such as -dev_accuracy"),
        (["--sort", ""], "--sort: the name of a column is missing; the columns are file, config, dataset, "),
        (["--sort", "n_h,"], "--sort: the name of a column is missing; "),
        (["--sort", "train"], "--sort: train is the beginning of several columns: train_accuracy, train_precision, "),
        (["--columns", "n_h,n_hiden"], "--columns: there is no column n_hiden; did you mean n_h?"),
        (["--columns", "n_h,rate,learning_rate"], "--columns: learning_rate is named twice"),
        (["--where", "n_h=3 velocity>2"], "--where, position 7: there is no column velocity; the columns are file, "),
        (["--limit", "1e9"], "--limit is 1e9; it must be an integer of at least 1, in digits"),
        (["--limit", "9" * 20], f"--limit is {'9' * 20}; it must be an integer from 1 to 9223372036854775807"),
        (["--max-gap", "1e999"], "--max-gap is 1e999; it must be a number from 0 to 1.79e308"),
    ],
)
def test_the_message_about_a_wrong_option_says_what_would_be_right(moonsweep, sweep, options, sentence):
    refused = moonsweep("show", sweep, *options, status=64)
    assert refused.stdout == "" and refused.stderr.startswith(f"moonsweep: {sentence}")


def test_the_largest_limit_is_no_limit(table, sweep):
    assert table(sweep, "--limit", 2**63 - 1) == table(sweep)


def test_pending_rows_have_no_results_and_are_never_selected_by_a_bound(moonsweep, table, stopped):
    shown = table(stopped)
    pending = [row for row in shown if row["status"] == "pending"]
    assert pending and len(pending) < len(shown)
    for row in pending:
        assert row["n_h"] and row["iterations"]
        for name in ["dev_accuracy", "train_cost", "train_seconds", "train_cpu_seconds", "iterations_done", "rank"]:
            assert row[name] == ""
    objects = json.loads(moonsweep("show", stopped, "--format", "json").stdout)
    assert all((o["dev_accuracy"] is None) == (o["status"] == "pending") for o in objects)
    assert table(stopped, "--min-train", -1) == [row for row in shown if row["status"] == "done"]
    assert table(stopped, "--sort", "-train_cost")[-len(pending) :] == pending


def test_diverged_rows_have_the_values_that_were_computed(moonsweep, table, diverged):
    """O20: two of six configurations diverge. Values that overflowed are null in JSON."""
    shown = table(diverged)
    assert [row["status"] for row in shown].count("diverged") == 2
    assert [row["status"] for row in shown].count("done") == 4
    objects = json.loads(moonsweep("show", diverged, "--format", "json").stdout)
    for row, o in zip(shown, objects):
        assert 0 < int(row["iterations_done"]) <= int(row["iterations"])
        assert (int(row["iterations_done"]) < int(row["iterations"])) == (row["status"] == "diverged")
        assert (o["train_cost"] is None) == (not math.isfinite(float(row["train_cost"])))


def test_a_file_that_is_not_a_result_is_refused(refused, tmp_path):
    refused(66, "show", tmp_path / "missing.h5", words=["missing.h5"])
    refused(66, "show", tmp_path, words=[tmp_path])
    (tmp_path / "text.h5").write_text("no HDF5\n")
    refused(65, "show", tmp_path / "text.h5", words=["text.h5"])
    (tmp_path / "empty.h5").touch()
    refused(65, "show", tmp_path / "empty.h5", words=["empty.h5"])
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    refused(65, "show", tmp_path / "other.h5", words=["other.h5"])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_truncated_file_is_refused(refused, sweep, tmp_path, share):
    whole = sweep.read_bytes()
    (tmp_path / "cut.h5").write_bytes(whole[: int(len(whole) * share)])
    refused(65, "show", tmp_path / "cut.h5", words=["cut.h5"])
