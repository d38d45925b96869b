"""selection.png: the configurations that meet the criteria, quickest first."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject

MOST_ROWS = 20


def draw_selection(subject: Subject, figure: Figure) -> str | None:
    """A row for each configuration: its processor time on the left, its two accuracies on the right."""
    selection, criteria = subject.selection, subject.criteria
    shown = selection.head(MOST_ROWS)
    subtitle = f"{subject.title}: {criteria}; {len(selection):,} of {subject.counts}"
    if len(shown) < len(selection):
        subtitle = f"{subject.title}: {criteria}; the {len(shown)} quickest of {len(selection):,}"
    figure.set_figheight(1.9 + 0.27 * max(len(shown), 6))
    theme.head(figure, "The selection, quickest first", subtitle)
    if shown.empty:
        return theme.nothing(figure, f"No configuration has {criteria}.")
    times, accuracies = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1))
    rows = np.arange(len(shown))
    times.set_yticks(rows, [subject.label(config) for config in shown.index])
    times.set_ylim(len(shown) - 0.4, -0.6)
    times.tick_params(axis="y", labelcolor=theme.INK, length=0)
    _draw_times(times, rows, shown["train_cpu_seconds"].to_numpy())
    _draw_accuracies(accuracies, rows, shown["train_accuracy"], shown["dev_accuracy"])
    for axes in (times, accuracies):
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
    accuracies.tick_params(axis="y", length=0)
    return None


def _draw_times(axes: Axes, rows: np.ndarray, seconds: np.ndarray) -> None:
    bars = axes.barh(rows, seconds, height=0.62, color=theme.GROUP_COLOURS[0])
    axes.bar_label(bars, [f"{value:.3g} s" for value in seconds], padding=3, size=8.5, color=theme.MUTED)
    axes.set_xlim(0, 1.22 * max(seconds.max(), np.finfo(float).tiny))
    axes.set_title("Processor time")
    axes.set_xlabel("processor time in training / s")


def _draw_accuracies(axes: Axes, rows: np.ndarray, train: np.ndarray, dev: np.ndarray) -> None:
    axes.hlines(rows, np.minimum(train, dev), np.maximum(train, dev), color="#c4c4c4", linewidth=2)
    axes.scatter(train, rows, s=34, marker="o", color=theme.LABEL_COLOURS[0], label="train", zorder=3)
    axes.scatter(dev, rows, s=34, marker="D", color=theme.LABEL_COLOURS[1], label="dev", zorder=3)
    axes.set_title("Accuracy")
    axes.set_xlabel("accuracy / %")
    axes.margins(x=0.08)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1)
