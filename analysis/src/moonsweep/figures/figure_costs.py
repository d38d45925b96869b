"""Cost curves: of the chosen configurations, or of the pick and its neighbours in the grid."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from moonsweep.costs import cost_of, stride_of
from moonsweep.figures import theme
from moonsweep.figures.figure_accuracies import some
from moonsweep.figures.subject import NAMES, REPEATS, Subject
from moonsweep.thinning import thinned

MOST_RATES: Final = 8
MOST_CURVES: Final = 12
WIDE: Final = 2.6
NARROW: Final = 1.2
CUT: Final = 2.0  # times the ceiling: drawn costs end there, outside the axes

#: Updates from 1, and the costs before them.
Curve = tuple[NDArray[np.int64], NDArray[np.floating]]


def draw_costs(subject: Subject, figure: Figure) -> str | None:
    """Chosen configurations in one panel; otherwise a panel for each activation, a curve for each rate."""
    if len(subject.picks) > 1 or subject.pick_reason == "as chosen":
        return _draw_chosen(subject, figure)
    focus = subject.frame.loc[subject.frame.index[0] if subject.pick is None else subject.pick]
    neighbours = _neighbours(subject, focus)
    rates = _some_rates(sorted(neighbours["learning_rate"].unique(), reverse=True), focus["learning_rate"])
    configs = {
        (activation, rate): int(group["iterations"].idxmax())
        for (activation, rate), group in neighbours.groupby(["activation", "learning_rate"])
        if rate in rates
    }
    curves = {key: thinned(cost_of(subject.sweep, config)) for key, config in configs.items()}
    subtitle = f"{subject.title}: {theme.count(focus['n_h'], 'hidden unit')}, {_costs(subject)}"
    for name in REPEATS:
        subtitle += f", {NAMES[name]} {focus[name]:g}" if subject.varies(name) else ""
    theme.head(figure, "Cost curves", subtitle + _cut(list(curves.values())) + subject.pending)
    if not any(values.size for _, values in curves.values()):
        return theme.nothing(figure, f"Nothing to show: {no_costs(subject)}.")
    ceiling = CUT * _ceiling(list(curves.values()))
    panels = figure.subplots(1, len(subject.activations), sharex=True, sharey=True, squeeze=False)[0]
    colours = dict(zip(rates, theme.shades(len(rates)), strict=True))
    for axes, activation in zip(panels, subject.activations, strict=True):
        for rate, colour in colours.items():
            updates, values = curves.get((activation, rate), (np.empty(0, np.int64), np.empty(0)))
            is_pick = activation == focus["activation"] and rate == focus["learning_rate"]
            width = WIDE if is_pick else NARROW
            marker = _marker(values)
            axes.plot(updates, np.minimum(values, ceiling), color=colour, linewidth=width, marker=marker)
        axes.set_title(activation)
        if not any(curves[key][1].size for key in curves if key[0] == activation):
            theme.empty(axes, f"no costs{subject.yet}")
        _label(axes)
    for axes in panels[1:]:
        axes.set_ylabel("")
    _set_limits(panels[0], list(curves.values()))
    handles = [Line2D([], [], color=colour, label=f"rate {rate:g}") for rate, colour in colours.items()]
    if subject.pick is not None:
        handles.append(Line2D([], [], color=theme.MUTED, linewidth=WIDE, label=f"the pick: {subject.pick}"))
    theme.legend(figure, handles)
    return None


def _draw_chosen(subject: Subject, figure: Figure) -> str | None:
    curves = [thinned(cost_of(subject.sweep, config)) for config in subject.picks]
    subtitle = f"{subject.title}: {_costs(subject)}{_cut(curves)}"
    if len(curves) > MOST_CURVES:
        subtitle += f"; the first {MOST_CURVES} of {len(curves)} configurations"
    theme.head(figure, "Cost curves", subtitle)
    if not any(values.size for _, values in curves):
        return theme.nothing(figure, f"Nothing to show: {no_costs(subject)}.")
    axes = figure.subplots()
    plot_costs(axes, subject, subject.picks[:MOST_CURVES])
    theme.legend(figure, axes.get_legend_handles_labels()[0])
    return None


def plot_costs(axes: Axes, subject: Subject, configs: Sequence[int]) -> None:
    """The cost curve of each of the configurations, thinned without losing peaks."""
    curves = [thinned(cost_of(subject.sweep, config)) for config in configs]
    for number, (config, (updates, values)) in enumerate(zip(configs, curves, strict=True)):
        colour = theme.GROUP_COLOURS[number % len(theme.GROUP_COLOURS)]
        style = ("-", "--")[number // len(theme.GROUP_COLOURS) % 2]
        label = subject.label(config) + ("" if values.size else ": no costs")
        shown = np.minimum(values, CUT * _ceiling(curves))
        marker = _marker(values)
        axes.plot(updates, shown, color=colour, linestyle=style, linewidth=1.6, marker=marker, label=label)
    _label(axes)
    if any(values.size for _, values in curves):
        _set_limits(axes, curves)
    else:
        theme.empty(axes, no_costs(subject))


def no_costs(subject: Subject, of: str = "costs of these configurations") -> str:
    """Says why there are no costs to show."""
    if stride_of(subject.sweep) == 0:
        return "the sweep stores no costs of updates, only the last cost of each configuration"
    return f"no {of} are stored{subject.yet}"


def _costs(subject: Subject) -> str:
    """Says which costs are shown."""
    stride = stride_of(subject.sweep)
    return "cost before each update" + (f", stored every {stride} updates" if stride > 1 else "")


def _marker(values: NDArray[np.floating]) -> str:
    """A single cost, such as that of a network that diverged at once, is a point, since it is no line."""
    return "o" if values.size == 1 else ""


def _label(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_xlabel("update")
    axes.set_ylabel("cost (cross-entropy)")


def _set_limits(axes: Axes, curves: list[Curve]) -> None:
    """A logarithmic axis of costs, up to the ceiling."""
    costs = np.concatenate([values for _, values in curves])
    bottom, top = axes.get_ylim()
    if (costs > 0).any():
        axes.set_yscale("log", nonpositive="clip")  # a cost of 0 is at the bottom of the axis
        bottom, top = costs[costs > 0].min() / 1.08, 1.08 * costs.max()
    top = min(top, _ceiling(curves))
    axes.set_ylim(bottom, top)
    theme.label_short_log_scale(axes)


def _cut(curves: list[Curve]) -> str:
    """Says in a subtitle that costs are above the ceiling."""
    ceiling = _ceiling(curves)
    is_cut = any(values.size and values.max() > ceiling for _, values in curves)
    return f"; costs above {ceiling:.3g} are cut off" if is_cut else ""


def _ceiling(curves: list[Curve]) -> float:
    """The highest cost to show, so that costs that explode do not flatten the other curves."""
    return 10.0 * (max((float(values[0]) for _, values in curves if values.size), default=0.0) or 1.0)


def _neighbours(subject: Subject, focus: pd.Series) -> pd.DataFrame:
    """The configurations that differ from focus at most in activation, learning rate and iterations."""
    shared = ["n_h", "seed", "init_scale", "dataset"]
    return subject.frame[(subject.frame[shared] == focus[shared]).all(axis="columns")]


def _some_rates(rates: list[float], wanted: float) -> list[float]:
    """At most MOST_RATES of the rates, evenly chosen, including the wanted one."""
    if len(rates) <= MOST_RATES:
        return rates
    even = some(rates, MOST_RATES - 1)
    return [rate for rate in rates if rate in even or rate == wanted]
