"""Configurations are selected by their parameters: sweep.sel(n_h=50, activation="tanh")."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import moonsweep


def test_configurations_are_selected_by_several_parameters(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
        chosen = sweep.sel(n_h=3, activation="tanh", iterations=400)
        expected = table.query("n_h == 3 and activation == 'tanh' and iterations == 400").index
        assert chosen["config"].values.tolist() == list(expected)
        assert len(expected) == 2
        assert isinstance(chosen, moonsweep.Sweep)
        np.testing.assert_array_equal(chosen["dev_accuracy"], table["dev_accuracy"][expected])
        assert sweep["dev_cost"].sel(n_h=3).sizes == {"config": 12}


@pytest.mark.parametrize(
    ("labels", "query"),
    [
        ({"activation": ["relu", "tanh"]}, "activation in ('relu', 'tanh')"),
        ({"learning_rate": slice(0.6, None)}, "learning_rate >= 0.6"),
        ({"iterations": slice(10, 10)}, "iterations == 10"),
        ({"n_h": np.array([1, 7])}, "n_h == 1"),
        ({"n_h": 3, "learning_rate": 2}, "n_h == 3 and learning_rate == 2"),
    ],
    ids=str,
)
def test_lists_and_slices_select_like_a_query(finished: Path, labels: dict[str, object], query: str) -> None:
    with moonsweep.open(finished) as sweep:
        chosen = sweep.sel(labels)["config"].values.tolist()
        assert chosen == sweep.to_frame().query(query).index.tolist()


def test_the_nearest_values_can_be_selected(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        assert set(sweep.sel(learning_rate=0.7, method="nearest")["learning_rate"].values) == {0.5}
        with pytest.raises(ValueError, match="method='pad'"):
            sweep.sel(learning_rate=0.7, method="pad")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"n_h": 7}, r"no configuration has n_h=7 \(n_h is 1, 3\)"),
        ({"activation": "Tanh"}, r"no configuration has activation='Tanh' \(activation is 'tanh', 'sig"),
        ({"activation": 0}, "no configuration has activation=0"),
        ({"n_h": "3"}, "no configuration has n_h='3'"),
        ({"iterations": slice(500, 600)}, "no configuration has iterations=500 to 600"),
    ],
    ids=str,
)
def test_values_that_no_configuration_has_are_named(
    finished: Path, labels: dict[str, object], message: str
) -> None:
    with moonsweep.open(finished) as sweep, pytest.raises(KeyError, match=message):
        sweep.sel(labels)


def test_values_that_occur_only_apart_are_named_together(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        part = sweep.isel(config=slice(1, 16))  # without n_h=1, tanh, rate 0.5, 10 iterations
        with pytest.raises(KeyError, match=r"no configuration has n_h=1, activation='tanh', .* together"):
            part.sel(n_h=1, activation="tanh", learning_rate=0.5, iterations=10)


def test_the_number_of_a_configuration_still_selects_it(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        assert sweep["dev_accuracy"].sel(config=5).item() == sweep["dev_accuracy"].values[5]
        assert sweep.sel(config=[7, 2])["n_h"].values.tolist() == [1, 1]


def test_operations_of_xarray_keep_the_parameters_of_each_row(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        accuracy = sweep["dev_accuracy"]
        table = sweep.to_frame()
        ordered = accuracy.sortby(accuracy).sel(n_h=3)
        assert (
            ordered["config"].values.tolist()
            == (
                table["dev_accuracy"]
                .sort_values(kind="stable")
                .loc[lambda rows: table["n_h"][rows.index] == 3]
            ).index.tolist()
        )
        masked = accuracy.where(sweep["learning_rate"] == 2, drop=True)
        assert set(masked["learning_rate"].values) == {2.0}
        means = accuracy.groupby("activation").mean()
        for name, mean in table.groupby("activation")["dev_accuracy"].mean().items():
            assert float(means.sel(activation=name)) == pytest.approx(mean, rel=1e-12)
        joined = xr.concat([accuracy.isel(config=[20, 3]), accuracy.isel(config=[7])], "config")
        assert joined.sel(n_h=1)["config"].values.tolist() == [3, 7]
        assert float((sweep["train_accuracy"] - accuracy)[9]) == table["gap"][9]
        assert accuracy.to_series().tolist() == table["dev_accuracy"].tolist()


def test_datasets_of_different_configurations_are_not_aligned_silently(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        accuracy = sweep["dev_accuracy"]
        with pytest.raises(ValueError, match="the datasets have different configurations"):
            accuracy[:3] - accuracy[2:5]
