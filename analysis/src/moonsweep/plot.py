"""The figures as functions on axes.

    figure, axes = plt.subplots()
    moonsweep.plot.costs(sweep, [126, 271], ax=axes)

Each function draws on the axes ``ax``, by default those that are current in pyplot, and returns them.
Colours, markers and scales are those of the figures that ``python -m moonsweep figures`` writes. Legends are
left to the caller: ``ax.legend()``.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Iterable

import xarray as xr
from matplotlib.axes import Axes

from moonsweep.figures.figure_accuracies import plot_accuracies
from moonsweep.figures.figure_boundary import fresh_samples, plot_boundary
from moonsweep.figures.figure_compared import names_of, plot_compared
from moonsweep.figures.figure_cost_bundles import plot_cost_bundles
from moonsweep.figures.figure_costs import plot_costs
from moonsweep.figures.figure_data import plot_data
from moonsweep.figures.figure_heatmaps import plot_heatmap
from moonsweep.figures.figure_hidden_units import plot_hidden_units
from moonsweep.figures.figure_importance import plot_importance
from moonsweep.figures.figure_seeds import plot_seeds
from moonsweep.figures.figure_selection import plot_selection
from moonsweep.figures.figure_time_accuracy import plot_time_accuracy
from moonsweep.figures.figure_timeline import plot_timeline
from moonsweep.figures.subject import Subject
from moonsweep.frame import to_frame
from moonsweep.network import network
from moonsweep.samples import PARTS, samples_of
from moonsweep.selection import Criteria
from moonsweep.summaries import compare as compared
from moonsweep.timeline import timeline as timeline_of


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt  # not at the top: it chooses a backend

    return plt.gca()


def _check_part(part: str) -> None:
    if part not in PARTS:
        message = f"part is {part!r}; it must be 'train' or 'dev'"
        raise ValueError(message)


def data(sweep: xr.Dataset, part: str = "train", dataset: int = 0, ax: Axes | None = None) -> Axes:
    """The samples of a part ("train" or "dev") of a data set."""
    axes = _axes(ax)
    plot_data(axes, Subject.of(sweep), part, dataset)
    return axes


def accuracies(
    sweep: xr.Dataset, part: str = "dev", iterations: int | None = None, ax: Axes | None = None
) -> Axes:
    """The accuracy of every configuration, or of those with some iterations, over its hidden units."""
    _check_part(part)
    axes = _axes(ax)
    plot_accuracies(axes, Subject.of(sweep), part, iterations)
    return axes


def selection(sweep: xr.Dataset, criteria: Criteria | None = None, ax: Axes | None = None) -> Axes:
    """The processor times of the selection, the quickest first."""
    axes = _axes(ax)
    plot_selection(axes, Subject.of(sweep, criteria))
    return axes


def time_accuracy(sweep: xr.Dataset, criteria: Criteria | None = None, ax: Axes | None = None) -> Axes:
    """Dev accuracy against processor time, with the front and the selection."""
    axes = _axes(ax)
    plot_time_accuracy(axes, Subject.of(sweep, criteria))
    return axes


def boundary(sweep: xr.Dataset, config: int, part: str = "dev", ax: Axes | None = None) -> Axes:
    """The decision boundary of a configuration, with the samples of a part ("train", "dev" or "fresh").

    Errors: ValueError if the configuration has no parameters, or the data have not two features.
    """
    axes = _axes(ax)
    subject = Subject.of(sweep, configs=[config])
    trained = network(sweep, config)
    if part == "fresh":
        samples = fresh_samples(subject, config)[2]
    else:
        samples = samples_of(sweep, part, int(subject.frame.loc[config, "dataset"]))
    plot_boundary(axes, subject, trained, samples)
    return axes


def costs(sweep: xr.Dataset, configs: Iterable[int], ax: Axes | None = None) -> Axes:
    """The cost curves of these configurations, thinned without losing peaks.

    Errors: KeyError if there is no such configuration; ValueError if none is given.
    """
    chosen = list(configs)
    if not chosen:
        message = "configs is empty; it must have the number of a configuration"
        raise ValueError(message)
    axes = _axes(ax)
    plot_costs(axes, Subject.of(sweep, configs=chosen), chosen)
    return axes


def cost_bundles(sweep: xr.Dataset, by: str = "activation", ax: Axes | None = None) -> Axes:
    """The median and the quartiles of the costs of all trajectories, for each value of a parameter.

    Errors: those of moonsweep.cost_bundles.
    """
    axes = _axes(ax)
    plot_cost_bundles(axes, Subject.of(sweep), by)
    return axes


def compare(
    first: xr.Dataset, second: xr.Dataset, value: str = "dev_accuracy", ax: Axes | None = None
) -> Axes:
    """The results of one sweep against those of another, for the settings that both have.

    Errors: those of moonsweep.compare.
    """
    table = compared(to_frame(first), to_frame(second), value)
    axes = _axes(ax)
    plot_compared(axes, table, value, names_of(first, second))
    return axes


def hidden_units(sweep: xr.Dataset, ax: Axes | None = None) -> Axes:
    """The best dev accuracy against hidden units: a line for each activation, a band over the seeds."""
    axes = _axes(ax)
    plot_hidden_units(axes, Subject.of(sweep))
    return axes


def heatmap(sweep: xr.Dataset, activation: str, iterations: int, ax: Axes | None = None) -> Axes:
    """The dev accuracy over hidden units and learning rate.

    Errors: ValueError if no configuration has this activation, or these iterations.
    """
    subject = Subject.of(sweep)
    for name, given in (("activation", activation), ("iterations", iterations)):
        known = list(dict.fromkeys(subject.frame[name].tolist()))
        if given not in known:
            message = f"{name} is {given!r}; it must be one of {', '.join(map(str, known))}"
            raise ValueError(message)
    axes = _axes(ax)
    plot_heatmap(axes, subject, activation, iterations)
    return axes


def seeds(sweep: xr.Dataset, ax: Axes | None = None) -> Axes:
    """The best settings with the results of all seeds, their mean and standard deviation."""
    axes = _axes(ax)
    plot_seeds(axes, Subject.of(sweep))
    return axes


def importance(sweep: xr.Dataset, ax: Axes | None = None) -> Axes:
    """The share of the variance that each axis of the grid explains.

    Errors: those of moonsweep.importance.
    """
    axes = _axes(ax)
    plot_importance(axes, Subject.of(sweep))
    return axes


def timeline(sweep: xr.Dataset, run: int | None = None, ax: Axes | None = None) -> Axes:
    """Which rank trained what, and when, in a run; by default in the last one with work.

    Errors: ValueError if there is no such run; otherwise those of moonsweep.timeline.
    """
    rows = timeline_of(sweep)
    known = sorted(set(rows["run"].tolist()))
    if not known or (run is not None and run not in known):
        message = (
            f"there are no leases of run {run} (there are those of: {', '.join(map(str, known)) or 'none'})"
        )
        raise ValueError(message)
    axes = _axes(ax)
    plot_timeline(axes, Subject.of(sweep), rows[rows["run"] == (known[-1] if run is None else run)])
    return axes
