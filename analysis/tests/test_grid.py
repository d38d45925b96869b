"""sweep.grid(): the results over the axes of the grid."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import moonsweep
import result_file
from moonsweep.grid import AXES


def test_every_configuration_is_in_its_cell_in_the_order_of_the_job(tmp_path: Path) -> None:
    job = result_file.Job(n_h=(3, 1, 2), activation=("relu", "tanh"), learning_rate=(2.0, 0.5, 1.0))
    path = result_file.write(tmp_path / "out.h5", job)
    with moonsweep.open(path) as sweep:
        grid = sweep.grid()
        assert type(grid) is xr.Dataset
        assert grid["dev_accuracy"].dims == AXES
        assert grid["W1"].dims == (*AXES, "unit", "feature")
        assert grid["n_h"].values.tolist() == [3, 1, 2]
        assert grid["activation"].values.tolist() == ["relu", "tanh"]
        assert grid["learning_rate"].values.tolist() == [2.0, 0.5, 1.0]
        for config, row in sweep.to_frame().iterrows():
            cell = grid.sel({name: row[name] for name in AXES})
            assert int(cell["config"]) == config
            assert float(cell["dev_accuracy"]) == row["dev_accuracy"]
            np.testing.assert_array_equal(cell["W1"], sweep["W1"].values[config])
        assert float(grid["init_scale"]) == 0.5
        assert grid["dev_accuracy"].attrs["units"] == "percent"
        assert len(grid["dev_accuracy"].to_series()) == 36


def test_pending_cells_are_missing(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep:
        grid = sweep.grid()
        row = sweep.to_frame().loc[5]
    cell = {name: row[name] for name in AXES}
    with moonsweep.open(finished) as sweep:
        grid = sweep.grid()
        assert np.isnan(grid["dev_accuracy"].sel(cell))
        assert int(np.isnan(grid["dev_accuracy"]).sum()) == 1
        assert int(grid["status"].sel(cell)) == 0


@pytest.mark.parametrize("rows", [[0, 1, 2], [0, 3]], ids=str)
def test_configurations_that_are_no_grid_are_refused_with_the_name_of_the_table(
    finished: Path, rows: list[int]
) -> None:
    with moonsweep.open(finished) as sweep:
        part = sweep.isel(config=rows)
        with pytest.raises(
            moonsweep.NotAGridError,
            match=rf"not a grid: its {len(rows)} configurations have 4 combinations of n_h, .*to_frame",
        ):
            part.grid()


def test_configurations_that_occur_twice_are_refused(finished: Path) -> None:
    with (
        moonsweep.open_many([finished, finished]) as sweep,
        pytest.raises(ValueError, match=r"24 combinations of parameters occur more than once; to_frame\(\)"),
    ):
        sweep.grid()


def test_a_selection_of_whole_axes_is_a_grid(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        grid = sweep.sel(activation=["relu", "tanh"], iterations=400).grid()
        assert dict(grid["dev_accuracy"].sizes) == {
            "n_h": 2,
            "activation": 2,
            "learning_rate": 2,
            "iterations": 1,
            "seed": 1,
        }


def test_a_grid_of_the_program_has_axes_for_seeds_scales_and_data_sets(
    result_of: Callable[[str], Path],
) -> None:
    path = result_of(
        "name: axes\n"
        "data: {moons: {samples: 60, noise: [0.1, 0.2], seed: 5}, folds: 2, split_seed: 1}\n"
        "grid: {n_h: [2, 1], activation: tanh, learning_rate: 0.5, seed: [7, 3], init_scale: [1, 0.1],\n"
        "  iterations: [3, 5]}\n"
    )
    with moonsweep.open(path) as sweep:
        grid = sweep.grid()
        assert grid["dev_accuracy"].dims == (*AXES, "init_scale", "dataset")
        assert grid["seed"].values.tolist() == [7, 3]
        assert grid["noise"].values.tolist() == [0.1, 0.1, 0.2, 0.2]
        assert grid["fold"].values.tolist() == [0, 1, 0, 1]
        for config, row in sweep.to_frame().iterrows():
            cell = grid.sel({name: row[name] for name in grid["dev_accuracy"].dims})
            assert int(cell["config"]) == config
            assert float(cell["dev_cost"]) == row["dev_cost"]


def test_a_random_search_is_no_grid(
    result_of: Callable[[str], Path],
) -> None:
    path = result_of(
        "name: random\n"
        "data: {moons: {samples: 60, noise: 0.2, seed: 5}, dev_fraction: 0.2, split_seed: 1}\n"
        "grid:\n"
        "  random: {count: 6, seed: 1, from: {n_h: {uniform: [1, 9]}, learning_rate: {uniform: [0.1, 1]}}}\n"
        "  activation: tanh\n"
        "  iterations: 3\n"
    )
    with moonsweep.open(path) as sweep:
        assert len(sweep.to_frame()) == 6
        with pytest.raises(moonsweep.NotAGridError, match=r"to_frame\(\) returns the configurations"):
            sweep.grid()
