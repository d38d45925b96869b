"""Heat maps of the dev accuracy over hidden units and learning rate."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from moonsweep import schema
from moonsweep.figures import theme
from moonsweep.figures.figure_accuracies import some
from moonsweep.figures.subject import Subject

MOST_PANELS: Final = 4
MISSING: Final = "#ffffff"
HATCH: Final[dict[str, Any]] = {"facecolor": MISSING, "edgecolor": "#b5b5b5", "hatch": "////", "linewidth": 0}


def draw_heatmaps(subject: Subject, figure: Figure) -> str | None:
    """A row for each activation, a column for each iteration count; the mean over seeds and data sets."""
    counts = some(sorted(subject.frame["iterations"].unique()), MOST_PANELS)
    total = subject.frame["iterations"].nunique()
    subtitle = f"{subject.title}: mean over seeds and data sets" if _repeats(subject) else subject.title
    subtitle += f"; {len(counts)} of {total} iteration counts" if len(counts) < total else ""
    rows = subject.activations
    figure.set_figheight(1.9 + 1.75 * len(rows))
    theme.head(figure, "Dev accuracy over hidden units and learning rate", subtitle + subject.pending)
    if subject.final.empty:
        return theme.nothing(figure, f"Nothing to show: {subject.counts}.")
    panels = figure.subplots(len(rows), len(counts), sharex=True, sharey=True, squeeze=False)
    for row, activation in enumerate(rows):
        for column, iterations in enumerate(counts):
            axes = panels[row, column]
            colours = plot_heatmap(axes, subject, activation, int(iterations))
            axes.set_title(f"{activation}, {theme.count(int(iterations), 'iteration')}", size=9)
            axes.set_xlabel("hidden units" if row == len(rows) - 1 else "")
            axes.set_ylabel("learning rate" if column == 0 else "")
    bar = figure.colorbar(colours, ax=panels.ravel().tolist(), aspect=30)
    bar.set_label("dev accuracy / %")
    bar.outline.set_visible(False)
    without = subject.frame.loc[~subject.frame["status"].isin(schema.RESULTS), "status"]
    if not without.empty:
        states = ", ".join(status for status in schema.STATUSES if (without == status).any())
        theme.legend(figure, [Patch(label=f"no result: {states}", **HATCH)])
    return None


def heatmap(subject: Subject, activation: str, iterations: int) -> pd.DataFrame:
    """The mean dev accuracy for each learning rate (rows, ascending) and number of hidden units (columns).

    Only results that are done or stopped are taken. Cells without one are NaN.
    """
    rows = subject.frame[subject.frame["status"].isin(schema.RESULTS)]
    rows = rows[(rows["activation"] == activation) & (rows["iterations"] == iterations)]
    table = rows.pivot_table(index="learning_rate", columns="n_h", values="dev_accuracy", aggfunc="mean")
    rates, hidden = (sorted(subject.frame[name].unique()) for name in ("learning_rate", "n_h"))
    return table.reindex(index=rates, columns=hidden)


def plot_heatmap(axes: Axes, subject: Subject, activation: str, iterations: int) -> QuadMesh:
    """The mean dev accuracy of an activation and an iteration count; cells without a result are hatched."""
    table = heatmap(subject, activation, iterations)
    values = table.to_numpy(np.float64)
    axes.patch.set(facecolor=HATCH["facecolor"], edgecolor=HATCH["edgecolor"], hatch=HATCH["hatch"])
    norm = Normalize(*_range(subject))
    mesh = axes.pcolormesh(np.ma.masked_invalid(values), cmap=theme.SEQUENTIAL, norm=norm)
    axes.set_xlim(0, values.shape[1])
    axes.set_ylim(0, values.shape[0])
    for axis, labels, most in (("x", table.columns, 10), ("y", table.index, 8)):
        every = -(-len(labels) // most)
        shown = np.arange(0, len(labels), every)
        texts = [f"{labels[place]:g}" for place in shown]
        (axes.set_xticks if axis == "x" else axes.set_yticks)(shown + 0.5, texts)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.set_xlabel("hidden units")
    axes.set_ylabel("learning rate")
    if np.isnan(values).all():
        axes.text(
            0.5,
            0.5,
            f"no result{subject.yet}",
            transform=axes.transAxes,
            ha="center",
            va="center",
            size=8.5,
            color=theme.MUTED,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )
    return mesh


def _range(subject: Subject) -> tuple[float, float]:
    """The lowest and the highest accuracy that all panels show."""
    done = subject.frame.loc[subject.frame["status"].isin(schema.RESULTS), "dev_accuracy"]
    return (float(done.min()), float(done.max())) if len(done) else (0.0, 100.0)


def _repeats(subject: Subject) -> bool:
    return any(subject.varies(name) for name in ("seed", "dataset", "init_scale"))
