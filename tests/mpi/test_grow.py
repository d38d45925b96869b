"""A sweep that takes over from older results (run --from) has the bits of a sweep that trains everything, and trains
only what is new."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import job_file, processes, result_file
from lib.run_messages import taken_over, trained_iterations

# The settings that rows of different files have in common.
SETTINGS = ["n_h", "activation", "learning_rate", "init_scale", "seed", "iterations"]

# The axes of the older job and of the new one, how many rows are taken over, and how many iterations are trained.
CASES = {
    "larger axes": (
        {"n_h": [1, 3], "activation": ["tanh"], "iterations": [20, 100]},
        {"n_h": [2, 3, 1], "activation": ["relu", "tanh"], "iterations": [20, 100]},
        4,
        (6 - 2) * 100,
    ),
    "more iterations": (
        {"n_h": [1, 3], "iterations": [20, 100]},
        {"n_h": [1, 3], "iterations": [20, 100, 300, 700]},
        4,
        2 * (700 - 100),
    ),
    "counts that the new job lacks": (
        {"n_h": [1, 3], "iterations": [20, 100, 200]},
        {"n_h": [1, 3], "iterations": [20, 300]},
        2,
        2 * (300 - 200),
    ),
    "no common count": (
        {"n_h": [1, 3], "iterations": [100, 200]},
        {"n_h": [1, 3], "iterations": [300]},
        0,
        2 * (300 - 200),
    ),
    "fewer iterations": (
        {"n_h": [1, 3], "iterations": [20, 100, 200]},
        {"n_h": [1, 3], "iterations": [100, 20]},
        4,
        0,
    ),
    "seeds and scales": (
        {"seed": [0, 2], "init_scale": [0.01, 1], "iterations": [50]},
        {"seed": [1, 2, 0], "init_scale": [1, 0.5, 0.01], "iterations": [50, 90]},
        4,
        (9 - 4) * 90 + 4 * 40,
    ),
    "every other seed": (
        {"seed": "{range: [0, 8], step: 2}", "iterations": [1, 10]},
        {"seed": "{range: [0, 8]}", "iterations": [1, 5, 10]},
        8,
        4 * 10 + 4 * 4,
    ),
    "a count between": (
        {"n_h": [1, 3], "iterations": [20, 100, 300]},
        {"n_h": [1, 3], "iterations": [20, 50, 100, 300]},
        6,
        2 * 30,
    ),
    "counts between, before and after": (
        {"n_h": [1, 3], "iterations": [100, 300]},
        {"n_h": [1, 3], "iterations": [400, 50, 100, 250, 200, 300]},
        4,
        2 * (50 + 150 + 100),
    ),
    "counts between, and states between them": (
        {"n_h": [1, 3], "iterations": [60, 120, 300]},
        {"n_h": [1, 3], "iterations": [50, 100, 150, 300]},
        2,
        2 * (50 + 40 + 30),
    ),
    "counts between in some trajectories": (
        {"n_h": [1, 3], "iterations": [20, 100]},
        {"whole_grid": "[{n_h: [1, 2], activation: tanh, learning_rate: 0.5, iterations: [20, 50, 100]},"
                       " {n_h: [3, 4], activation: tanh, learning_rate: 0.5, iterations: [20, 100, 200]}]"},
        4,
        30 + 100 + 100 + 200,
    ),
    "from a list": (
        {"whole_grid": "{configs: [{n_h: 2, iterations: 70}, {n_h: 1, iterations: 20}, {n_h: 2, iterations: 20}],"
                       " activation: tanh, learning_rate: 0.5}"},
        {"n_h": [1, 2], "iterations": [20, 70]},
        3,
        50,
    ),
    "to zipped axes and a list with equal rows": (
        {"n_h": [1, 2, 3], "learning_rate": [0.5, 0.1], "iterations": [20, 70]},
        {"whole_grid": "[{zip: {n_h: [3, 1, 4], learning_rate: [0.1, 0.5, 0.5]}, activation: tanh,"
                       " iterations: [70, 90]},"
                       " {n_h: 3, learning_rate: 0.1, activation: [tanh, relu], iterations: 70}]"},
        3,
        20 + 20 + 90 + 70,
    ),
    "diverging": (
        {**job_file.DIVERGING, "iterations": [10, 100]},
        {**job_file.DIVERGING, "n_h": [10, 9], "iterations": [10, 100, 1000, 2000]},
        2 + 4,
        None,
    ),
    "diverging, and a count before the divergence": (
        {**job_file.DIVERGING, "iterations": [10, 100]},
        {**job_file.DIVERGING, "iterations": [10, 20, 100]},
        2 + 2,
        None,
    ),
    "diverging, counts that the new job lacks": (
        {**job_file.DIVERGING, "iterations": [10, 100]},
        {**job_file.DIVERGING, "iterations": [10, 50, 200]},
        1 + 3,
        None,
    ),
    "float32": (
        {"precision": "float32", "n_h": [1, 3], "iterations": [20, 100]},
        {"precision": "float32", "n_h": [2, 3], "iterations": [20, 150]},
        1,
        150 + 50,
    ),
}  # fmt: skip


def rows_by_settings(path):
    """The results of each configuration of a file, by its settings: {settings: {name: bytes}}."""
    with h5py.File(path) as file:
        names = {"iterations_done", "train_accuracy", "dev_cost", "final_cost", "train_seconds", "train_cpu_seconds"}
        values = {name: file[name][:] for name in [*SETTINGS, *names]}
        return {
            tuple(values[name][c].item() for name in SETTINGS): {name: values[name][c].tobytes() for name in names}
            for c in range(len(values["n_h"]))
        }


@pytest.mark.parametrize(
    "case, ranks",
    [
        pytest.param(
            case,
            ranks,
            marks=[]
            if ranks == 0 or case in ("more iterations", "diverging", "counts between, before and after")
            else [pytest.mark.long],
        )
        for case in CASES
        for ranks in (0, 3)
    ],
)
def test_the_bits_are_those_of_a_sweep_from_nothing(moonsweep, undisturbed, tmp_path, case, ranks):
    older_job, new_job, taken, trained = CASES[case]
    _, older = undisturbed(**older_job)
    job, expected = undisturbed(**new_job)
    before = older.read_bytes()
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older, "--no-cycle-detection", ranks=ranks)
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert older.read_bytes() == before
    assert moonsweep("verify", tmp_path / "new.h5").stderr == ""
    with h5py.File(tmp_path / "new.h5") as file:
        assert int((file["rank"][:] == -1).sum()) == taken
    assert taken_over(done.stderr) == taken
    if trained is not None:
        assert trained_iterations(done.stderr) == trained


def test_rows_taken_over_have_the_times_of_the_older_file_and_name_it(moonsweep, undisturbed, tmp_path):
    _, older = undisturbed(n_h="[1, 3]", iterations="[20, 100]")
    job, _ = undisturbed(n_h="[3, 1, 2]", iterations="[20, 100]")
    moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older)
    olds, news = rows_by_settings(older), rows_by_settings(tmp_path / "new.h5")
    assert olds.keys() < news.keys()
    assert {settings: news[settings] for settings in olds} == olds
    with h5py.File(tmp_path / "new.h5") as file, h5py.File(older) as old:
        taken = file["rank"][:] == -1
        assert set(file["run"][:][taken]) == {1} and set(file["run"][:][~taken]) == {0}
        assert file["runs/how_ended"][1] == 2 | result_file.TAKEN_OVER
        assert file["runs/command"][1].tobytes().startswith(f"{older}, run 0: moonsweep run ".encode())
        for name in ("id", "started", "ended", "ranks", "core_seconds", "version", "isa", "kernels"):
            assert np.array_equal(file["runs"][name][1], old["runs"][name][0])


def test_only_further_iterations_of_a_finished_sweep_are_leased(moonsweep, undisturbed, tmp_path):
    _, older = undisturbed(n_h="[20, 30]", iterations="[500]")
    job, expected = undisturbed(n_h="[20, 30]", iterations="[500, 600]")
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older)
    assert trained_iterations(done.stderr) == 200
    assert set(result_file.begun_at(tmp_path / "new.h5", 0).values()) == {500}
    assert result_file.differences(tmp_path / "new.h5", expected) == []


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_sweep_that_was_stopped_continues_in_another_file(start_until, moonsweep, undisturbed, tmp_path, ranks):
    """Its checkpoints are taken over, too."""
    grid = {"samples": 2000, "n_h": "[5, 50]", "iterations": "[100, 20000]"}
    job, expected = undisturbed(**grid)
    often = ["--checkpoint-seconds", "0.05"]
    processes.stop_suspended(*start_until(job, tmp_path / "old.h5", "checkpoint/checksum", *often))
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", tmp_path / "old.h5", ranks=ranks)
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert "from which " in done.stderr
    begun = result_file.begun_at(tmp_path / "new.h5", 0)
    assert any(iteration not in (0, 100) for iteration in begun.values())
    assert trained_iterations(done.stderr) == sum(20000 - begun.get(t, 20000) for t in range(2))


def test_the_first_of_overlapping_files_is_used(moonsweep, undisturbed, tmp_path):
    _, first = undisturbed(n_h="[1, 2]", iterations="[20]")
    _, second = undisturbed(n_h="[3, 2]", iterations="[20, 50]")
    job, expected = undisturbed(n_h="[1, 2, 3, 4]", iterations="[20, 50]")
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", first, "--from", second)
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert trained_iterations(done.stderr) == 30 + 50
    with h5py.File(tmp_path / "new.h5") as file:
        sources = [bytes(text).split(b", run")[0].decode() for text in file["runs/command"][1:3]]
        assert sources == [str(first), str(second)]
        # n_h 1 and 2 at 20 iterations are in the first file, n_h 2 at 50 and n_h 3 in the second.
        assert file["run"][:].tolist() == [1, 0, 1, 2, 2, 2, 0, 0]


def test_a_grown_sweep_grows_again(moonsweep, undisturbed, tmp_path):
    _, first = undisturbed(n_h="[1]", iterations="[20]")
    second_job, _ = undisturbed(n_h="[1, 2]", iterations="[20]")
    moonsweep("run", second_job, "-o", tmp_path / "second.h5", "--from", first)
    job, expected = undisturbed(n_h="[1, 2, 3]", iterations="[20, 40]")
    moonsweep("run", job, "-o", tmp_path / "third.h5", "--from", tmp_path / "second.h5")
    assert result_file.differences(tmp_path / "third.h5", expected) == []
    with h5py.File(tmp_path / "third.h5") as file:
        texts = [file["runs/command"][row].tobytes().rstrip(b"\0").decode() for row in (1, 2)]
        assert texts[0].startswith(f"{tmp_path}/second.h5, run 1: {first}, run 0: moonsweep run ")
        assert texts[1].startswith(f"{tmp_path}/second.h5, run 0: moonsweep run ")
        assert len(set(file["run"][:])) == 3


def test_many_trajectories_continue_from_states_between_counts(moonsweep, undisturbed, tmp_path):
    """More than a file usually has pairs of slots."""
    seeds = "[" + ", ".join(map(str, range(1100))) + "]"
    _, older = undisturbed(samples=20, n_h="[1]", seed=seeds, iterations="[5]")
    job, expected = undisturbed(samples=20, n_h="[1]", seed=seeds, iterations="[8]")
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older)
    assert "from which 1100 trajectories continue" in done.stderr
    assert trained_iterations(done.stderr) == 1100 * 3
    assert result_file.differences(tmp_path / "new.h5", expected) == []
