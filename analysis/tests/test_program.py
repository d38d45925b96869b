"""Tests of files that the program wrote; skipped without MOONSWEEP_PROGRAM, which tests/run.sh sets."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import io
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import moonsweep
import result_file
from moonsweep.command_line import main


def test_it_opens_with_the_shapes_of_the_format(swept: Path) -> None:
    with moonsweep.open(swept) as sweep:
        assert sweep.sizes["config"] == 24
        assert sweep["W1"].dims == ("config", "unit", "feature")
        assert "cost_sample" not in sweep.variables
        assert sweep["X_train"].shape == (150, 2)
        assert sweep["train_seconds"].dtype == np.float64
        assert (sweep["status"] != 0).all()
        assert (sweep["train_cpu_seconds"] > 0).all()
        assert sweep["activation"].values[[0, 4, 8]].tolist() == ["tanh", "sigmoid", "relu"]
        for name, variable in sweep.data_vars.items():
            assert {"long_name", "units"} <= set(variable.attrs), name


def test_the_stored_parameters_give_the_stored_accuracies(swept: Path) -> None:
    with moonsweep.open(swept) as sweep:
        # In float32 a sample on the boundary may be on the other side of it here.
        allowed = 0.0 if sweep.attrs["precision"] == "float64" else 1.0
        for config in range(24):
            for part in ("train", "dev"):
                y = sweep[f"y_{part}"].values
                A2 = moonsweep.predict_probability(sweep, config, sweep[f"X_{part}"])
                wrong = np.sum((A2 > 0.5) != y)
                stored = sweep[f"{part}_outcomes"].values[config]
                assert abs(wrong - stored[1] - stored[2]) <= allowed
                assert float(sweep[f"{part}_accuracy"][config]) == pytest.approx(
                    100.0 * (stored[0] + stored[3]) / len(y), abs=1e-12
                )


def test_the_costs_agree_with_training_in_numpy(swept: Path) -> None:
    with moonsweep.open(swept) as sweep:
        table = sweep.to_frame()
        tolerance = 1e-10 if sweep.attrs["precision"] == "float64" else 1e-3
        X, y = sweep["X_train"].values, sweep["y_train"].values.astype(float)
        for config in table.index[(table["learning_rate"] == 0.5) & (table["iterations"] == 20)]:
            row = table.loc[config]
            rng = np.random.RandomState(int(row["seed"]))
            W1 = rng.randn(row["n_h"], 2) * row["init_scale"]
            W2 = rng.randn(1, row["n_h"])[0] * row["init_scale"]
            network = result_file.Network(W1, np.zeros(row["n_h"]), W2, 0.0, row["activation"])
            costs = [network.update(X, y, row["learning_rate"]) for _ in range(20)]
            np.testing.assert_allclose(sweep.cost_of(config), costs, rtol=tolerance)
            assert row["final_cost"] == pytest.approx(costs[-1], rel=tolerance)


def test_the_table_agrees_with_the_output_of_show(
    swept: Path, run_program: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    shown = list(csv.DictReader(io.StringIO(run_program("show", swept, "--format", "csv").stdout)))
    with moonsweep.open(swept) as sweep:
        table = sweep.to_frame()
    assert len(shown) == len(table)
    for line, (_, row) in zip(shown, table.iterrows(), strict=True):
        assert line["status"] == row["status"]
        for name in ("n_h", "learning_rate", "iterations", "train_accuracy", "dev_accuracy"):
            assert float(line[name]) == pytest.approx(float(row[name]), rel=1e-12), name


def test_the_only_note_about_the_figures_is_that_there_is_one_seed(
    swept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = swept.parent / "figures"
    options = ["--min-train", "80", "--max-gap", "10", "--format", "png"]
    assert main(["figures", str(swept), "-o", str(folder), *options]) == 0
    assert capsys.readouterr().err == (
        "moonsweep: seeds.png: Nothing to show: every setting has one seed and one data set.\n"
    )


def test_a_running_sweep_grows_and_never_shows_a_half_written_row(program: str, tmp_path: Path) -> None:
    job, out = tmp_path / "job.yaml", tmp_path / "out.h5"
    job.write_text(
        "name: growing\n"
        "data: {moons: {samples: 2000, noise: 0.25, seed: 0}, dev_fraction: 0.2, split_seed: 42}\n"
        "grid:\n"
        "  n_h: [10]\n"
        "  activation: [tanh]\n"
        "  learning_rate: [1.2, 0.9, 0.6, 0.3, 0.1, 0.05, 0.01, 0.001]\n"
        "  iterations: [1000, 20000]\n"
    )
    final_rows = []
    # A checkpoint commits the rows before it.
    often = ["--checkpoint-seconds", "0.05"]
    with subprocess.Popen([program, "run", job, "-o", out, *often], stderr=subprocess.DEVNULL) as running:
        while running.poll() is None:
            if out.exists():
                final_rows.append(_count_final(out))
            time.sleep(0.05)
    assert running.returncode == 0
    final_rows.append(_count_final(out))
    assert final_rows == sorted(final_rows)
    assert final_rows[-1] == 16
    assert any(0 < rows < 16 for rows in final_rows), "the sweep was too short to be watched"


def _count_final(path: Path) -> int:
    """The number of final rows. Checks that exactly these rows have results."""
    with moonsweep.open(path) as sweep:
        final = sweep["status"].values != 0
        for name in ("dev_accuracy", "train_seconds", "iterations_done", "b2"):
            np.testing.assert_array_equal(np.isfinite(sweep[name].values), final, err_msg=name)
        for config in sweep["config"].values[final]:
            cost = sweep.cost_of(config)
            assert cost.size == sweep["iterations"][config]
            assert float(cost[-1]) == float(sweep["final_cost"][config])
    return int(final.sum())


def test_the_table_has_what_made_the_data_set_of_each_configuration(
    result_of: Callable[[str], Path],
) -> None:
    path = result_of(
        "name: folds\n"
        "data: {moons: {samples: [31, 60], noise: 0.2, seed: 5}, folds: 2, split_seed: 1}\n"
        "grid: {n_h: [1, 2], activation: tanh, learning_rate: 0.5, iterations: 5}\n"
    )
    with moonsweep.open(path) as sweep:
        table = moonsweep.to_frame(sweep)
        assert table["dataset"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
        assert table["samples"].tolist() == [31] * 4 + [60] * 4
        assert table["fold"].tolist() == [0, 0, 1, 1] * 2
        assert set(table["noise"]) == {0.2}
        assert (set(table["data_seed"]), set(table["split_seed"])) == ({5}, {1})
        start, count = (int(sweep[name].values[3]) for name in ("dev_start", "dev_count"))
        X, y = (sweep[name].values[start : start + count] for name in ("X_dev", "y_dev"))
        assert (
            100 * np.mean((moonsweep.predict_probability(sweep, 7, X) > 0.5) == y) == table["dev_accuracy"][7]
        )


def test_the_rules_that_ended_trajectories_are_those_that_show_prints(
    run_program: Callable[..., subprocess.CompletedProcess[str]], result_of: Callable[[str], Path]
) -> None:
    path = result_of(
        "name: rules\n"
        "data: {moons: {samples: 100, noise: 0.2, seed: 5}, dev_fraction: 0.5, split_seed: 1}\n"
        "grid: {n_h: 3, activation: tanh, learning_rate: [1.0, 0.00001], iterations: [1, 500]}\n"
        "stop: {patience: 3, min_delta: 0.0001, target_dev_accuracy: 84, every: 5}\n"
    )
    shown = csv.DictReader(io.StringIO(run_program("show", path, "--format", "csv").stdout))
    with moonsweep.open(path) as sweep:
        rules = sweep.to_frame()["ended_by"].tolist()
    assert rules == [line["ended_by"] for line in shown]
    assert rules == ["none", "target_dev_accuracy", "none", "patience"]
