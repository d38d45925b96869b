"""The figures are complete for every kind of sweep, and show the right numbers."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence
from pathlib import Path

import h5py
import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.image import imread

import moonsweep
import result_file
from moonsweep.command_line import main
from moonsweep.figures import FIGURES, Subject, theme
from moonsweep.figures.figure_compared import draw_compared
from moonsweep.figures.figure_selection import MOST_ROWS
from moonsweep.thinning import thinned

ACTIVATIONS = ("tanh", "sigmoid", "relu")
PARAMETERS = ("n_h", "activation", "learning_rate", "iterations")
NAMES = [f"{name}.png" for name in FIGURES]
NO_SEEDS = "moonsweep: seeds.png: Nothing to show: every setting has one seed and one data set.\n"
NO_LEASES = (
    "moonsweep: timeline.png: Nothing to show: {path}: it has no leases, as every file that xarray saved.\n"
)
CROSS_VERTICES = 4  # of the marker x
LOOSE = ["--min-train", "80", "--max-gap", "5"]


@pytest.fixture(autouse=True)
def _coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures with few pixels, which are drawn quickly."""
    monkeypatch.setattr(theme, "DPI", 50)


def draw(
    name: str, path: Path, criteria: moonsweep.Criteria | None = None, configs: Sequence[int] = ()
) -> tuple[Figure, str | None]:
    """Draws one figure in memory, and returns it with its note."""
    with moonsweep.open(path) as sweep, mpl.rc_context(theme.SETTINGS):
        figure = Figure(figsize=theme.SIZE)
        return figure, FIGURES[name](Subject.of(sweep, criteria, configs=configs), figure)


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(mpl.text.Text))


def write(tmp_path: Path, **job: object) -> Path:
    return result_file.write(tmp_path / "out.h5", result_file.Job(**job))


def check_all(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> str:
    """Makes the figures by the command line, checks that none is blank, and returns the notes."""
    folder = path.parent / "figures of a test #1"
    assert main(["figures", str(path), "-o", str(folder), "--format", "png", *options]) == 0
    output = capsys.readouterr()
    assert output.out.split("\n")[:-1] == [str(folder / name) for name in NAMES]
    assert sorted(file.name for file in folder.iterdir()) == sorted(NAMES)
    for name in NAMES:
        picture = imread(folder / name)
        assert picture.shape[1] in (360, 450)
        colours = (255 * picture[..., :3]).astype(int) @ [1 << 16, 1 << 8, 1]
        assert np.unique(colours).size > 20, f"{name} is blank"
    return output.err.replace(NO_SEEDS, "").replace(NO_LEASES.format(path=path), "")


def test_a_finished_sweep_has_all_figures_and_no_notes(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_all(capsys, finished, *LOOSE) == ""


def test_figures_are_the_same_every_time(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = finished.parent / "figures of a test #1"
    check_all(capsys, finished, *LOOSE)
    first = {name: (folder / name).read_bytes() for name in NAMES}
    check_all(capsys, finished, *LOOSE)
    assert first == {name: (folder / name).read_bytes() for name in NAMES}


def test_a_half_finished_sweep_is_drawn(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for config in range(3, 24, 2):
        result_file.make_pending(finished, config)
    result_file.edit(finished, "cost_count", 11, 0)
    assert check_all(capsys, finished, "--min-train", "60", "--max-gap", "10") == (
        "moonsweep: importance.png: Nothing to show: 11 of 24 configurations have no dev_accuracy:"
        " shares need all of them.\n"
    )


def test_a_sweep_without_results_has_notes_that_there_is_nothing_to_show(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][:] = 0
        stored["cost_count"][:] = 0
    notes = check_all(capsys, finished)
    for name in NAMES[1:-1]:
        assert f"moonsweep: {name}: No" in notes


def test_an_empty_selection_is_noted_and_the_best_is_picked(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = check_all(capsys, finished, "--min-train", "100")
    assert notes == (
        "moonsweep: selection.png: No configuration has train accuracy above 100 %, within 1 point of dev.\n"
    )
    figure, _ = draw("boundary", finished, moonsweep.Criteria(min_train=100.0))
    assert "the best on the dev set, as the selection is empty" in texts(figure)


def test_diverged_configurations_are_drawn(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][4:8] = result_file.DIVERGED
        stored["cost"][stored["cost_start"][1] + 3] = 1e300
    assert check_all(capsys, finished, *LOOSE) == ""
    figure, _ = draw("accuracies", finished)
    assert "4 diverged" in texts(figure)
    assert "diverged (last finite parameters)" in texts(figure)
    assert "; 4 diverged, with their last finite parameters" in texts(draw("importance", finished)[0])


def test_a_sweep_in_which_all_diverged_has_crosses_only_and_nothing_more_is_expected(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][:] = result_file.DIVERGED
        stored["cost_stride"][:] = 0
        stored["cost_count"][:] = 0
    assert check_all(capsys, finished) == (
        "moonsweep: selection.png: No configuration has train accuracy above 95 %, within 1 point of dev.\n"
        "moonsweep: boundary.png: Nothing to show: no configuration is done.\n"
        "moonsweep: fresh.png: Nothing to show: no configuration is done.\n"
        "moonsweep: costs.png: Nothing to show:"
        " the sweep stores no costs of updates, only the last cost of each configuration.\n"
        "moonsweep: cost_bundles.png: Nothing to show:"
        " the sweep stores no costs of updates, only the last cost of each configuration.\n"
        "moonsweep: hidden_units.png: Nothing to show: no configuration is done.\n"
        "moonsweep: seeds.png: Nothing to show: no configuration is done.\n"
    )
    for name in ("accuracies", "time_accuracy"):
        figure, _ = draw(name, finished)
        assert "diverged (last finite parameters)" in texts(figure)
        assert "best within that time" not in texts(figure)
        drawn = []
        for axes in figure.axes:
            drawn += [points for points in axes.collections if len(points.get_offsets()) > 0]
        count = 48 if name == "accuracies" else 24
        assert sum(len(points.get_offsets()) for points in drawn) == count
        assert {len(points.get_paths()[0].vertices) for points in drawn} == {CROSS_VERTICES}


def test_costs_of_exactly_zero_can_be_drawn(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with result_file.changed(finished) as stored:
        stored["cost"][:] = 0.0
    check_all(capsys, finished, *LOOSE)


@pytest.mark.parametrize(
    "job",
    [
        {"precision": "float32"},
        {"n_h": (3,), "activation": ("relu",), "learning_rate": (0.5,), "iterations": (1,)},
        {"n_x": 1, "iterations": (50,)},
        {"n_x": 4, "iterations": (50,)},
        {"n_h": tuple(range(1, 23)), "activation": ("tanh",), "iterations": (20,)},
        {"learning_rate": tuple(0.05 * i for i in range(1, 13)), "n_h": (2,), "iterations": (20,)},
        {"samples": 2, "dev_samples": 1, "iterations": (3,)},
        {"title": "costs $5 or $6_x^2"},
    ],
    ids=[
        "float32",
        "one configuration",
        "one feature",
        "four features",
        "many n_h",
        "many rates",
        "few",
        "$",
    ],
)
def test_every_shape_of_sweep_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], job: dict[str, object]
) -> None:
    notes = check_all(capsys, write(tmp_path, **job), "--min-train", "0", "--max-gap", "100")
    features = job.get("n_x", 2)
    assert ("A boundary can only be drawn for two features" in notes) == (features != 2)
    # Of one configuration, or of a single dev sample, the accuracies may not vary.
    shown = {line.split(": ")[1] for line in notes.splitlines()}
    assert shown <= {"boundary.png", "fresh.png", "importance.png", "cost_bundles.png"}
    several = [name for name in ("n_h", "activation", "learning_rate") if 2 <= len(job.get(name, "ab")) <= 8]
    assert ("no parameter of the trajectories has 2 to 8 values" in notes) == (not several)


def test_the_boundary_marks_as_many_wrong_predictions_as_the_file_counts(finished: Path) -> None:
    figure, _ = draw("boundary", finished, moonsweep.Criteria(80.0, 5.0))
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
    pick = moonsweep.select(table, moonsweep.Criteria(80.0, 5.0)).index[0]
    for axes, part in zip(figure.axes, ("train", "dev"), strict=False):
        (rings,) = [c for c in axes.collections if c.get_label() == "predicted wrong"]
        wrong = table[f"{part}_false_positives"] + table[f"{part}_false_negatives"]
        assert len(rings.get_offsets()) == wrong[pick]
        assert rings.get_facecolor().size == 0  # the colour of the label remains visible
        assert axes.get_title(loc="left") == f"{part} accuracy {table[f'{part}_accuracy'][pick]:.2f} %"
    assert f"{pick}: " in texts(figure)
    assert "probability 0.5" in texts(figure)


def test_the_accuracies_are_points_over_the_hidden_units_in_a_panel_for_each_iteration_count(
    finished: Path,
) -> None:
    result_file.make_pending(finished, 5)
    figure, _ = draw("accuracies", finished)
    with h5py.File(finished) as stored:
        for number, axes in enumerate(figure.axes):
            part, iterations = ("train", "dev")[number // 2], (10, 400)[number % 2]
            expected = [
                [
                    {1: 0, 3: 1}[stored["n_h"][row]] + (0.8 / 3) * (stored["activation"][row] - 1.0),
                    stored[f"{part}_accuracy"][row],
                ]
                for row in range(24)
                if stored["iterations"][row] == iterations and row != 5
            ]
            drawn = np.vstack([c.get_offsets() for c in axes.collections if len(c.get_offsets())])
            np.testing.assert_allclose(sorted(drawn.tolist()), sorted(expected), rtol=1e-12)
            colours = {tuple(c.get_facecolor()[0][:3]) for c in axes.collections if len(c.get_offsets())}
            fixed = [theme.activation_style(name)["color"] for name in ACTIVATIONS]
            assert colours == {mpl.colors.to_rgb(colour) for colour in fixed}


def test_the_selection_is_sorted_by_time_and_says_how_many_rows_it_shows(tmp_path: Path) -> None:
    path = write(tmp_path, n_h=tuple(range(1, 9)), iterations=(5, 30))
    figure, _ = draw("selection", path, moonsweep.Criteria(0.0, 100.0))
    with h5py.File(path) as stored:
        seconds = np.sort(stored["train_cpu_seconds"])[:MOST_ROWS]
    axes = figure.axes[0]
    points = [c.get_offsets() for c in axes.collections]
    drawn = np.vstack([point for point in points if point.shape == (1, 2) and point[0, 0] > 0])
    np.testing.assert_array_equal(drawn, np.column_stack([seconds, np.arange(MOST_ROWS)]))
    assert axes.get_xscale() == "log"
    assert "the 20 quickest of 96" in texts(figure)


def test_the_front_in_the_figure_is_that_of_every_pair_compared(finished: Path) -> None:
    figure, _ = draw("time_accuracy", finished)
    (line,) = [line for line in figure.axes[0].lines if line.get_label() == "best within that time"]
    with h5py.File(finished) as stored:
        times, accuracies = stored["train_cpu_seconds"][...], stored["dev_accuracy"][...]
    pairs = list(zip(times, accuracies, strict=True))
    best = sorted({p for p in pairs if not any(q != p and q[0] <= p[0] and q[1] >= p[1] for q in pairs)})
    np.testing.assert_array_equal(np.column_stack(line.get_data())[:-1], best)
    assert line.get_data()[0][-1] == times.max()
    assert figure.axes[0].get_xlabel() == "processor time in training / s"
    assert figure.axes[0].get_ylabel() == "dev accuracy / %"


def test_accuracies_from_85_to_95_have_a_third_of_the_height(finished: Path) -> None:
    result_file.edit(finished, "dev_accuracy", 3, 96.0)
    result_file.edit(finished, "dev_accuracy", 4, 50.0)
    figure, _ = draw("time_accuracy", finished)
    axes = figure.axes[0]
    low, high = (axes.transLimits.transform(axes.transScale.transform((1e-3, y)))[1] for y in (85.0, 95.0))
    assert high - low > 1 / 3


def test_the_heat_maps_have_the_mean_of_each_cell(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][9] = result_file.DIVERGED
    figure, _ = draw("heatmaps", finished)
    with h5py.File(finished) as stored:
        cells = [(a, i) for a in range(3) for i in (10, 400)]
        for axes, (activation, iterations) in zip(figure.axes, cells, strict=False):
            (mesh,) = [c for c in axes.collections if isinstance(c, mpl.collections.QuadMesh)]
            drawn = mesh.get_array().filled(np.nan)
            for row, rate in enumerate((0.5, 2.0)):
                for column, n_h in enumerate((1, 3)):
                    wanted = dict(zip(PARAMETERS, (n_h, activation, rate, iterations), strict=True))
                    found = [stored[name][...] == value for name, value in wanted.items()]
                    (config,) = np.flatnonzero(np.all(found, axis=0))
                    value = np.nan if config == 9 else stored["dev_accuracy"][config]
                    np.testing.assert_array_equal(drawn[row, column], value)
    assert "no result: diverged" in texts(figure)


def test_a_legend_of_many_rates_is_within_the_figure(tmp_path: Path) -> None:
    path = write(tmp_path, learning_rate=tuple(0.05 * i for i in range(1, 13)), n_h=(2,), iterations=(20,))
    figure, _ = draw("costs", path)
    figure.canvas.draw()
    (legend,) = figure.legends
    box, whole = legend.get_window_extent(), figure.bbox
    assert whole.x0 <= box.x0 < box.x1 <= whole.x1
    assert len(legend.get_texts()) == 9


def test_chosen_configurations_have_their_boundaries_and_cost_curves(finished: Path) -> None:
    figure, _ = draw("boundary", finished, configs=[15, 3])
    titles = [axes.get_title(loc="left") for axes in figure.axes[:4]]
    assert [title.split(":")[0] for title in titles] == ["15", "15", "3", "3"]
    figure, _ = draw("costs", finished, configs=[15, 3])
    with moonsweep.open(finished) as sweep:
        for line, config in zip(figure.axes[0].lines, (15, 3), strict=True):
            np.testing.assert_array_equal(line.get_xdata(), np.arange(1, 401))
            np.testing.assert_array_equal(line.get_ydata(), sweep.cost_of(config))
            assert str(line.get_label()).startswith(f"{config}: ")


def test_bundles_have_a_panel_for_each_parameter_with_a_line_for_each_value(tmp_path: Path) -> None:
    path = write(tmp_path, learning_rate=tuple(0.05 * i for i in range(1, 10)), n_h=(3, 1), iterations=(20,))
    figure, note = draw("cost_bundles", path)
    assert note is None
    # Nine learning rates are too many.
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["by activation", "by hidden units"]
    with moonsweep.open(path) as sweep:
        table = sweep.to_frame()
        for axes, name, values in zip(figure.axes, ("activation", "n_h"), (ACTIVATIONS, (1, 3)), strict=True):
            assert [text.get_text() for text in axes.get_legend().get_texts()] == [str(v) for v in values]
            for line, value in zip(axes.lines, values, strict=True):
                curves = [sweep.cost_of(config).values for config in table.index[table[name] == value]]
                np.testing.assert_allclose(line.get_ydata(), np.median(curves, axis=0), rtol=1e-12)


def test_bundles_of_too_many_costs_are_not_drawn(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moonsweep.figures.figure_cost_bundles.MOST_COSTS", 12 * 400 - 1)
    _, note = draw("cost_bundles", finished)
    assert note == "Nothing to show: 12 trajectories with 4,800 costs are too many."


def compare(result: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on standard error of figures with a comparison, which must be drawn last."""
    folder = result.parent / "compared"
    assert main(["figures", str(result), "-o", str(folder), "--compare", str(other)]) == 0
    output = capsys.readouterr()
    files = [str(folder / f"compared.{suffix}") for suffix in ("png", "pdf")]
    assert output.out.splitlines()[-2:] == files
    assert all(Path(file).exists() for file in files)
    return output.err.splitlines()


def test_two_sweeps_are_drawn_over_each_other(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moonsweep.figures.FIGURES", {"data": FIGURES["data"]})
    other = tmp_path / "other.h5"
    other.write_bytes(finished.read_bytes())
    with result_file.changed(other) as stored:
        stored.attrs["title"] = "the $other"
        stored["dev_accuracy"][:3] += [1.0, 2.0, -1.0]
        stored["status"][3] = result_file.DIVERGED
    assert compare(finished, other, capsys) == []
    with (
        moonsweep.open(finished) as first,
        moonsweep.open(other) as second,
        mpl.rc_context(theme.SETTINGS),
    ):
        figure = Figure()
        assert draw_compared(Subject.of(first, other=second), figure) is None
    assert "23 shared settings: 2 are better and 1 worse in the \\$other" in texts(figure)
    axes = figure.axes[0]
    assert axes.get_xlabel() == "dev accuracy / %: tiny"
    assert axes.get_ylabel() == "dev accuracy / %: the \\$other"
    points = np.hstack([line.get_data() for line in axes.lines if line.get_label() != "equal"])
    with h5py.File(finished) as a, h5py.File(other) as b:
        both = [[a["dev_accuracy"][i], b["dev_accuracy"][i]] for i in range(24) if i != 3]
    np.testing.assert_array_equal(sorted(points.T.tolist()), sorted(both))
    with result_file.changed(other) as stored:
        stored["seed"][:] = 77
    (note,) = compare(finished, other, capsys)
    assert note == (
        "moonsweep: compared.png: Nothing to show: no configuration with the same parameters is done in both"
        " sweeps."
    )


def test_a_network_that_diverged_at_once_has_a_point_in_place_of_a_curve(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        stored["cost_count"][0] = 1
        stored["status"][:2] = result_file.DIVERGED
        first = stored["cost"][stored["cost_start"][0]]
    for configs in ([0], [0, 15]):
        figure, note = draw("costs", finished, configs=configs)
        assert note is None
        point, *curves = figure.axes[0].lines
        assert (point.get_marker(), point.get_xydata().tolist()) == ("o", [[1.0, first]])
        assert [curve.get_marker() for curve in curves] == [""] * (len(configs) - 1)


def test_a_configuration_is_described_by_what_varies(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        subject = Subject.of(sweep)
    assert subject.label(23) == "23: 3 relu, rate 2, 400 iterations"
    subject.frame["dataset"] = np.arange(24) % 3
    subject.frame["seed"] = np.arange(24) % 2
    assert subject.label(23) == "23: 3 relu, rate 2, seed 1, data set 2, 400 iterations"


def test_a_panel_without_results_says_so(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][1::2] = 0
        stored["cost_count"][4:] = 0
    assert "no results yet" in texts(draw("accuracies", finished)[0])
    assert "no result yet" in texts(draw("heatmaps", finished)[0])
    assert "12 of 24 are pending" in texts(draw("hidden_units", finished)[0])
    figure, _ = draw("costs", finished, moonsweep.Criteria(0.0, 100.0))
    assert texts(figure).count("no costs yet") == 1


def test_fresh_samples_have_the_accuracy_in_the_title(finished: Path) -> None:
    figure, note = draw("fresh", finished, configs=[23])
    assert note is None
    with moonsweep.open(finished) as sweep:
        samples = moonsweep.make_moons(500, 0.15, 0)
        right = moonsweep.predict_probability(sweep, 23, samples.X) > 0.5
    assert f"Accuracy on fresh samples: {100 * np.mean(right == samples.y):.4g} %" in texts(figure)
    result_file.edit(finished, "noise", 0, np.nan)
    assert "can only be made for two moons" in str(draw("fresh", finished)[1])


def test_a_thinned_curve_keeps_its_ends_and_extremes() -> None:
    values = 0.3 + 0.2 * (-1.0) ** np.arange(100_000)
    values[50_000], values[12_345] = 9.0, -9.0
    cost = xr.DataArray(values, dims="iteration", coords={"iteration": np.arange(100_000)})
    updates, kept = thinned(cost)
    assert len(updates) <= 2100
    assert (updates[0], updates[-1]) == (1, 100_000)
    np.testing.assert_array_equal(kept, values[updates - 1])
    assert {9.0, -9.0} <= set(kept)
    for low in (10, 1_000, 90_000):
        band = kept[(updates > low) & (updates < 1.05 * low + 3)]
        assert (band.min(), band.max()) == pytest.approx((0.1, 0.5))
