"""Configurations that successive halving dropped have no results."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import moonsweep
from moonsweep.figures.subject import Subject


@pytest.fixture(scope="module")
def halved(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A finished sweep of six trajectories, of which two continue after 10 iterations."""
    folder = tmp_path_factory.mktemp("halved")
    (folder / "job.yaml").write_text(
        "name: halved\n"
        "data: {moons: {samples: 200, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}\n"
        "grid: {n_h: [1, 2, 3], activation: [tanh, relu], learning_rate: 0.5, iterations: [10, 50]}\n"
        "halving: {keep: 1/3, by: dev_accuracy}\n"
    )
    run_program("run", folder / "job.yaml", "-o", folder / "out.h5", "-q")
    return folder / "out.h5"


def test_the_table_has_no_results_of_dropped_configurations(halved: Path) -> None:
    with moonsweep.open(halved) as sweep:
        table = sweep.to_frame()
    dropped = table[table["status"] == "dropped"]
    assert len(dropped) == 4
    assert set(dropped["iterations"]) == {50}
    results = table.columns[table.columns.get_loc("iterations_done") :]
    assert set(dropped[results].columns[dropped[results].notna().any()]) == {"iterations_done", "rank", "run"}
    assert set(dropped["iterations_done"]) == {10}
    assert table.loc[table["status"] == "done", ["dev_accuracy", "dev_true_positives"]].notna().all(axis=None)


def test_dropped_configurations_have_no_parameters_and_no_area(halved: Path) -> None:
    with moonsweep.open(halved) as sweep:
        dropped = np.flatnonzero(sweep["status"].values == 4)
        with pytest.raises(ValueError, match=f"configuration {dropped[0]} was dropped by successive halving"):
            moonsweep.predict_probability(sweep, int(dropped[0]), np.zeros((1, 2)))
        assert sweep.cost_of(int(dropped[0])).sizes["iteration"] == 10
        areas = moonsweep.auc(sweep, "dev")
        assert np.flatnonzero(areas.isna()).tolist() == dropped.tolist()


def test_figures_show_only_results(halved: Path) -> None:
    with moonsweep.open(halved) as sweep:
        subject = Subject.of(sweep)
        assert len(subject.final) == 8
        assert subject.counts == "12 configurations (8 done, 4 dropped)"
        assert subject.yet == ""
