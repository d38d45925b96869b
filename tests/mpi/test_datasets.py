"""A sweep over several data sets has the bits of separate sweeps, on any number of ranks and after any interruption."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import processes, result_file, waiting

ROWS = ("W1", "b1", "W2", "b2", "train_accuracy", "dev_accuracy", "train_outcomes", "dev_outcomes", "final_cost",
        "train_cost", "dev_cost", "iterations_done", "status")  # fmt: skip

# Training sets of different size, and a learning rate at which relu diverges.
DATA = "moons: {samples: [300, 90], noise: [0.1, 0.3], seed: 2}, dev_fraction: 0.25, split_seed: [4, 5]"
GRID = "grid: {n_h: [2, 7], activation: [tanh, relu], learning_rate: [0.5, 1.0e6], iterations: [200, 30]}\n"


def write_job(path, data, grid=GRID):
    path.write_text(f"name: sets\ndata: {{{data}}}\n{grid}")
    return path


def single_data():
    """The keys of data of each data set by itself, in order."""
    return [
        f"moons: {{samples: {samples}, noise: {noise}, seed: 2}}, dev_fraction: 0.25, split_seed: {split_seed}"
        for samples in (300, 90)
        for noise in (0.1, 0.3)
        for split_seed in (4, 5)
    ]


@pytest.fixture(scope="module")
def whole(moonsweep, tmp_path_factory):
    """The job with several data sets and its result on one rank."""
    folder = tmp_path_factory.mktemp("whole")
    job = write_job(folder / "sets.yaml", DATA)
    moonsweep("run", job, "-o", folder / "out.h5", ranks=1)
    return job, folder / "out.h5"


def test_each_data_set_has_the_bits_of_a_sweep_of_its_own(moonsweep, whole, tmp_path):
    with h5py.File(whole[1]) as file:
        assert {1, 2} == set(file["status"][:].tolist())
        configs = len(file["n_h"]) // 8
        for d, data in enumerate(single_data()):
            job = write_job(tmp_path / "one.yaml", data)
            moonsweep("run", job, "-o", tmp_path / "one.h5", "--force", ranks=2)
            rows = slice(d * configs, (d + 1) * configs)
            with h5py.File(tmp_path / "one.h5") as one:
                for name in ROWS:
                    assert np.array_equal(file[name][rows], one[name][:], equal_nan=True), (name, d)
                costs = slice(int(file["cost_start"][d * configs // 2]), None)
                cost = file["cost"][costs][: len(one["cost"])]
                counted = np.concatenate(
                    [np.arange(n) + start for start, n in zip(one["cost_start"][:], one["cost_count"][:])]
                )
                assert cost[counted].tobytes() == one["cost"][:][counted].tobytes()
                assert file["data_checksum"][d] == one["data_checksum"][0]


@pytest.mark.parametrize("ranks", [2, 5])
def test_several_data_sets_have_the_same_bits_on_any_number_of_ranks(moonsweep, whole, tmp_path, ranks):
    job, expected = whole
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=ranks)
    assert result_file.differences(expected, tmp_path / "out.h5") == []


def test_a_killed_sweep_over_folds_resumes_to_the_same_bits(start, moonsweep, tmp_path):
    grid = (
        f"grid: {{n_h: 20, activation: tanh, learning_rate: 0.5, seed: {list(range(12))}, iterations: [100, 4000]}}\n"
    )
    job = write_job(
        tmp_path / "folds.yaml", "moons: {samples: 1000, noise: 0.2, seed: 1}, folds: 3, split_seed: 1", grid
    )
    output, undisturbed = tmp_path / "out.h5", tmp_path / "undisturbed.h5"
    sweep = start("run", job, "-o", output, "--checkpoint-seconds", "0.1", ranks=2)
    waiting.until(lambda: result_file.finals(output) >= 6, running=sweep)
    processes.kill_ranks(sweep)
    kept = result_file.finals(output)
    moonsweep("run", job, "-o", output, ranks=3)
    assert 6 <= kept < result_file.finals(output) == 72
    moonsweep("run", job, "-o", undisturbed, ranks=2)
    assert result_file.differences(output, undisturbed) == []
    moonsweep("verify", "--retrain", "9", output)
