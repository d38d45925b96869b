"""Dev accuracy against processor time: what an accuracy costs at least (the Pareto front)."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep.figures import points, theme
from moonsweep.figures.subject import Subject
from moonsweep.summaries import front


def draw_time_accuracy(subject: Subject, figure: Figure) -> str | None:
    """The points of all configurations, the front, the selection, and the name of the first pick."""
    final, timed = subject.final, _timed(subject.final)
    subtitle = f"{subject.title}: {subject.counts}"
    if len(timed) < len(final):
        subtitle += f"; {len(final) - len(timed):,} without a measurable time are not shown"
    theme.head(figure, "Dev accuracy against processor time", subtitle)
    if timed.empty:
        return theme.nothing(figure, f"Nothing to show: {subject.counts}; none has a measurable time.")
    axes = figure.subplots()
    plot_time_accuracy(axes, subject)
    labelled, _ = axes.get_legend_handles_labels()
    theme.legend(figure, [*points.activation_handles(subject), *points.diverged_handles(timed), *labelled])
    return None


def plot_time_accuracy(axes: Axes, subject: Subject) -> None:
    """Dev accuracy over processor time, which is on a logarithmic axis."""
    timed = _timed(subject.final)
    axes.set_xscale("log")
    axes.set_xlabel("processor time in training / s")
    axes.set_ylabel("dev accuracy / %")
    if timed.empty:
        theme.empty(axes, f"no configuration has a measurable time{subject.yet}")
        return
    theme.accuracy_scale(axes, timed["dev_accuracy"], subject.step)
    best = front(timed)
    if not best.empty:
        x = [*best["train_cpu_seconds"], timed["train_cpu_seconds"].max()]
        y = [*best["dev_accuracy"], best["dev_accuracy"].iloc[-1]]
        axes.step(
            x, y, where="post", color="#8a8a8a", linewidth=1.4, zorder=1.5, label="best within that time"
        )
    points.draw_points(axes, subject, timed, timed["train_cpu_seconds"], "dev_accuracy")
    _mark_selection(axes, subject)


def _timed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["train_cpu_seconds"] > 0]


def _mark_selection(axes: Axes, subject: Subject) -> None:
    """Circles around the selection, and the name of the first pick."""
    selection = _timed(subject.selection)
    if not selection.empty:
        axes.scatter(
            selection["train_cpu_seconds"],
            selection["dev_accuracy"],
            s=60,
            facecolors="none",
            edgecolors=theme.INK,
            linewidths=0.9,
            label=f"selected: {len(selection)}",
        )
    picked = _timed(subject.frame.loc[list(subject.picks)])
    if picked.empty:
        return
    row = picked.iloc[0]
    left, right = axes.get_xlim()
    is_left = row["train_cpu_seconds"] < (left * right) ** 0.5
    axes.annotate(
        subject.label(int(picked.index[0])),
        (row["train_cpu_seconds"], row["dev_accuracy"]),
        xytext=(row["train_cpu_seconds"], 1.01),
        textcoords=("data", "axes fraction"),
        ha="left" if is_left else "right",
        va="bottom",
        arrowprops={"arrowstyle": "-", "color": theme.INK, "linewidth": 0.8, "shrinkB": 4},
    )
