"""Two sweeps over each other: the same settings, with the result of one against that of the other."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from moonsweep.figures import theme


def plot_compared(axes: Axes, table: pd.DataFrame, value: str, names: tuple[str, str]) -> None:
    """A point for each setting of the table from moonsweep.compare, and the line on which both are equal."""
    label = value.replace("_", " ") + (" / %" if value.endswith("accuracy") else "")
    axes.set_xlabel(f"{label}: {theme.plain(names[0])}")
    axes.set_ylabel(f"{label}: {theme.plain(names[1])}")
    if table.empty:
        theme.empty(axes, "no configuration with the same parameters is done in both sweeps")
        return
    for activation, rows in table.groupby("activation", sort=False):
        style = theme.activation_style(str(activation))
        axes.plot(
            rows["first"], rows["second"], linestyle="", markersize=4.5, alpha=0.7, label=activation, **style
        )
    both = table[["first", "second"]].to_numpy()
    ends = [float(np.min(both)), float(np.max(both))]
    axes.plot(ends, ends, color=theme.MUTED, linewidth=1, zorder=0, label="equal")
