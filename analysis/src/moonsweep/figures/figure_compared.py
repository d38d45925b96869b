"""Two sweeps over each other: the same settings, with the result of one against that of the other."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject
from moonsweep.frame import to_frame
from moonsweep.summaries import compare

NOTHING_SHARED: Final = "no configuration with the same parameters is done in both sweeps"


def draw_compared(subject: Subject, figure: Figure) -> str | None:
    """The dev accuracies of another sweep against those of this one, for the settings that both have."""
    if subject.other is None:
        return theme.nothing(figure, "Nothing to show: there is no other sweep.")
    names = names_of(subject.sweep, subject.other)
    table = compare(subject.frame, to_frame(subject.other))
    title = "Dev accuracy of two sweeps"
    if table.empty:
        theme.head(figure, title, " and ".join(map(theme.plain, names)))
        return theme.nothing(figure, f"Nothing to show: {NOTHING_SHARED}.")
    better, worse = (int((sign * table["difference"] > 0).sum()) for sign in (1, -1))
    subtitle = f"{theme.count(len(table), 'shared setting')}: {better:,} are better and {worse:,} worse"
    figure.set_size_inches(7.2, 7.2)
    theme.head(figure, title, f"{subtitle} in {theme.plain(names[1])}")
    axes = figure.subplots()
    plot_compared(axes, table, "dev_accuracy", names)
    axes.set_aspect("equal", adjustable="datalim")
    theme.legend(figure, axes.get_legend_handles_labels()[0])
    return None


def names_of(first: xr.Dataset, second: xr.Dataset) -> tuple[str, str]:
    """The titles of two sweeps, which are made different if they are equal."""
    names = [str(sweep.attrs.get("title", "sweep")) for sweep in (first, second)]
    if names[0] == names[1]:
        return f"{names[0]} (first)", f"{names[1]} (second)"
    return names[0], names[1]


def plot_compared(axes: Axes, table: pd.DataFrame, value: str, names: tuple[str, str]) -> None:
    """A point for each setting of the table from moonsweep.compare, and the line on which both are equal."""
    label = value.replace("_", " ") + (" / %" if value.endswith("accuracy") else "")
    axes.set_xlabel(f"{label}: {theme.plain(names[0])}")
    axes.set_ylabel(f"{label}: {theme.plain(names[1])}")
    if table.empty:
        theme.empty(axes, NOTHING_SHARED)
        return
    for activation, rows in table.groupby("activation", sort=False):
        style = theme.activation_style(str(activation))
        axes.plot(
            rows["first"], rows["second"], linestyle="", markersize=4.5, alpha=0.7, label=activation, **style
        )
    both = table[["first", "second"]].to_numpy()
    ends = [float(np.min(both)), float(np.max(both))]
    axes.plot(ends, ends, color=theme.MUTED, linewidth=1, zorder=0, label="equal")
