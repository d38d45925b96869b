"""The spread over seeds: how much a setting's accuracy depends on its initial parameters and its data."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject
from moonsweep.summaries import SETTING, results_of, spread

MOST_ROWS: Final = 20


def draw_seeds(subject: Subject, figure: Figure) -> str | None:
    """A row for each of the best settings: the results of all seeds, their mean and standard deviation."""
    title = "Spread over seeds"
    table = spread(subject.frame)
    is_repeated = len(table) > 0 and int(table["count"].max()) > 1
    subtitle = subject.title
    if is_repeated:
        subtitle += f": the {min(len(table), MOST_ROWS)} settings with the highest mean of {len(table):,}"
    figure.set_figheight(1.9 + 0.27 * float(np.clip(len(table), 6, MOST_ROWS)))
    theme.head(figure, title, subtitle + subject.pending)
    if table.empty:
        return theme.nothing(figure, f"Nothing to show: no configuration is done{subject.yet}.")
    if not is_repeated:
        return theme.nothing(figure, "Nothing to show: every setting has one seed and one data set.")
    axes = figure.subplots()
    plot_seeds(axes, subject)
    theme.legend(figure, axes.get_legend_handles_labels()[0])
    return None


def plot_seeds(axes: Axes, subject: Subject) -> None:
    """The dev accuracies of the best settings, at most MOST_ROWS, with mean and standard deviation."""
    table = spread(subject.frame).head(MOST_ROWS)
    axes.set_xlabel("dev accuracy / %")
    if table.empty:
        theme.empty(axes, f"no configuration is done{subject.yet}")
        return
    done = results_of(subject.frame).set_index(list(SETTING))["dev_accuracy"].sort_index()
    labels = []
    for row, (setting, values) in enumerate(table.iterrows()):
        n_h, activation, rate, iterations, scale = setting
        text = f"{n_h} {activation}, rate {rate:g}, {theme.count(iterations, 'iteration')}"
        labels.append(text + (f", scale {scale:g}" if subject.varies("init_scale") else ""))
        points = done.loc[[setting]].to_numpy()
        style = theme.activation_style(str(activation))
        axes.scatter(points, np.full(points.size, row), s=18, alpha=0.7, linewidths=0, **style)
        deviation = 0.0 if np.isnan(values["std"]) else values["std"]
        label = "mean and standard deviation" if row == 0 else None
        axes.errorbar(
            values["mean"],
            row,
            xerr=deviation,
            color=theme.INK,
            marker="|",
            markersize=9,
            capsize=3,
            label=label,
        )
    for activation in dict.fromkeys(table.index.get_level_values("activation")):
        style = theme.activation_style(str(activation))
        axes.add_line(Line2D([], [], linestyle="", label=f"{activation}, a seed", **style))
    axes.set_yticks(np.arange(len(table)), labels)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.tick_params(axis="y", labelcolor=theme.INK, length=0)
    axes.grid(visible=False, axis="y")
