"""time_accuracy.png: dev accuracy over processor time."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep import schema
from moonsweep.figures import points, theme
from moonsweep.figures.subject import Subject


def draw_times(subject: Subject, figure: Figure) -> str | None:
    """Dev accuracy over processor time (logarithmic), a line for the best so far, and the selection."""
    final = subject.final
    timed = final[final["train_cpu_seconds"] > 0]
    subtitle = f"{subject.title}: {subject.counts}"
    if len(timed) < len(final):
        subtitle += f"; {len(final) - len(timed):,} without a measurable time are not shown"
    theme.head(figure, "Accuracy over processor time", subtitle)
    if timed.empty:
        return theme.nothing(figure, f"Nothing to show: {subject.counts}; none has a measurable time.")
    axes = figure.subplots()
    results = timed[timed["status"].isin(schema.RESULTS)]
    if not results.empty:
        _draw_front(axes, results)
    points.draw_points(axes, subject, timed, timed["train_cpu_seconds"], "dev_accuracy")
    axes.set_xscale("log")
    axes.set_xlabel("processor time in training / s")
    axes.set_ylabel("dev accuracy / %")
    theme.percent_limits(axes, timed["dev_accuracy"].min(), timed["dev_accuracy"].max())
    _mark_selection(axes, subject)
    labelled, _ = axes.get_legend_handles_labels()
    handles = [*points.activation_handles(subject), *points.diverged_handles(timed), *labelled]
    figure.legend(handles=handles, loc="outside lower center", ncols=6)
    return None


def _draw_front(axes: Axes, done: pd.DataFrame) -> None:
    """The best dev accuracy of the configurations that took no longer than a given time."""
    ordered = done.sort_values("train_cpu_seconds", kind="stable")
    axes.step(
        ordered["train_cpu_seconds"],
        ordered["dev_accuracy"].cummax(),
        where="post",
        color="#a8a8a8",
        linewidth=1.2,
        label="best within that time",
    )


def _mark_selection(axes: Axes, subject: Subject) -> None:
    """Circles around the selection, and the name of the pick."""
    selection = subject.selection[subject.selection["train_cpu_seconds"] > 0]
    if selection.empty:
        return
    axes.scatter(
        selection["train_cpu_seconds"],
        selection["dev_accuracy"],
        s=60,
        facecolors="none",
        edgecolors=theme.INK,
        linewidths=0.9,
        label="selected",
    )
    quickest = selection.iloc[0]
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + 0.07 * (top - bottom))  # space for the pick's name
    left, right = axes.get_xlim()
    is_left = quickest["train_cpu_seconds"] < (left * right) ** 0.5
    axes.annotate(
        subject.label(int(selection.index[0])),
        (quickest["train_cpu_seconds"], quickest["dev_accuracy"]),
        xytext=(quickest["train_cpu_seconds"], 1.0),
        textcoords=("data", "axes fraction"),
        ha="left" if is_left else "right",
        va="top",
        arrowprops={"arrowstyle": "-", "color": theme.INK, "linewidth": 0.8, "shrinkB": 4},
    )
