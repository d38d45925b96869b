"""Accuracy against the number of hidden units: a line for each activation, a band over the seeds."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject
from moonsweep.summaries import by_hidden_units

MOST_MARKERS: Final = 30  # of normal size
TITLE: Final = "Best dev accuracy against hidden units"


def draw_hidden_units(subject: Subject, figure: Figure) -> str | None:
    """The best over rates and iterations: its mean over seeds and data sets, with their range as a band."""
    table = by_hidden_units(subject.frame)
    repeats = int(table["count"].max()) if len(table) else 0
    subtitle = f"{subject.title}: the best over learning rates and iterations"
    if repeats > 1:
        subtitle += f"; mean and range of {repeats} seeds and data sets"
    theme.head(figure, TITLE, subtitle + subject.pending)
    if table.empty:
        return theme.nothing(figure, f"Nothing to show: no configuration is done{subject.yet}.")
    axes = figure.subplots()
    plot_hidden_units(axes, subject)
    theme.legend(figure, axes.get_legend_handles_labels()[0])
    return None


def plot_hidden_units(axes: Axes, subject: Subject) -> None:
    """A line with a band for each activation over the number of hidden units, on a logarithmic axis."""
    table = by_hidden_units(subject.frame)
    axes.set_xlabel("hidden units")
    axes.set_ylabel("dev accuracy / %")
    if table.empty:
        theme.empty(axes, f"no configuration is done{subject.yet}")
        return
    theme.accuracy_scale(axes, table[["low", "high"]].to_numpy().ravel(), subject.step)
    for activation in subject.activations:
        if activation not in table.index.get_level_values("activation"):
            continue
        rows = table.loc[activation].sort_index()
        style = theme.activation_style(activation)
        size = 5 if len(rows) <= MOST_MARKERS else 2
        axes.plot(rows.index, rows["mean"], linewidth=1.6, markersize=size, label=activation, **style)
        if (rows["count"] > 1).any():
            axes.fill_between(
                rows.index, rows["low"], rows["high"], color=style["color"], alpha=0.18, linewidth=0
            )
    _set_ticks(axes, table)


def _set_ticks(axes: Axes, table: pd.DataFrame) -> None:
    """Ticks at the numbers of hidden units that there are, as far as they are readable."""
    values = np.unique(table.index.get_level_values("n_h"))
    if values[-1] > 8 * values[0]:
        axes.set_xscale("log")
        least = 1 + values[-1] / values[0]
        kept = [int(values[0])]
        for value in values[1:]:
            if np.log(value / kept[-1]) > np.log(least) / 25:
                kept.append(int(value))
    else:
        kept = [int(value) for value in values[:: -(-len(values) // 20)]]
    axes.set_xticks(kept, [str(value) for value in kept])
    axes.set_xticks([], minor=True)
