"""Points of configurations: a colour and a marker for each activation, grey crosses for diverged ones."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject

MANY = 2000  # so many points are drawn small


def draw_points(
    axes: Axes, subject: Subject, rows: pd.DataFrame, x: ArrayLike, column: str, size: ArrayLike | None = None
) -> None:
    """A point at x and the value of column for each of the rows; crosses show the last finite parameters.

    size: of each point, in square points of print.
    """
    across, up = np.asarray(x), rows[column].to_numpy()
    usual = 16 if len(rows) < MANY else 5
    sizes = np.full(len(rows), usual) if size is None else np.asarray(size)
    is_diverged = (rows["status"] == "diverged").to_numpy()
    axes.scatter(
        across[is_diverged], up[is_diverged], s=14, marker="x", color=theme.MUTED, linewidths=0.7, alpha=0.7
    )
    for activation in subject.activations:
        style = theme.activation_style(activation)
        chosen = (rows["activation"] == activation).to_numpy() & ~is_diverged
        axes.scatter(across[chosen], up[chosen], s=sizes[chosen], alpha=0.8, linewidths=0, **style)


def activation_handles(subject: Subject) -> list[Line2D]:
    """The entries of a legend for the activations."""
    return [
        Line2D([], [], linestyle="", label=activation, **theme.activation_style(activation))
        for activation in subject.activations
    ]


def diverged_handles(rows: pd.DataFrame) -> list[Line2D]:
    """The entry of a legend for diverged configurations, if there are any."""
    if not (rows["status"] == "diverged").any():
        return []
    name = "diverged (last finite parameters)"
    return [Line2D([], [], label=name, marker="x", color=theme.MUTED, linestyle="")]
