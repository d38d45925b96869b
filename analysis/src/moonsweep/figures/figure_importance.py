"""Which hyperparameter matters: the share of the variance that each axis explains."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep.figures import theme
from moonsweep.figures.subject import NAMES, Subject
from moonsweep.grid import NotAGridError
from moonsweep.importance import importance


def draw_importance(subject: Subject, figure: Figure) -> str | None:
    """Two bars for each axis: what it explains alone, and with its interactions."""
    figure.set_figheight(4.2)
    subtitle = f"{subject.title}: shares of the variance of the dev accuracy over the whole grid"
    diverged = int((subject.frame["status"] == "diverged").sum())
    if diverged > 0:
        subtitle += f"; {diverged:,} diverged, with their last finite parameters"
    theme.head(figure, "Which hyperparameter matters", subtitle)
    reason = _hindrance(subject)
    if reason is not None:
        return theme.nothing(figure, reason)
    axes = figure.subplots()
    plot_importance(axes, subject)
    theme.legend(figure, axes.get_legend_handles_labels()[0])
    return None


def plot_importance(axes: Axes, subject: Subject) -> None:
    """The shares of all axes of the grid, the most important at the top. Errors: those of importance."""
    table = importance(subject.sweep)
    places = np.arange(len(table))
    for column, shift, colour, label in (
        ("alone", -0.19, theme.GROUP_COLOURS[0], "alone"),
        ("total", 0.19, theme.GROUP_COLOURS[4], "with its interactions"),
    ):
        bars = axes.barh(places + shift, 100 * table[column], height=0.36, color=colour, label=label)
        axes.bar_label(bars, [f"{100 * share:.1f} %" for share in table[column]], padding=3, size=8.5)
    axes.set_yticks(places, [NAMES[name] for name in table.index])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, 1.12 * max(100 * table["total"].max(), 1.0))
    axes.set_xlabel("share of the variance of the dev accuracy / %")
    axes.tick_params(axis="y", labelcolor=theme.INK, length=0)
    axes.grid(visible=False, axis="y")


def _hindrance(subject: Subject) -> str | None:
    """Why there are no shares, if so."""
    try:
        importance(subject.sweep)
    except NotAGridError:
        return "Nothing to show: exact shares need a full grid, and this sweep is none."
    except ValueError as error:
        return f"Nothing to show: {error}."
    return None
