"""costs.png: cost curves of the pick and its neighbours in the grid."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from moonsweep.costs import cost_of
from moonsweep.figures import theme
from moonsweep.figures.subject import Subject
from moonsweep.thinning import thinned

MOST_RATES = 8


def draw_costs(subject: Subject, figure: Figure) -> str | None:
    """For the pick's hidden size, a panel per activation with a curve per rate, as far as trained."""
    focus = subject.frame.loc[subject.frame.index[0] if subject.pick is None else subject.pick]
    chosen = _neighbours(subject, focus)
    rates = _some_rates(sorted(chosen["learning_rate"].unique(), reverse=True), focus["learning_rate"])
    curves = {
        (activation, rate): cost_of(subject.sweep, _longest(group))
        for (activation, rate), group in chosen.groupby(["activation", "learning_rate"])
        if rate in rates
    }
    subtitle = f"{subject.title}: {theme.count(focus['n_h'], 'hidden unit')}, cost before each update"
    if subject.varies("seed"):
        subtitle += f", seed {focus['seed']}"
    curves = {key: cost for key, cost in curves.items() if cost.size}
    ceiling = _ceiling(list(curves.values()))
    if any(cost.max() > ceiling for cost in curves.values()):
        subtitle += f"; costs above {ceiling:.3g} are cut off"
    theme.head(figure, "Cost curves", subtitle)
    if not curves:
        return theme.nothing(
            figure, f"Nothing to show: no costs of these configurations are stored{subject.yet}."
        )
    panels = figure.subplots(1, len(subject.activations), sharex=True, sharey=True, squeeze=False)[0]
    colours = colormaps["viridis"](np.linspace(0.0, 0.85, len(rates)))
    for axes, activation in zip(panels, subject.activations, strict=True):
        for rate, colour in zip(rates, colours, strict=True):
            if (cost := curves.get((activation, rate))) is not None:
                is_pick = activation == focus["activation"] and rate == focus["learning_rate"]
                updates, values = thinned(cost)
                width = 2.6 if is_pick else 1.2
                axes.plot(updates, np.minimum(values, 2 * ceiling), color=colour, linewidth=width)
        axes.set_title(activation)
        axes.set_xscale("log")
        axes.set_xlabel("update")
    panels[0].set_ylabel("cost (cross-entropy)")
    if any((cost > 0).any() for cost in curves.values()):
        panels[0].set_yscale("log", nonpositive="clip")  # a cost of 0 is at the bottom of the axis
    bottom, top = panels[0].get_ylim()
    top = min(top, ceiling)
    panels[0].set_ylim(bottom, top)
    if 0 < top < 100 * bottom:  # so short a range contains too few powers of ten
        panels[0].yaxis.set_minor_locator(LogLocator(subs=(1.5, 2, 3, 4, 5, 7)))
        panels[0].yaxis.set_major_formatter("{x:g}")
        panels[0].yaxis.set_minor_formatter("{x:g}")
    handles = [Line2D([], [], color=c, label=f"rate {r:g}") for r, c in zip(rates, colours, strict=True)]
    if subject.pick is not None:
        handles.append(Line2D([], [], color=theme.MUTED, linewidth=2.6, label=f"the pick: {subject.pick}"))
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return None


def _neighbours(subject: Subject, focus: pd.Series) -> pd.DataFrame:
    """The configurations that differ from focus at most in activation, learning rate and iterations."""
    shared = ["n_h", "seed", "init_scale", "dataset"]
    return subject.frame[(subject.frame[shared] == focus[shared]).all(axis="columns")]


def _longest(group: pd.DataFrame) -> int:
    """The configuration with the most iterations of a trajectory."""
    return int(group["iterations"].idxmax())


def _ceiling(curves: list[xr.DataArray]) -> float:
    """The highest cost to show, so that costs that explode do not flatten the other curves."""
    return 10.0 * (max((float(cost[0]) for cost in curves), default=0.0) or 1.0)


def _some_rates(rates: list[float], wanted: float) -> list[float]:
    """At most MOST_RATES of the rates, evenly chosen, including the wanted one."""
    if len(rates) <= MOST_RATES:
        return rates
    even = {rates[i] for i in np.linspace(0, len(rates) - 1, MOST_RATES - 1).round().astype(int)}
    return [rate for rate in rates if rate in even or rate == wanted]
