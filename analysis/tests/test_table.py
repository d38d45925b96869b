"""The table, the selection and the cost curves."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

import moonsweep
import result_file


def test_the_table_has_a_row_for_each_configuration(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        table = sweep.to_frame()
        assert table.index.name == "config"
        assert list(table.index) == list(range(24))
        assert list(table["activation"][:8:4]) == ["tanh", "sigmoid"]
        for name in (
            "n_h",
            "learning_rate",
            "iterations",
            "train_accuracy",
            "final_cost",
            "train_seconds",
            "train_cpu_seconds",
        ):
            np.testing.assert_array_equal(table[name], stored[name][...], err_msg=name)
        np.testing.assert_array_equal(table["dev_false_negatives"], stored["dev_outcomes"][:, 2])
        pd.testing.assert_frame_equal(moonsweep.to_frame(sweep), table)


def test_results_of_pending_rows_are_missing_in_the_table_and_counts_are_integers(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
    assert table["status"][5] == "pending"
    known = {"n_h", "activation", "learning_rate", "iterations", "seed", "init_scale"}
    known |= {"trajectory", "dataset", "status", "samples", "noise", "data_seed"}
    assert set(table.columns[table.loc[5].notna()]) == known
    assert table["iterations_done"].dtype == "Int64"
    assert table.drop(index=5, columns=["split_seed", "fold"]).notna().all(axis=None)
    assert table[["split_seed", "fold"]].isna().all(axis=None)


def test_the_rule_that_ended_a_trajectory_has_its_name_in_the_table(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][3:6] = result_file.STOPPED
        stored["ended_by"][3:6] = [1, 2, 3]
    result_file.make_pending(finished, 6)
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
    names = ["none", "patience", "target_dev_accuracy", "max_seconds"]
    assert table["ended_by"][2:6].tolist() == names
    assert list(table["ended_by"].cat.categories) == names
    assert np.flatnonzero(table["ended_by"].isna()).tolist() == [6]


def test_a_selection_of_a_sweep_has_a_table(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        part = sweep.isel(config=[7, 2])
        assert list(moonsweep.to_frame(part).index) == [7, 2]
        np.testing.assert_array_equal(moonsweep.cost_of(part, 7), sweep.cost_of(7))
        with pytest.raises(KeyError, match=r"no configuration 3 \(there are: 2 to 7\)"):
            moonsweep.cost_of(part, 3)


def test_the_selection_meets_the_criteria_and_is_sorted_by_time() -> None:
    rows = {
        "status": ["done", "stopped", "done", "diverged", "pending", "done"],
        "train_accuracy": [95.0, 96.0, 95.0625, 99.0, np.nan, 97.0],
        "dev_accuracy": [95.0, 95.0, 96.0625, 99.0, np.nan, 95.9375],
        "train_seconds": [2.0, 1.0, 3.0, 0.5, np.nan, 9.0],
        "train_cpu_seconds": [1.0, 3.0, 2.0, 0.5, np.nan, 0.1],
    }
    assert list(moonsweep.select(pd.DataFrame(rows)).index) == [2, 1]
    wider = moonsweep.Criteria(min_train=90.0, max_gap=2.0)
    assert list(moonsweep.select(pd.DataFrame(rows), wider).index) == [5, 0, 2, 1]


def test_the_costs_of_a_configuration_are_the_first_of_its_trajectory(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        for config in range(24):
            cost = sweep.cost_of(config)
            iterations = stored["iterations"][config]
            start = stored["cost_start"][config // 2]
            np.testing.assert_array_equal(cost, stored["cost"][start : start + iterations])
            np.testing.assert_array_equal(cost["iteration"], np.arange(iterations))
            assert cost[-1] == stored["final_cost"][config]


def test_a_pending_configuration_has_the_costs_so_far(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    result_file.edit(finished, "cost_count", 2, 37)
    with moonsweep.open(finished) as sweep:
        assert sweep.cost_of(5).sizes["iteration"] == 37
        assert sweep.cost_of(4).sizes["iteration"] == 10
        assert not np.isnan(sweep.cost_of(5)).any()


@pytest.mark.parametrize(("stride", "short", "long"), [(7, 2, 58), (400, 1, 1)])
def test_costs_with_a_stride_have_the_right_iterations(
    tmp_path: Path, stride: int, short: int, long: int
) -> None:
    path = result_file.write(tmp_path / "out.h5", result_file.Job(stride=stride))
    whole = result_file.write(tmp_path / "whole.h5")
    with moonsweep.open(path) as sweep, moonsweep.open(whole) as every:
        assert sweep.cost_of(0).sizes["iteration"] == short
        cost = sweep.cost_of(1)
        assert cost.sizes["iteration"] == long
        np.testing.assert_array_equal(cost["iteration"], np.arange(long) * stride)
        np.testing.assert_array_equal(cost, every.cost_of(1).sel(iteration=cost["iteration"]))


def test_without_stored_costs_the_curve_is_empty(finished: Path) -> None:
    result_file.edit(finished, "cost_stride", 0, 0)
    result_file.edit(finished, "cost_count", 0, 0)
    with moonsweep.open(finished) as sweep:
        assert sweep.cost_of(1).sizes["iteration"] == 0


@pytest.mark.parametrize("config", [-1, 24])
def test_a_configuration_that_does_not_exist_is_an_error(finished: Path, config: int) -> None:
    with (
        moonsweep.open(finished) as sweep,
        pytest.raises(KeyError, match=rf"no configuration {config} \(there are: 0 to 23\)"),
    ):
        sweep.cost_of(config)


def test_the_gap_is_the_difference_of_the_accuracies(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        np.testing.assert_array_equal(
            sweep.to_frame()["gap"], stored["train_accuracy"][...] - stored["dev_accuracy"][...]
        )


def test_the_table_of_xarray_is_the_table(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        pd.testing.assert_frame_equal(sweep.to_dataframe(), sweep.to_frame())
        pd.testing.assert_frame_equal(sweep.sel(n_h=3).to_dataframe(), sweep.to_frame().query("n_h == 3"))
        two = sweep[["dev_accuracy", "train_accuracy"]].to_dataframe()
        assert {"dev_accuracy", "train_accuracy"} <= set(two.columns)
        assert len(two) == 24


def test_all_costs_are_a_matrix_over_trajectory_and_step(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    result_file.edit(finished, "cost_count", 2, 37)
    with moonsweep.open(finished) as sweep, h5py.File(finished) as stored:
        costs = sweep.all_costs()
        assert costs.dims == ("trajectory", "step")
        expected = stored["cost"][...].reshape(12, 400)
        expected[2, 37:] = np.nan
        np.testing.assert_array_equal(costs, expected)
        np.testing.assert_array_equal(costs["step"], np.arange(400))
        one = costs.sel(n_h=3, activation="relu", learning_rate=2.0)
        np.testing.assert_array_equal(one.values[0], sweep.cost_of(23))
        np.testing.assert_array_equal(costs[[11, 2], 30:45:3], expected[[11, 2], 30:45:3])
        np.testing.assert_array_equal(costs[4, -1], expected[4, -1])
        few = moonsweep.all_costs(sweep.isel(config=[23, 1]))
        np.testing.assert_array_equal(few, expected[[0, 11]])


def test_all_costs_have_the_stride_of_the_file(tmp_path: Path) -> None:
    path = result_file.write(tmp_path / "out.h5", result_file.Job(stride=7))
    with moonsweep.open(path) as sweep:
        costs = sweep.all_costs()
        assert costs["step"].values[:3].tolist() == [0, 7, 14]
        np.testing.assert_array_equal(costs[3], sweep.cost_of(7))
    result_file.edit(path, "cost_stride", 0, 8)
    with moonsweep.open(path) as sweep, pytest.raises(ValueError, match=r"the strides \[7, 8\]"):
        sweep.all_costs()


def test_cost_curves_have_the_labels_of_their_axes(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        cost = sweep.cost_of(23)
    assert cost.attrs["long_name"] == "cost (cross-entropy)"
    assert cost["iteration"].attrs["long_name"] == "updates before the cost"
    assert (int(cost["config"]), int(cost["n_h"]), str(cost["activation"].values)) == (23, 3, "relu")


@pytest.mark.parametrize("config", ["3", 3.0, [1, 2], None], ids=repr)
def test_what_is_no_number_of_a_configuration_is_named(finished: Path, config: object) -> None:
    with moonsweep.open(finished) as sweep:
        for function in (moonsweep.cost_of, moonsweep.network, moonsweep.class_weight):
            with pytest.raises(TypeError, match=r"config is .*; it must be the number of a conf"):
                function(sweep, config)


def test_a_dataset_without_the_needed_variables_is_an_error_that_names_them(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        part = sweep[["dev_accuracy"]]
        with pytest.raises(KeyError, match=r"no variables config_trajectory, .*moonsweep\.open"):
            moonsweep.to_frame(part)
        with pytest.raises(KeyError, match="no variables cost, cost_start"):
            moonsweep.cost_of(part, 3)
