"""The configurations that meet the criteria, the quickest first."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject

MOST_ROWS: Final = 20


def draw_selection(subject: Subject, figure: Figure) -> str | None:
    """A row for each configuration: its processor time on the left, its two accuracies on the right."""
    selection, criteria = subject.selection, subject.criteria
    shown = selection.head(MOST_ROWS)
    subtitle = f"{subject.title}: {criteria}; {len(selection):,} of {subject.counts}"
    if len(shown) < len(selection):
        subtitle = f"{subject.title}: {criteria}; the {len(shown)} quickest of {len(selection):,}"
        subtitle += subject.pending
    figure.set_figheight(1.9 + 0.27 * max(len(shown), 6))
    theme.head(figure, "The selection, quickest first", subtitle)
    if shown.empty:
        return theme.nothing(figure, f"No configuration{subject.yet} has {criteria}.")
    times, accuracies = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1))
    plot_selection(times, subject)
    _plot_accuracies(accuracies, _rows(shown), shown)
    accuracies.tick_params(axis="y", length=0)
    return None


def plot_selection(axes: Axes, subject: Subject) -> None:
    """The processor time of each configuration of the selection on a logarithmic axis, at most MOST_ROWS."""
    shown = subject.selection.head(MOST_ROWS)
    rows, seconds = _rows(shown), shown["train_cpu_seconds"].to_numpy()
    if shown.empty:
        theme.empty(axes, f"no configuration{subject.yet} has {subject.criteria}")
        return
    # Not measurable times, which a logarithmic axis cannot show, are at its left end.
    least = seconds[seconds > 0].min(initial=np.inf)
    drawn = np.where(seconds > 0, seconds, least / 2 if np.isfinite(least) else 1e-6)
    axes.set_xscale("log")
    axes.set_xlim(drawn.min() / 1.6, drawn.max() * (drawn.max() / drawn.min()) ** 0.22 * 1.8)
    axes.hlines(rows, axes.get_xlim()[0], drawn, color="#d9d9d9", linewidth=1.2)
    for row, x, value, activation in zip(rows, drawn, seconds, shown["activation"], strict=True):
        axes.scatter(x, row, s=34, zorder=3, **theme.activation_style(str(activation)))
        axes.annotate(
            f"{value:.3g} s",
            (x, row),
            (7, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
            color=theme.MUTED,
        )
    axes.set_yticks(rows, [subject.label(config) for config in shown.index])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.tick_params(axis="y", labelcolor=theme.INK, length=0)
    axes.set_title("Processor time")
    axes.set_xlabel("processor time in training / s")
    _tidy(axes)


def _plot_accuracies(axes: Axes, rows: NDArray[np.int64], shown: pd.DataFrame) -> None:
    train, dev = shown["train_accuracy"].to_numpy(), shown["dev_accuracy"].to_numpy()
    axes.hlines(rows, np.minimum(train, dev), np.maximum(train, dev), color="#c4c4c4", linewidth=2)
    axes.scatter(train, rows, s=34, marker="o", color=theme.LABEL_COLOURS[0], label="train", zorder=3)
    axes.scatter(dev, rows, s=34, marker="D", color=theme.LABEL_COLOURS[1], label="dev", zorder=3)
    axes.set_title("Accuracy")
    axes.set_xlabel("accuracy / %")
    axes.margins(x=0.08)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1)
    _tidy(axes)


def _rows(shown: pd.DataFrame) -> NDArray[np.int64]:
    return np.arange(len(shown))


def _tidy(axes: Axes) -> None:
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
