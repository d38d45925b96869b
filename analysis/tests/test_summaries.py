"""Tables that answer questions: fronts, spreads, shares of variance, picks."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import moonsweep
import result_file


def table_of(seeds: int) -> pd.DataFrame:
    """A table of 2 x 2 x 3 settings with some seeds and arbitrary results, of which three are not done."""
    rng = np.random.default_rng(3)
    axes = {"n_h": [1, 5], "activation": ["tanh", "relu"], "iterations": [10, 20, 30], "seed": range(seeds)}
    table = pd.DataFrame(product(*axes.values()), columns=list(axes))
    table = table.assign(learning_rate=0.5, init_scale=1.0, dataset=0, status="done")
    table["dev_accuracy"] = rng.integers(50, 60, len(table)).astype(float)
    table["train_cpu_seconds"] = rng.integers(0, 9, len(table)).astype(float)
    table.loc[[1, 7], "status"] = ["diverged", "pending"]
    table.loc[9, "status"] = "stopped"
    return table


def test_the_spread_is_that_of_each_setting_over_its_seeds() -> None:
    table = table_of(4)
    spread = moonsweep.spread(table)
    assert len(spread) == 12
    assert spread["mean"].is_monotonic_decreasing
    for (n_h, activation, rate, iterations, scale), row in spread.iterrows():
        assert (rate, scale) == (0.5, 1.0)
        values = [
            r.dev_accuracy
            for r in table.itertuples()
            if (r.n_h, r.activation, r.iterations) == (n_h, activation, iterations)
            and r.status in ("done", "stopped")
        ]
        assert row["count"] == len(values)
        expected = [np.mean(values), np.std(values, ddof=1), min(values), max(values)]
        np.testing.assert_allclose(row[["mean", "std", "low", "high"]].to_list(), expected, rtol=1e-12)


def test_hidden_units_have_the_best_of_each_seed() -> None:
    table = table_of(4)
    best = moonsweep.by_hidden_units(table)
    for (activation, n_h), row in best.iterrows():
        of_seeds = []
        for seed in range(4):
            is_one = (table["activation"] == activation) & (table["n_h"] == n_h) & (table["seed"] == seed)
            rows = table[is_one & table["status"].isin(["done", "stopped"])]
            of_seeds.append(max(rows["dev_accuracy"]))
        assert row.to_list() == [np.mean(of_seeds), min(of_seeds), max(of_seeds), 4]


def test_no_result_dominates_the_front() -> None:
    table = table_of(6)
    front = moonsweep.front(table)
    done = table[table["status"].isin(["done", "stopped"]) & (table["train_cpu_seconds"] > 0)]
    points = set(zip(done["train_cpu_seconds"], done["dev_accuracy"], strict=True))
    expected = sorted(p for p in points if not any(q != p and q[0] <= p[0] and q[1] >= p[1] for q in points))
    assert list(zip(front["train_cpu_seconds"], front["dev_accuracy"], strict=True)) == expected


@pytest.mark.parametrize("function", [moonsweep.spread, moonsweep.by_hidden_units, moonsweep.front])
def test_a_column_that_does_not_exist_is_named(function: object) -> None:
    with pytest.raises(KeyError, match=r"the table has no column 'accuracy'; it has n_h, activation"):
        function(table_of(2), value="accuracy")


def explained(values: NDArray[np.float64], labels: list[NDArray[np.generic]]) -> float:
    """R^2 of a least-squares fit with all combinations of the labels: the ANOVA of a textbook."""
    names = list(zip(*labels, strict=True))
    columns = {name: number for number, name in enumerate(dict.fromkeys(names))}
    design = np.zeros((len(values), len(columns)))
    design[np.arange(len(values)), [columns[name] for name in names]] = 1.0
    fit, *_ = np.linalg.lstsq(design, values, rcond=None)
    residual = values - design @ fit
    return 1.0 - float(residual @ residual) / float(np.sum((values - values.mean()) ** 2))


def test_the_importance_is_that_of_an_analysis_of_variance(finished: Path) -> None:
    axes = ["n_h", "activation", "learning_rate", "iterations"]
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
        shuffled = sweep.isel(config=np.random.default_rng(1).permutation(24))
        for value in ("dev_accuracy", "train_cost"):
            shares = moonsweep.importance(shuffled, value)
            assert sorted(shares.index) == sorted(axes)
            assert shares["total"].is_monotonic_decreasing
            for axis, row in shares.iterrows():
                values = table[value].to_numpy()
                others = [table[name].to_numpy() for name in axes if name != axis]
                assert row["alone"] == pytest.approx(explained(values, [table[axis].to_numpy()]), abs=1e-12)
                assert row["total"] == pytest.approx(1.0 - explained(values, others), abs=1e-12)
            assert shares.attrs["interactions"] == pytest.approx(1.0 - shares["alone"].sum(), abs=1e-12)


def test_an_effect_of_one_axis_has_all_of_the_variance(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        stored["dev_accuracy"][:] = 60.0 + 10.0 * stored["activation"][...]
    with moonsweep.open(finished) as sweep:
        shares = moonsweep.importance(sweep)
    assert shares.index[0] == "activation"
    np.testing.assert_allclose(shares.loc["activation"], [1.0, 1.0], rtol=1e-12)
    np.testing.assert_allclose(shares.drop(index="activation"), 0.0, atol=1e-12)


def test_shares_that_would_not_be_exact_are_refused(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        with pytest.raises(moonsweep.NotAGridError, match="not a grid"):
            moonsweep.importance(sweep.isel(config=slice(3)))
        with pytest.raises(KeyError, match="there is no result 'W1' of one number"):
            moonsweep.importance(sweep, "W1")
        with pytest.raises(ValueError, match="run is the same for all configurations"):
            moonsweep.importance(sweep, "run")
    result_file.make_pending(finished, 5)
    with (
        moonsweep.open(finished) as sweep,
        pytest.raises(ValueError, match="1 of 24 configurations have no dev_accuracy"),
    ):
        moonsweep.importance(sweep)


def test_the_pick_is_the_quickest_selected_the_best_or_as_chosen() -> None:
    table = table_of(2).assign(train_accuracy=60.0)
    criteria = moonsweep.Criteria(50.0, 4.0)
    chosen = moonsweep.select(table, criteria)
    assert moonsweep.pick(table, criteria) == moonsweep.Pick(
        (int(chosen.index[0]),), "the quickest of the selection"
    )
    done = table[table["status"].isin(["done", "stopped"])]
    best = int(done["dev_accuracy"].idxmax())
    assert moonsweep.pick(table, criteria, best=True).configs == (best,)
    nothing = moonsweep.pick(table, moonsweep.Criteria(99.0, 1.0))
    assert nothing == moonsweep.Pick((best,), "the best on the dev set, as the selection is empty")
    assert moonsweep.pick(table, configs=[7, 2, 7]).configs == (7, 2)
    with pytest.raises(KeyError, match=r"no configuration 99 \(there are: 0 to 23\)"):
        moonsweep.pick(table, configs=[99])
    none = moonsweep.pick(table.assign(status="pending"))
    assert none == moonsweep.Pick((), "no configuration is done yet")
