"""accuracies.png: both accuracies of every configuration, in the order of the grid."""

import itertools

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from moonsweep.figures import points, theme
from moonsweep.figures.subject import Subject

MOST_BANDS = 20  # there is no space for more labels of hidden sizes


def draw_accuracies(subject: Subject, figure: Figure) -> str | None:
    """Training accuracy (top) and dev accuracy (bottom) over the index; bands show the hidden sizes."""
    theme.head(figure, "Accuracy of every configuration", f"{subject.title}: {subject.counts}")
    final = subject.final
    if final.empty:
        return theme.nothing(figure, f"Nothing to show: {subject.counts}.")
    panels = figure.subplots(2, 1, sharex=True, sharey=True)
    for axes, part in zip(panels, ("train", "dev"), strict=True):
        _draw_bands(axes, subject.frame["n_h"], labelled=part == "train")
        points.draw_points(axes, subject, final, final.index, f"{part}_accuracy")
        axes.set_ylabel(f"{part} accuracy / %")
        axes.grid(visible=False, axis="x")
    both = final[["train_accuracy", "dev_accuracy"]]
    threshold = subject.criteria.min_train
    lowest, highest = both.min().min(), both.max().max()
    theme.percent_limits(panels[0], min(lowest, threshold), max(highest, threshold))
    first, last = subject.frame.index[[0, -1]]
    panels[1].set_xlim(first - 0.5, last + 0.5)
    panels[1].set_xlabel("configuration")
    line = panels[0].axhline(threshold, color=theme.INK, linewidth=0.9, linestyle="--")
    line.set_label(f"selection: train above {threshold:g} %")
    _add_legend(figure, subject, line)
    return None


def _draw_bands(axes: Axes, n_h: pd.Series, *, labelled: bool) -> None:
    """Shades every second range of equal n_h, and writes its value above."""
    ranges = [list(group) for _, group in itertools.groupby(n_h.items(), key=lambda item: item[1])]
    if len(ranges) > MOST_BANDS:
        return
    for number, band in enumerate(ranges):
        left, right = band[0][0] - 0.5, band[-1][0] + 0.5
        if number % 2 == 0:
            axes.axvspan(left, right, color=theme.FAINT, zorder=0, linewidth=0)
        if labelled:
            axes.annotate(
                f"n_h = {band[0][1]}" if number == 0 else f"{band[0][1]}",
                ((left + right) / 2, 1.02),
                xycoords=("data", "axes fraction"),
                ha="center",
                va="bottom",
                color=theme.MUTED,
            )


def _add_legend(figure: Figure, subject: Subject, threshold: Line2D) -> None:
    handles = points.activation_handles(subject)
    handles += [*points.diverged_handles(subject.final), threshold]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
