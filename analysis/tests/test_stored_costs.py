"""Sweeps that store some of their costs or none, compared with the same sweep with all costs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.text import Text

import moonsweep
from moonsweep.figures import FIGURES, Subject, theme
from moonsweep.report import make_report

NONE = "stores no costs of updates, only the last cost of each configuration"


@pytest.fixture(scope="module")
def swept(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Results of a job with all costs, with every 7th and with none."""
    folder = tmp_path_factory.mktemp("stored_costs")
    results = {}
    for name, more in {"all": "", "seventh": "cost_every: 7\n", "none": "costs: none\n"}.items():
        (folder / f"{name}.yaml").write_text(
            "name: tiny\n"
            "data: {moons: {samples: 200, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}\n"
            "grid: {n_h: [1, 3], activation: [tanh, relu], learning_rate: [0.5, 1.0e+6],"
            " iterations: [20, 300]}\n" + more
        )
        results[name] = folder / f"{name}.h5"
        run_program("run", folder / f"{name}.yaml", "-o", results[name], "-q")
    return results


def test_curves_are_at_the_iterations_that_are_stored(swept: dict[str, Path]) -> None:
    with moonsweep.open(swept["all"]) as every, moonsweep.open(swept["seventh"]) as seventh:
        for config in every["config"].values:
            cost = seventh.cost_of(config)
            np.testing.assert_array_equal(cost, every.cost_of(config)[::7])
            assert cost["iteration"].values.tolist() == list(range(0, 7 * cost.size, 7))
        np.testing.assert_array_equal(seventh.all_costs(), every.all_costs()[:, ::7])
        np.testing.assert_array_equal(seventh.all_costs()["step"], every.all_costs()["step"][::7])
        bundles, thinned = moonsweep.cost_bundles(every), moonsweep.cost_bundles(seventh)
        assert set(thinned.index.get_level_values("update")) == set(range(1, 301, 7))
        assert thinned.loc[("tanh", 1), "median"] == bundles.loc[("tanh", 1), "median"]


def test_everything_else_is_the_same(swept: dict[str, Path]) -> None:
    with moonsweep.open(swept["all"]) as every:
        for name in ("seventh", "none"):
            with moonsweep.open(swept[name]) as other:
                xr.testing.assert_identical(
                    every.drop_dims("cost_sample").drop_vars(differing(every)).drop_attrs(deep=False),
                    other.drop_dims("cost_sample").drop_vars(differing(other)).drop_attrs(deep=False),
                )


def differing(sweep: xr.Dataset) -> list[str]:
    """The variables that say when something was trained, and where the costs are."""
    names = ("train_seconds", "train_cpu_seconds", "rank", "run", "times_checksum", "checksum", "cost_start")
    return [name for name in (*names, "cost_count", "cost_stride") if name in sweep.variables]


def test_without_costs_there_are_empty_curves(swept: dict[str, Path]) -> None:
    with moonsweep.open(swept["none"]) as sweep:
        assert sweep.cost_of(3).sizes["iteration"] == 0
        assert sweep.all_costs().shape == (8, 0)
        assert moonsweep.cost_bundles(sweep).empty
        assert np.isfinite(sweep["final_cost"]).all()
        sweep.load()


def texts(figure: Figure) -> str:
    return " ".join(" ".join(str(text.get_text()).split()) for text in figure.findobj(Text))


@pytest.mark.parametrize(("name", "words"), [("seventh", "stored every 7 updates"), ("none", NONE)])
def test_figures_say_which_costs_there_are(swept: dict[str, Path], name: str, words: str) -> None:
    with moonsweep.open(swept[name]) as sweep:
        for configs in ([], [1, 3]):
            with mpl.rc_context(theme.SETTINGS):
                figure = Figure(figsize=theme.SIZE)
                note = FIGURES["costs"](Subject.of(sweep, configs=configs), figure)
            assert words in texts(figure)
            assert (NONE in str(note)) == (name == "none")
        bundles = Figure()
        moonsweep.plot.cost_bundles(sweep, ax=bundles.subplots())
        assert (NONE in texts(bundles)) == (name == "none")


@pytest.mark.parametrize(("name", "stride"), [("all", 1), ("seventh", 7), ("none", 0)])
def test_the_report_knows_which_costs_there_are(swept: dict[str, Path], name: str, stride: int) -> None:
    with moonsweep.open(swept[name]) as sweep:
        assert f'"cost_stride":{stride},' in make_report(sweep).replace(" ", "")
