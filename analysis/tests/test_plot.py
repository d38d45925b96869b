"""moonsweep.plot: the figures as functions on axes."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import moonsweep
import result_file
from moonsweep.figures import theme

MEAN_SIZE = 9  # of the marks of means


@pytest.fixture
def ax() -> Axes:
    return Figure().subplots()


@pytest.fixture
def sweep(finished: Path) -> Iterator[moonsweep.Sweep]:
    """A sweep with two seeds in place of two learning rates."""
    with result_file.changed(finished) as stored:
        stored["seed"][:] = np.where(stored["learning_rate"][...] == 2.0, 5, 3)
        stored["learning_rate"][:] = 2.0
    with moonsweep.open(finished) as opened:
        yield opened


def test_every_function_draws_on_the_axes_that_it_is_given(sweep: moonsweep.Sweep) -> None:
    calls: dict[str, tuple[object, ...]] = {
        "data": ("dev",),
        "accuracies": (),
        "selection": (moonsweep.Criteria(50.0, 20.0),),
        "time_accuracy": (),
        "boundary": (23,),
        "costs": ([23, 2],),
        "cost_bundles": ("n_h",),
        "compare": (sweep, "train_accuracy"),
        "hidden_units": (),
        "heatmap": ("tanh", 400),
        "seeds": (),
        "importance": (),
    }
    for name, arguments in calls.items():
        ax = Figure().subplots()
        assert getattr(moonsweep.plot, name)(sweep, *arguments, ax=ax) is ax
        assert ax.has_data(), name
        assert ax.get_xlabel(), name


def test_the_current_axes_are_the_default(sweep: moonsweep.Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    figure, ax = plt.subplots()
    try:
        assert moonsweep.plot.costs(sweep, [3]) is ax
    finally:
        plt.close(figure)


def test_costs_are_lines_of_all_costs(sweep: moonsweep.Sweep, ax: Axes) -> None:
    moonsweep.plot.costs(sweep, [23, 2], ax=ax)
    assert len(ax.lines) == 2
    for line, config in zip(ax.lines, (23, 2), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), sweep.cost_of(config)["iteration"] + 1)
        np.testing.assert_array_equal(line.get_ydata(), sweep.cost_of(config))


@pytest.mark.parametrize("by", ["activation", "n_h", "seed"])
def test_bundles_are_the_median_and_quartiles_of_the_costs(sweep: moonsweep.Sweep, ax: Axes, by: str) -> None:
    moonsweep.plot.cost_bundles(sweep, by, ax=ax)
    last = {}  # the longest configuration of each trajectory
    for config in range(sweep.sizes["config"]):
        last[int(sweep["config_trajectory"][config])] = config
    groups: dict[object, list[np.ndarray]] = {}
    for config in last.values():
        groups.setdefault(sweep[by].values[config], []).append(sweep.cost_of(config).values)
    assert len(ax.lines) == len(groups)
    for line, curves in zip(ax.lines, groups.values(), strict=True):
        for update, median in zip(line.get_xdata(), line.get_ydata(), strict=True):
            costs = [curve[update - 1] for curve in curves if len(curve) >= update]
            assert median == pytest.approx(float(np.median(costs)))


def test_a_value_without_costs_yet_has_no_bundle(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        is_relu = stored["activation"][:] == 2
        stored["status"][is_relu] = result_file.PENDING
        stored["cost_count"][np.unique(stored["config_trajectory"][is_relu])] = 0
    with moonsweep.open(finished) as sweep:
        bundles = moonsweep.cost_bundles(sweep, "activation")
        assert list(bundles.index.unique("activation")) == ["tanh", "sigmoid"]
        assert set(bundles.loc["tanh", "count"]) == {4}
        ax = Figure().subplots()
        moonsweep.plot.cost_bundles(sweep, ax=ax)
    assert [line.get_label() for line in ax.lines] == ["tanh", "sigmoid"]


def test_bundles_need_a_parameter_of_trajectories(sweep: moonsweep.Sweep, ax: Axes) -> None:
    with pytest.raises(ValueError, match="by is 'iterations'; it must be one of n_h, "):
        moonsweep.plot.cost_bundles(sweep, "iterations", ax=ax)


def test_two_sweeps_are_compared_where_their_settings_are_the_same(
    sweep: moonsweep.Sweep, tmp_path: Path, ax: Axes
) -> None:
    other = result_file.write(tmp_path / "other.h5")
    with result_file.changed(other) as stored:
        stored["seed"][:] = 3
        stored["learning_rate"][:] = np.where(stored["learning_rate"][...] == 2.0, 9.0, 2.0)
        stored["dev_accuracy"][:] -= 1.5
    with moonsweep.open(other) as second:
        moonsweep.plot.compare(sweep, second, ax=ax)
        table = moonsweep.compare(sweep.to_frame(), second.to_frame())
    shared = (sweep["status"].values == 1) & (sweep["seed"].values == 3)
    assert len(table) == np.count_nonzero(shared) > 0
    np.testing.assert_allclose(table["first"], sweep["dev_accuracy"].values[shared])
    np.testing.assert_allclose(table["difference"], -1.5)
    drawn = np.concatenate([line.get_ydata() for line in ax.lines[:-1]])
    np.testing.assert_allclose(np.sort(drawn), np.sort(table["second"]))


def test_hidden_units_are_a_line_and_a_band_for_each_activation(sweep: moonsweep.Sweep, ax: Axes) -> None:
    moonsweep.plot.hidden_units(sweep, ax=ax)
    accuracy = sweep["dev_accuracy"].values.reshape(2, 3, 2, 2)  # n_h, activation, seed, iterations
    best = accuracy.max(axis=3)
    for number, name in enumerate(("tanh", "sigmoid", "relu")):
        (line,) = [line for line in ax.lines if line.get_label() == name]
        np.testing.assert_array_equal(line.get_xdata(), [1, 3])
        np.testing.assert_allclose(line.get_ydata(), best[:, number].mean(axis=1), rtol=1e-14)
        assert line.get_color() == theme.activation_style(name)["color"]
        band = ax.collections[number].get_paths()[0].vertices
        for x, row in ((1, 0), (3, 1)):
            edges = band[band[:, 0] == x, 1]
            assert (edges.min(), edges.max()) == (best[row, number].min(), best[row, number].max())


def test_seeds_are_points_with_their_mean_and_deviation(sweep: moonsweep.Sweep, ax: Axes) -> None:
    moonsweep.plot.seeds(sweep, ax=ax)
    accuracy = sweep["dev_accuracy"].values.reshape(6, 2, 2).transpose(0, 2, 1).reshape(12, 2)
    order = np.argsort(-accuracy.mean(axis=1), kind="stable")
    means = [line.get_xdata()[0] for line in ax.lines if line.get_markersize() == MEAN_SIZE]
    np.testing.assert_allclose(sorted(set(means)), sorted(set(accuracy.mean(axis=1))), rtol=1e-14)
    np.testing.assert_allclose(means[:1], accuracy[order[0]].mean(), rtol=1e-14)
    points = np.vstack([c.get_offsets() for c in ax.collections if len(c.get_offsets()) == 2])
    assert sorted(points[:, 0]) == sorted(accuracy.ravel())


def test_importance_bars_are_the_shares(sweep: moonsweep.Sweep, ax: Axes) -> None:
    moonsweep.plot.importance(sweep, ax=ax)
    shares = moonsweep.importance(sweep)
    widths = [bar.get_width() for bar in ax.patches]
    np.testing.assert_allclose(widths, 100 * np.concatenate([shares["alone"], shares["total"]]), rtol=1e-14)
    assert [text.get_text() for text in ax.get_yticklabels()] == [
        {"n_h": "hidden units"}.get(name, name) for name in shares.index
    ]


def test_a_heat_map_has_the_mean_over_the_seeds(sweep: moonsweep.Sweep, ax: Axes) -> None:
    moonsweep.plot.heatmap(sweep, "relu", 10, ax=ax)
    (mesh,) = [c for c in ax.collections if isinstance(c, mpl.collections.QuadMesh)]
    accuracy = sweep["dev_accuracy"].values.reshape(2, 3, 2, 2)
    np.testing.assert_allclose(mesh.get_array(), [accuracy[:, 2, :, 0].mean(axis=1)], rtol=1e-14)


def test_what_does_not_exist_is_named(sweep: moonsweep.Sweep, ax: Axes) -> None:
    with pytest.raises(KeyError, match="there is no configuration 24"):
        moonsweep.plot.costs(sweep, [24], ax=ax)
    with pytest.raises(ValueError, match="configs is empty"):
        moonsweep.plot.costs(sweep, [], ax=ax)
    with pytest.raises(ValueError, match="activation is 'Tanh'; it must be one of tanh, sigmoid, relu"):
        moonsweep.plot.heatmap(sweep, "Tanh", 10, ax=ax)
    with pytest.raises(ValueError, match="iterations is 11; it must be one of 10, 400"):
        moonsweep.plot.heatmap(sweep, "tanh", 11, ax=ax)
    with pytest.raises(ValueError, match="part is 'test'; it must be 'train' or 'dev'"):
        moonsweep.plot.accuracies(sweep, "test", ax=ax)
    with pytest.raises(AttributeError, match="no attribute 'plots'"):
        moonsweep.plots  # noqa: B018


@pytest.fixture
def swept_by_program(sweep_of: Callable[[str], Path]) -> Path:
    return sweep_of("{n_h: [1, 2, 3], activation: [tanh, relu], learning_rate: 0.5, iterations: 4000}")


def test_the_timeline_has_a_bar_from_start_to_end_of_each_lease(swept_by_program: Path, ax: Axes) -> None:
    with moonsweep.open(swept_by_program) as sweep, h5py.File(swept_by_program) as stored:
        moonsweep.plot.timeline(sweep, ax=ax)
        used = stored["leases/run"][...] == 0
        times = (stored[f"leases/{name}"][used] for name in ("started", "finished"))
        start, end = (time - stored["runs/started"][0] for time in times)
        bars = sorted((bar.get_x(), bar.get_width(), bar.get_center()[1]) for bar in ax.patches)
        expected = sorted(zip(start, end - start, stored["leases/rank"][used], strict=True))
        np.testing.assert_allclose(bars, expected, atol=1e-6)
        rows = moonsweep.timeline(sweep)
        owner = sweep["config_trajectory"].values
        for row in rows.itertuples():
            mine = (owner >= row.first_trajectory) & (owner < row.first_trajectory + row.count)
            names = set(sweep["activation"].values[mine])
            assert row.activation == (names.pop() if len(names) == 1 else "")
        busy = moonsweep.busy(rows)
        assert busy[0, 0] == pytest.approx(np.sum(end - start) / end.max(), abs=1e-6)
        with pytest.raises(ValueError, match=r"no leases of run 7 \(there are those of: 0\)"):
            moonsweep.plot.timeline(sweep, run=7, ax=ax)


def test_of_several_leases_in_one_row_it_is_not_known_what_was_trained(
    swept_by_program: Path, ax: Axes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with moonsweep.open(swept_by_program) as sweep:
        table = moonsweep.leases(sweep)
        expected = moonsweep.timeline(sweep)
        table.loc[table.index[0], ["first_trajectory", "count"]] = [-1, 5]
        monkeypatch.setattr(sys.modules["moonsweep.timeline"], "leases", lambda _: table)
        rows = moonsweep.timeline(sweep)
        assert rows.loc[rows.index[0], ["n_h", "activation"]].tolist() == [0, ""]
        pd.testing.assert_frame_equal(rows.iloc[1:], expected.iloc[1:])
        moonsweep.plot.timeline(sweep, ax=ax)
        assert len(ax.patches) == len(rows)


def test_a_lease_of_no_trajectories_is_drawn_as_help(swept_by_program: Path, ax: Axes) -> None:
    from matplotlib.colors import to_hex

    from moonsweep.figures import figure_timeline
    from moonsweep.figures.subject import Subject

    with moonsweep.open(swept_by_program) as sweep:
        rows = moonsweep.timeline(sweep)
        rows.loc[rows.index[-1], ["count", "n_h", "activation", "start_s", "end_s"]] = [
            0,
            0,
            "",
            100.0,
            103.0,
        ]
        subject = Subject.of(sweep)
        figure_timeline.plot_timeline(ax, subject, rows)
        helping = [bar for bar in ax.patches if to_hex(bar.get_facecolor()) == figure_timeline.HELPING]
        assert [(bar.get_x(), bar.get_width()) for bar in helping] == [(100, 3)]
        labels = [patch.get_label() for patch in figure_timeline._handles(subject, rows)]
        assert labels.count("helped other ranks") == 1


def test_overlapping_leases_of_a_rank_count_once() -> None:
    import pandas as pd

    rows = pd.DataFrame(
        {"run": 0, "rank": [0, 0, 0, 1], "start_s": [0.0, 1.0, 6.0, 2.0], "end_s": [4.0, 3.0, 8.0, 10.0]}
    )
    assert moonsweep.busy(rows).to_dict() == {(0, 0): 0.6, (0, 1): 0.8}
