"""The figures are complete for every kind of sweep, and show the right numbers."""

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
from moonsweep.figures.figure_selection import MOST_ROWS
from moonsweep.thinning import thinned

NAMES = ["data.png", "accuracies.png", "selection.png", "time_accuracy.png", "boundary.png", "costs.png"]
CROSS_VERTICES = 4  # of the marker x
LOOSE = ["--min-train", "80", "--max-gap", "5"]


def draw(name: str, path: Path, criteria: moonsweep.Criteria | None = None) -> tuple[Figure, str | None]:
    """Draws one figure in memory, and returns it with its note."""
    with moonsweep.open(path) as sweep, mpl.rc_context(theme.SETTINGS):
        figure = Figure(figsize=theme.SIZE)
        return figure, FIGURES[name](Subject.of(sweep, criteria), figure)


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(mpl.text.Text))


def write(tmp_path: Path, **job: object) -> Path:
    return result_file.write(tmp_path / "out.h5", result_file.Job(**job))


def check_all(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> str:
    """Makes the figures by the command line, checks that none is blank, and returns the notes."""
    folder = path.parent / "figures of a test #1"
    assert main(["figures", str(path), "-o", str(folder), *options]) == 0
    output = capsys.readouterr()
    assert output.out.split("\n")[:-1] == [str(folder / name) for name in NAMES]
    assert sorted(file.name for file in folder.iterdir()) == sorted(NAMES)
    for name in NAMES:
        picture = imread(folder / name)
        assert picture.shape[1] == 1440
        colours = (255 * picture[..., :3]).astype(int) @ [1 << 16, 1 << 8, 1]
        assert np.unique(colours).size > 20, f"{name} is blank"
    return output.err


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
    assert check_all(capsys, finished, "--min-train", "60", "--max-gap", "10") == ""


def test_a_sweep_without_results_has_notes_that_there_is_nothing_to_show(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][:] = 0
        stored["cost_count"][:] = 0
    notes = check_all(capsys, finished)
    for name in NAMES[1:]:
        assert f"moonsweep: {name}: No" in notes


def test_an_empty_selection_is_noted_and_the_best_is_picked(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = check_all(capsys, finished, "--min-train", "100")
    assert notes == (
        "moonsweep: selection.png: No configuration has train accuracy above 100 %, within 1 point of dev.\n"
    )
    figure, _ = draw("boundary.png", finished, moonsweep.Criteria(min_train=100.0))
    assert "the best on the dev set, as the selection is empty" in texts(figure)


def test_diverged_configurations_are_drawn(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with result_file.changed(finished) as stored:
        stored["status"][4:8] = result_file.DIVERGED
        stored["cost"][stored["cost_start"][1] + 3] = 1e300
    assert check_all(capsys, finished, *LOOSE) == ""
    figure, _ = draw("accuracies.png", finished)
    assert "4 diverged" in texts(figure)
    assert "diverged (last finite parameters)" in texts(figure)


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
        "moonsweep: costs.png: Nothing to show: no costs of these configurations are stored.\n"
    )
    for name in ("accuracies.png", "time_accuracy.png"):
        figure, _ = draw(name, finished)
        assert "diverged (last finite parameters)" in texts(figure)
        assert "best within that time" not in texts(figure)
        for axes in figure.axes:
            drawn = [points for points in axes.collections if len(points.get_offsets()) > 0]
            assert sum(len(points.get_offsets()) for points in drawn) == 24
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
    if features == 2:
        assert notes == ""
    else:
        assert notes.count("\n") == 1
        assert (
            f"boundary.png: A boundary can only be drawn for two features; these data have {features}."
            in notes
        )


def test_the_boundary_marks_as_many_wrong_predictions_as_the_file_counts(finished: Path) -> None:
    figure, _ = draw("boundary.png", finished, moonsweep.Criteria(80.0, 5.0))
    with moonsweep.open(finished) as sweep:
        table = sweep.to_frame()
    pick = moonsweep.select(table, moonsweep.Criteria(80.0, 5.0)).index[0]
    for axes, part in zip(figure.axes, ("train", "dev"), strict=False):
        (crosses,) = [c for c in axes.collections if c.get_label() == "predicted wrong"]
        wrong = table[f"{part}_false_positives"] + table[f"{part}_false_negatives"]
        assert len(crosses.get_offsets()) == wrong[pick]
        assert axes.get_title(loc="left") == f"{part} accuracy {table[f'{part}_accuracy'][pick]:.2f} %"
    assert f"{pick}: " in texts(figure)


def test_the_accuracies_are_points_at_index_and_accuracy(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    figure, _ = draw("accuracies.png", finished)
    with h5py.File(finished) as stored:
        for axes, part in zip(figure.axes, ("train", "dev"), strict=True):
            drawn = np.vstack([c.get_offsets() for c in axes.collections])
            drawn = drawn[np.argsort(drawn[:, 0])]
            expected = np.delete(np.column_stack([np.arange(24), stored[f"{part}_accuracy"]]), 5, axis=0)
            np.testing.assert_array_equal(drawn, expected)


def test_the_selection_is_sorted_by_time_and_says_how_many_rows_it_shows(tmp_path: Path) -> None:
    path = write(tmp_path, n_h=tuple(range(1, 9)))
    figure, _ = draw("selection.png", path, moonsweep.Criteria(0.0, 100.0))
    with h5py.File(path) as stored:
        seconds = np.sort(stored["train_cpu_seconds"])[:MOST_ROWS]
    np.testing.assert_array_equal([bar.get_width() for bar in figure.axes[0].patches], seconds)
    assert "the 20 quickest of 96" in texts(figure)


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
