"""The accuracies of every configuration, over its hidden units, with its activation, rate and iterations."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from moonsweep.figures import points, theme
from moonsweep.figures.subject import Subject

MOST_PANELS: Final = 4
MOST_RATES: Final = 6
MOST_BANDS: Final = 20  # more are only stripes
SIZES: Final = (5.0, 44.0)  # of the points of the smallest and the largest rate
NAMES: Final = {"train": "train accuracy / %", "dev": "dev accuracy / %"}


def draw_accuracies(subject: Subject, figure: Figure) -> str | None:
    """A column for each iteration count; train accuracy above, dev accuracy below."""
    counts = some(sorted(subject.frame["iterations"].unique()), MOST_PANELS)
    subtitle = f"{subject.title}: {subject.counts}"
    total = subject.frame["iterations"].nunique()
    if len(counts) < total:
        subtitle += f"; {len(counts)} of {total} iteration counts are shown"
    theme.head(figure, "Accuracy of every configuration, by iterations", subtitle)
    if subject.final.empty:
        return theme.nothing(figure, f"Nothing to show: {subject.counts}.")
    panels = figure.subplots(2, len(counts), sharex=True, sharey=True, squeeze=False)
    for column, iterations in enumerate(counts):
        for axes, part in zip(panels[:, column], NAMES, strict=True):
            plot_accuracies(axes, subject, part, int(iterations))
            axes.set_ylabel(NAMES[part] if column == 0 else "")
            axes.set_title(theme.count(int(iterations), "iteration") if part == "train" else "")
            axes.set_xlabel("hidden units" if part == "dev" else "")
    if len(counts) > 1:
        for axes in panels[1]:
            axes.tick_params(axis="x", labelrotation=0 if subject.frame["n_h"].nunique() < 9 else 90)
    line = panels[0, 0].lines[-1]
    handles = [*points.activation_handles(subject), *points.diverged_handles(subject.final), line]
    theme.legend(figure, [*handles, *_rate_handles(subject)])
    return None


def plot_accuracies(axes: Axes, subject: Subject, part: str, iterations: int | None = None) -> None:
    """The accuracy in a part ("train" or "dev") of every configuration, or of those with some iterations."""
    rows = subject.final
    if iterations is not None:
        rows = rows[rows["iterations"] == iterations]
    hidden = sorted(subject.frame["n_h"].unique())
    every = subject.final[["train_accuracy", "dev_accuracy"]].to_numpy()
    threshold = subject.criteria.min_train
    theme.accuracy_scale(axes, [*every.ravel(), threshold], subject.step, apart=0.09)
    if rows.empty:
        theme.empty(axes, f"no results{subject.yet}")
    else:
        lane = 0.8 / len(subject.activations)
        place = {activation: number for number, activation in enumerate(subject.activations)}
        shift = rows["activation"].map(place).astype(float) - (len(place) - 1) / 2
        x = rows["n_h"].map({n_h: number for number, n_h in enumerate(hidden)}).astype(float) + lane * shift
        points.draw_points(axes, subject, rows, x, f"{part}_accuracy", _sizes(subject, rows))
    for number in range(0, len(hidden) if len(hidden) <= MOST_BANDS else 0, 2):
        axes.axvspan(number - 0.5, number + 0.5, color=theme.FAINT, zorder=0, linewidth=0)
    axes.set_xlim(-0.5, len(hidden) - 0.5)
    theme.positions_axis(axes, [str(n_h) for n_h in hidden], most=10)
    axes.grid(visible=False, axis="x")
    axes.set_xlabel("hidden units")
    axes.set_ylabel(NAMES[part])
    line = axes.axhline(threshold, color=theme.INK, linewidth=0.9, linestyle="--")
    line.set_label(f"selection: train above {threshold:g} %")
    if part == "dev":
        line.set_visible(False)


def some(values: list[float], most: int) -> list[float]:
    """At most so many of the values, evenly chosen, with the first and the last."""
    if len(values) <= most:
        return values
    return [values[i] for i in np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))]


def _sizes(subject: Subject, rows: pd.DataFrame) -> NDArray[np.float64]:
    """The size of each point, by the position of its learning rate among all of them."""
    rates = np.unique(subject.frame["learning_rate"].to_numpy())
    share = np.searchsorted(rates, rows["learning_rate"].to_numpy()) / max(len(rates) - 1, 1)
    small = 0.4 if subject.frame["n_h"].nunique() > 30 else 1.0
    return small * (SIZES[0] + (SIZES[1] - SIZES[0]) * (share if len(rates) > 1 else np.full(len(rows), 0.4)))


def _rate_handles(subject: Subject) -> list[Line2D]:
    """The entries of a legend for the sizes of learning rates."""
    rates = some(sorted(subject.frame["learning_rate"].unique()), MOST_RATES)
    if len(rates) == 1:
        return []
    sizes = _sizes(subject, pd.DataFrame({"learning_rate": rates}))
    return [
        Line2D(
            [], [], linestyle="", marker="o", color="#888888", markersize=size**0.5, label=f"rate {rate:g}"
        )
        for rate, size in zip(rates, sizes, strict=True)
    ]
