"""Cost curves in bundles: the median and the quartiles of all trajectories, for each value of an axis."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
from matplotlib.axes import Axes

from moonsweep.bundles import cost_bundles
from moonsweep.figures import theme
from moonsweep.figures.figure_costs import no_costs
from moonsweep.figures.subject import Subject


def plot_cost_bundles(axes: Axes, subject: Subject, by: str) -> None:
    """The median of the costs for each value of ``by``, with a band from the first to the third quartile."""
    table = cost_bundles(subject.sweep, by)
    axes.set_xlabel("update")
    axes.set_ylabel("cost (cross-entropy)")
    if table.empty:
        theme.empty(axes, no_costs(subject, "costs"))
        return
    values = list(dict.fromkeys(table.index.get_level_values(by)))
    shades = theme.shades(len(values))
    for number, value in enumerate(values):
        rows = table.loc[value]
        colour = theme.activation_style(value)["color"] if by == "activation" else shades[number]
        label = value if by == "activation" else f"{by.replace('_', ' ')} {value:g}"
        axes.plot(rows.index, rows["median"], color=colour, linewidth=1.6, label=label)
        axes.fill_between(rows.index, rows["low"], rows["high"], color=colour, alpha=0.18, linewidth=0)
    axes.set_xscale("log")
    if (table["low"] > 0).all():
        axes.set_yscale("log")
        # A few costs that explode must not flatten the other curves.
        axes.set_ylim(top=min(axes.get_ylim()[1], 10 * float(np.max(table["median"].groupby(by).first()))))
        theme.label_short_log_scale(axes)
