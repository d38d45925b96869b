"""Successive halving: the trajectories that go on are those that follow from the rows of a sweep without halving, whose
bits the others' rows have, for any number of ranks and any interruption."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import h5py
import numpy as np
import pytest

from lib import checksums, damage, halving, job_file, processes, result_file

DONE, STOPPED, DROPPED = 1, 3, 4

# 36 trajectories with ties (many accuracies are equal), of which some diverge at the second rung.
GRID = {
    "samples": 80, "noise": 0.2, "n_h": "[1, 2, 5]", "activation": "[tanh, relu]", "learning_rate": "[1, 0.1, 1.0e6]",
    "seed": "[0, 1]", "iterations": "[30, 200, 10, 60]",
}  # fmt: skip

# Grids of several shapes: trajectories lack some of the rungs, and some end at a count that is a rung of others.
SHAPES = (
    "[{n_h: [1, 2, 3], activation: tanh, learning_rate: [1, 0.1], iterations: [10, 20, 50]},"
    " {n_h: [1, 2, 3, 4], activation: relu, learning_rate: [1, 0.1], iterations: [20, 50]},"
    " {n_h: [5, 6], activation: relu, learning_rate: [1, 0.5], iterations: [20, 15, 100]},"
    " {n_h: 5, activation: sigmoid, learning_rate: 1, iterations: 50},"
    " {configs: [{n_h: 1, iterations: 20}, {n_h: 2, iterations: 70}, {n_h: 1, iterations: 20}], activation: tanh,"
    " learning_rate: [1, 0.1]}]"
)

# Some seconds for a rank, in three rounds.
LONG = {
    "samples": 1000, "n_h": "[20, 10]", "activation": "[tanh]", "seed": str(list(range(12))),
    "iterations": "[200, 1000, 5000]",
}  # fmt: skip
LONG_KEEP = "halving: {keep: 0.5, by: dev_cost}\n"


def key(keep, by):
    return f"halving: {{keep: {keep}, by: {by}}}\n"


def check(output, whole, keep, by):
    """Asserts that a result follows from that of the sweep without halving. Returns the number of dropped rows."""
    expected = halving.dropped(whole, keep, by)
    with h5py.File(output) as file, h5py.File(whole) as full:
        lost = np.flatnonzero(file["status"][:] == DROPPED)
        assert dict(zip(lost.tolist(), file["iterations_done"][:][lost].tolist(), strict=True)) == expected
        for name in ("W1", "b1", "W2", "b2", "train_accuracy", "dev_accuracy", "final_cost", "train_cost", "dev_cost"):
            assert np.isnan(file[name][:][lost]).all(), name
        assert not file["train_outcomes"][:][lost].any() and not file["dev_outcomes"][:][lost].any()
        names = [
            name
            for name in set(result_file.contents(whole)) - {"checksum"}
            if full[name].shape[:1] == full["config"].shape
        ]
        assert "W1" in names and "dev_outcomes" in names
        for name in names:
            here, there = (np.delete(values[name][:], lost, 0) for values in (file, full))
            assert here.tobytes() == there.tobytes(), name
        for config in np.flatnonzero(file["status"][:] != DROPPED).tolist():
            trajectory, iterations = int(file["config_trajectory"][config]), int(file["iterations"][config])
            mine, theirs = (result_file.costs_of(values, trajectory, iterations) for values in (file, full))
            assert mine.tobytes() == theirs.tobytes()
        for config, rung in expected.items():
            assert file["cost_count"][file["config_trajectory"][config]] == rung
    return len(lost)


@pytest.fixture(scope="module")
def whole(undisturbed):
    return undisturbed(**GRID)[1]


@pytest.mark.parametrize("by", ["dev_accuracy", "dev_cost", "train_accuracy", "train_cost"])
@pytest.mark.parametrize("keep, ranks", [("1/3", 0), ("0.07", 3), ("0.9", 2)])
def test_the_best_of_each_rung_go_on(moonsweep, whole, tmp_path, keep, ranks, by):
    job = job_file.write(tmp_path, **GRID, more=key(keep, by))
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output, ranks=ranks)
    assert check(output, whole, keep, by) > 0
    verified = moonsweep("verify", output, "--retrain", "all").stdout
    assert "the same bits" in verified and "from the rows of their rung" in verified


@pytest.mark.parametrize("options", [["--writers", "node"], ["--coordinator", "dedicated"]])
def test_it_does_not_matter_who_writes_or_coordinates(moonsweep, whole, tmp_path, options):
    job = job_file.write(tmp_path, **GRID, more=key("0.4", "dev_accuracy"))
    moonsweep("run", job, "-o", tmp_path / "out.h5", *options, ranks=3)
    assert check(tmp_path / "out.h5", whole, "0.4", "dev_accuracy") > 0


@pytest.mark.parametrize("ranks", [0, 3])
def test_trajectories_of_several_shapes_meet_at_the_counts_that_they_share(moonsweep, undisturbed, tmp_path, ranks):
    whole = undisturbed(whole_grid=SHAPES)[1]
    job = job_file.write(tmp_path, whole_grid=SHAPES, more=key("1/2", "dev_cost"))
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=ranks)
    assert check(tmp_path / "out.h5", whole, "1/2", "dev_cost") > 0


def test_each_data_set_is_decided_by_itself(moonsweep, tmp_path):
    """The folds of a cross-validation."""
    for name, more in (("whole", ""), ("halved", key("1/4", "dev_cost"))):
        text = job_file.text(**GRID, more=more).replace("dev_fraction: 0.2", "folds: 3")
        (tmp_path / f"{name}.yaml").write_text(text)
        moonsweep("run", tmp_path / f"{name}.yaml", "-o", tmp_path / f"{name}.h5", ranks=2)
    check(tmp_path / "halved.h5", tmp_path / "whole.h5", "1/4", "dev_cost")
    with h5py.File(tmp_path / "halved.h5") as file:
        dropped = file["status"][:] == DROPPED
        assert {file["config_dataset"][:][dropped].min(), file["config_dataset"][:][dropped].max()} == {0, 2}


def test_float32(moonsweep, undisturbed, tmp_path):
    whole = undisturbed(**GRID, precision="float32")[1]
    job = job_file.write(tmp_path, **GRID, precision="float32", more=key("1/3", "train_cost"))
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=2)
    assert check(tmp_path / "out.h5", whole, "1/3", "train_cost") > 0


@pytest.mark.parametrize("ranks", [0, 2])
def test_trajectories_that_a_rule_has_stopped_take_part_with_their_last_values(moonsweep, undisturbed, tmp_path, ranks):
    rules = "stop: {patience: 20, min_delta: 0.004, target_dev_accuracy: 87, every: 15}\n"
    whole = undisturbed(**GRID, more=rules)[1]
    job = job_file.write(tmp_path, **GRID, more=rules + key("0.6", "dev_cost"))
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output, ranks=ranks)
    assert check(output, whole, "0.6", "dev_cost") > 0
    with h5py.File(output) as file:
        stopped, counts = file["status"][:] == STOPPED, file["iterations_done"][:]
        assert len(set(counts[stopped].tolist())) > 2 and (counts[stopped] < 30).any()
    assert "from the rows of their rung" in moonsweep("verify", output, "--retrain", "all").stdout


# ---- interruptions -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alone(undisturbed):
    return undisturbed(**LONG, more=LONG_KEEP)


def test_the_result_of_an_interrupted_sweep_is_compared_with_is_right(alone, undisturbed):
    assert check(alone[1], undisturbed(**LONG)[1], "0.5", "dev_cost") == 12 * 2 + 6


# The variable, the position in its trajectory, and the status of the row after whose writing a sweep is stopped; and
# the rung at which the trajectory was dropped.
INSTANTS = {
    "first round": ("W1", 0, DONE, None), "first rung": ("status", 1, DROPPED, 200),
    "second round": ("W1", 1, DONE, None), "second rung": ("status", 2, DROPPED, 1000),
    "third round": ("W1", 2, DONE, None),
}  # fmt: skip


def row_of(result, place, status, rung):
    """The first row in a result with one of the INSTANTS. Trajectories are leased in this order."""
    with h5py.File(result) as file:
        found = (file["status"][:] == status) & (np.arange(len(file["status"])) % 3 == place)
        return int(np.flatnonzero(found & (file["iterations_done"][:] == rung) if rung else found)[0])


@pytest.mark.parametrize("instant", INSTANTS.values(), ids=INSTANTS)
def test_a_stopped_sweep_resumes_in_any_round(start_until, moonsweep, alone, tmp_path, instant):
    """Rank 0 writes for both, and is suspended at the instant, so that the sweep does not end before it is stopped.
    Rows are written before checkpoints, so those of a round are written long before its end."""
    job, expected = alone
    output = tmp_path / "out.h5"
    variable, *which = instant
    row = row_of(expected, *which)
    options = ["--writers", "node", "--checkpoint-seconds", "0.01"]
    errors = processes.stop_suspended(*start_until(job, output, variable, *options, row=row, ranks=2))
    left = 72 - result_file.finals(output)
    assert re.search(rf"stopped by a signal, {left} configurations? left", errors)
    assert moonsweep("verify", output).stdout.startswith(f"{output}: sound")
    moonsweep("run", job, "-o", output, ranks=3)
    assert result_file.differences(output, expected) == []


def test_time_limits_add_up_to_the_same_result(moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output, "-q", "--time-limit", "0.001s", status=75)
    limit_s, status = 0.2, 75
    while status == 75:
        limit_s *= 1.2
        status = moonsweep("run", job, "-o", output, "-q", "--time-limit", f"{limit_s}s", status=None).returncode
    assert status == 0
    assert "stopped" in result_file.how_ended(output)
    assert result_file.differences(output, expected) == []


def test_dropped_rows_that_a_killed_run_did_not_commit_are_written_again(moonsweep, tmp_path):
    job = job_file.write(tmp_path, **GRID, more=key("1/3", "dev_accuracy"))
    output, expected = tmp_path / "out.h5", tmp_path / "expected.h5"
    moonsweep("run", job, "-o", expected)
    moonsweep("run", job, "-o", output)
    with h5py.File(output, "r+") as file:
        lost = np.flatnonzero(file["status"][:] == DROPPED)
        for config in lost[::2]:
            file["status"][config] = 0
            file["checksum"][config] = 0
    assert moonsweep("status", output, "--exit-code", status=75).returncode == 75
    assert "sound" in moonsweep("verify", output).stdout
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected) == []
    with h5py.File(output) as file:
        assert np.flatnonzero(file["run"][:] == 1).tolist() == lost[::2].tolist()


def test_a_damaged_rung_is_trained_again_and_decides_the_same(moonsweep, tmp_path):
    job = job_file.write(tmp_path, **GRID, more=key("1/3", "dev_accuracy"))
    output, expected = tmp_path / "out.h5", tmp_path / "expected.h5"
    moonsweep("run", job, "-o", expected)
    moonsweep("run", job, "-o", output)
    with h5py.File(output) as file:
        is_done = file["status"][:] == DONE
        went_on = np.flatnonzero(is_done & (file["iterations"][:] == 200))[0] // 4 * 4 + 2
        lost = np.flatnonzero(file["status"][:] == DROPPED)[0] // 4 * 4 + 2
    for config in (went_on, lost):
        damage.flip_value(output, "dev_accuracy", config)
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected) == []


def test_rows_that_contradict_each_other_are_refused_with_the_path(moonsweep, tmp_path):
    """A trajectory is said to have diverged at the rung, but has no row after it."""
    job = job_file.write(tmp_path, learning_rate="[1, 0.1]", iterations="[10, 20]", more=key("1/2", "dev_cost"))
    out = tmp_path / "out.h5"
    moonsweep("run", job, "-o", out)
    with h5py.File(out, "r+") as file:
        (lost,) = np.flatnonzero(file["status"][:] == DROPPED)
        rung = int(lost) - 1
        file["status"][rung] = 2
        file["checksum"][rung] = checksums.of_config(file, rung)[0]
        file["status"][lost] = file["checksum"][lost] = 0
    refused = moonsweep("run", job, "-o", out, ranks=2, status=65).stderr
    assert f"{out}: the rows contradict each other: 1 row is pending, but the trajectory was not dropped" in refused
