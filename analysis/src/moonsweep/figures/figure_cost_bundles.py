"""Cost curves in bundles: the median and the quartiles of all trajectories, for each value of an axis."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep.bundles import QUANTILES, cost_bundles
from moonsweep.costs import all_costs
from moonsweep.figures import theme
from moonsweep.figures.figure_costs import CUT, no_costs
from moonsweep.figures.subject import NAMES, Subject

MOST_VALUES: Final = 8  # of a parameter; more bundles hide each other
MOST_COSTS: Final = 100_000_000  # which take some seconds to read
MOST_TRAJECTORIES: Final = 20_000


def draw_cost_bundles(subject: Subject, figure: Figure) -> str | None:
    """A panel for each of activation, learning rate and hidden units that has some values, but few."""
    subtitle = f"{subject.title}: median and quartiles of the costs of all trajectories before each update"
    theme.head(figure, "Cost curves in bundles", subtitle + subject.pending)
    counts = subject.sweep["cost_count"].values
    if not counts.any():
        return theme.nothing(figure, f"Nothing to show: {no_costs(subject, 'costs')}.")
    try:
        all_costs(subject.sweep)
    except ValueError as error:
        return theme.nothing(figure, f"Nothing to show: {error}.")
    if counts.sum() > MOST_COSTS or counts.size > MOST_TRAJECTORIES:
        sentence = f"Nothing to show: {counts.size:,} trajectories with {counts.sum():,} costs are too many."
        return theme.nothing(figure, sentence)
    names = ("activation", "learning_rate", "n_h")
    shown = [name for name in names if 2 <= subject.frame[name].nunique() <= MOST_VALUES]
    if not shown:
        sentence = f"Nothing to show: no parameter of the trajectories has 2 to {MOST_VALUES} values."
        return theme.nothing(figure, sentence)
    panels = figure.subplots(1, len(shown), sharex=True, sharey=True, squeeze=False)[0]
    for axes, by in zip(panels, shown, strict=True):
        plot_cost_bundles(axes, subject, by)
        axes.set_title(f"by {NAMES[by]}")
        axes.set_ylabel("cost (cross-entropy)" if axes is panels[0] else "")
        handles, labels = axes.get_legend_handles_labels()
        values = [label.removeprefix(f"{NAMES[by]} ") for label in labels]
        axes.legend(handles, values, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)
    return None


def plot_cost_bundles(axes: Axes, subject: Subject, by: str) -> None:
    """The median of the costs for each value of ``by``, with a band from the first to the third quartile."""
    table = cost_bundles(subject.sweep, by)
    axes.set_xlabel("update")
    axes.set_ylabel("cost (cross-entropy)")
    if table.empty:
        theme.empty(axes, no_costs(subject, "costs"))
        return
    values = table.index.unique(by)
    if by != "activation":
        values = values.sort_values()
    # A few costs that explode must not flatten the other curves.
    ceiling = 10 * float(np.max(table["median"].groupby(by).first())) or 1.0
    table[list(QUANTILES)] = table[list(QUANTILES)].clip(upper=CUT * ceiling)
    shades = theme.shades(len(values))
    for number, value in enumerate(values):
        rows = table.loc[value]
        colour = theme.activation_style(value)["color"] if by == "activation" else shades[number]
        label = value if by == "activation" else f"{NAMES[by]} {value:g}"
        axes.plot(rows.index, rows["median"], color=colour, linewidth=1.6, label=label)
        axes.fill_between(rows.index, rows["low"], rows["high"], color=colour, alpha=0.18, linewidth=0)
    axes.set_xscale("log")
    if (table["low"] > 0).all():
        axes.set_yscale("log")
    axes.set_ylim(top=min(axes.get_ylim()[1], ceiling))
    theme.label_short_log_scale(axes)
