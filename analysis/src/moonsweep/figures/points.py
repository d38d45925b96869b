"""Points of configurations, with a colour and a marker for each activation; diverged ones are crosses."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject

MANY = 2000  # so many points are drawn small


def draw_points(axes: Axes, subject: Subject, rows: pd.DataFrame, x: ArrayLike, column: str) -> None:
    """A point at x and the value of column for each of the rows; crosses show the last finite parameters."""
    size = 16 if len(rows) < MANY else 5
    across, up = np.asarray(x), rows[column].to_numpy()
    is_diverged = (rows["status"] == "diverged").to_numpy()
    for position, activation in enumerate(subject.activations):
        style = theme.group_style(position)
        chosen = (rows["activation"] == activation).to_numpy()
        whole, broken = chosen & ~is_diverged, chosen & is_diverged
        axes.scatter(across[whole], up[whole], s=size, alpha=0.85, linewidths=0, **style)
        axes.scatter(across[broken], up[broken], s=22, marker="x", color=style["color"], linewidths=1.2)


def activation_handles(subject: Subject) -> list[Line2D]:
    """The entries of a legend for the activations."""
    return [
        Line2D([], [], linestyle="", label=activation, **theme.group_style(position))
        for position, activation in enumerate(subject.activations)
    ]


def diverged_handles(rows: pd.DataFrame) -> list[Line2D]:
    """The entry of a legend for diverged configurations, if there are any."""
    if not (rows["status"] == "diverged").any():
        return []
    style = {"marker": "x", "color": theme.MUTED, "linestyle": ""}
    return [Line2D([], [], label="diverged (last finite parameters)", **style)]
