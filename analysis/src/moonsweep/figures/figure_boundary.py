"""The decision boundary of the picks' networks, with the samples of both sets, and with fresh ones."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from dataclasses import replace
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from moonsweep.figures import theme
from moonsweep.figures.figure_data import scatter_samples
from moonsweep.figures.subject import Subject
from moonsweep.network import Network, network
from moonsweep.samples import Samples, make_moons, samples_of

MOST_PICKS: Final = 4
FRESH_SAMPLES: Final = 500  # as in the article
RING: Final[dict[str, Any]] = {"facecolors": "none", "edgecolors": theme.INK, "linewidths": 0.9}


def draw_boundary(subject: Subject, figure: Figure) -> str | None:
    """A row for each pick, at most MOST_PICKS: the training set on the left, the dev set on the right."""
    title = "Decision boundary"
    if (reason := _hindrance(subject)) is not None:
        theme.head(figure, title, f"{subject.title}: {subject.pick_reason}")
        return theme.nothing(figure, reason)
    picks = subject.picks[:MOST_PICKS]
    first = int(subject.frame.loc[picks[0], "dataset"])
    shown = np.vstack([samples_of(subject.sweep, part, first).X for part in ("train", "dev")])
    theme.fit_height(figure, 3.5, shown, below=0.75, rows=len(picks))
    subtitle = (
        f"{subject.label(picks[0])} ({subject.pick_reason})" if len(picks) == 1 else subject.pick_reason
    )
    if len(picks) < len(subject.picks):
        subtitle += f"; the first {len(picks)} of {len(subject.picks)}"
    theme.head(figure, title, subtitle)
    panels = figure.subplots(len(picks), 2, sharex=True, sharey=True, squeeze=False)
    for row, config in enumerate(picks):
        dataset = int(subject.frame.loc[config, "dataset"])
        for axes, part in zip(panels[row], ("train", "dev"), strict=True):
            samples = samples_of(subject.sweep, part, dataset)
            colours = plot_boundary(axes, subject, network(subject.sweep, config), samples)
            name = f"{part} accuracy {subject.frame.loc[config, f'{part}_accuracy']:.2f} %"
            axes.set_title(name if len(picks) == 1 else f"{subject.label(config)}\n{name}")
            axes.set_xlabel(axes.get_xlabel() if row == len(picks) - 1 else "")
        panels[row, 1].set_ylabel("")
    _finish(figure, subject, panels.ravel().tolist(), colours)
    return None


def draw_fresh(subject: Subject, figure: Figure) -> str | None:
    """The first pick's network on new samples that it was not trained or selected on."""
    title = "Accuracy on fresh samples"
    reason = _hindrance(subject)
    if reason is None and subject.pick is not None and np.isnan(subject.frame.loc[subject.pick, "noise"]):
        reason = "Nothing to show: fresh samples can only be made for two moons; these data are from a file."
    if reason is not None or subject.pick is None:
        theme.head(figure, title, f"{subject.title}: {subject.pick_reason}")
        return theme.nothing(figure, str(reason))
    noise, seed, samples = fresh_samples(subject, subject.pick)
    trained = network(subject.sweep, subject.pick)
    accuracy = 100.0 * np.mean(trained.predict(samples.X) == samples.y)
    theme.fit_height(figure, 5.2, samples.X, below=0.75)
    figure.set_figwidth(7.2)
    theme.head(figure, f"{title}: {accuracy:.4g} %", f"{subject.label(subject.pick)} ({subject.pick_reason})")
    axes = figure.subplots()
    colours = plot_boundary(axes, subject, trained, samples)
    axes.set_title(f"{FRESH_SAMPLES} new samples of two moons, noise {noise:g}, seed {seed}")
    _finish(figure, subject, [axes], colours)
    return None


def fresh_samples(subject: Subject, config: int) -> tuple[float, int, Samples]:
    """The noise, the seed and new samples like those of a configuration: the article's for its data.

    The seed is 0, or 1 if 0 would make the very samples of the data set again. If the job standardizes the
    features, so are these samples.
    """
    row = subject.frame.loc[config]
    noise = float(row["noise"])
    seed = int(row["data_seed"] == 0 and row["samples"] == FRESH_SAMPLES)
    samples = make_moons(FRESH_SAMPLES, noise, seed)
    constants = subject.sweep[["feature_mean", "feature_scale"]].sel(dataset=int(row["dataset"]))
    X = (samples.X - constants["feature_mean"].values) / constants["feature_scale"].values
    return noise, seed, Samples(X, samples.y)


def plot_boundary(axes: Axes, subject: Subject, trained: Network, samples: Samples) -> QuadContourSet:
    """The probability of label 1 as colour, 0.5 as a line, the samples, rings around wrong predictions."""
    low = np.minimum(trained.low, samples.X.min(axis=0))
    high = np.maximum(trained.high, samples.X.max(axis=0))
    grid = replace(trained, low=low, high=high).decision_boundary()
    across, up = grid["x1"].values, grid["x2"].values
    colours = axes.contourf(across, up, grid.values, np.linspace(0, 1, 21), cmap=theme.PROBABILITY)
    axes.contour(across, up, grid.values, [0.5], colors=theme.INK, linewidths=1.4)
    scatter_samples(axes, samples, subject)
    wrong = samples.X[trained.predict(samples.X) != samples.y]
    axes.scatter(wrong[:, 0], wrong[:, 1], s=34, label="predicted wrong", **RING)
    axes.set_ylabel(subject.feature_names[1])
    axes.grid(visible=False)
    axes.set_aspect("equal", adjustable="box")
    return colours


def _hindrance(subject: Subject) -> str | None:
    """Why there is nothing to show, if so."""
    n_x = subject.sweep.sizes["feature"]
    if not subject.picks:
        return f"Nothing to show: {subject.pick_reason}."
    for config in subject.picks:
        status = str(subject.frame.loc[config, "status"])
        if status in ("pending", "dropped"):
            return f"Nothing to show: configuration {config} is {status}, and has no parameters."
    if n_x != 2:
        return f"A boundary can only be drawn for two features; these data have {n_x}."
    return None


def _finish(figure: Figure, subject: Subject, panels: list[Axes], colours: QuadContourSet) -> None:
    """The colour bar and the legend."""
    bar = figure.colorbar(colours, ax=panels, shrink=0.9, aspect=25, ticks=[0, 0.25, 0.5, 0.75, 1])
    bar.set_label(f"probability of {subject.label_names[1]}")
    bar.outline.set_visible(False)
    handles, _ = panels[0].get_legend_handles_labels()
    line = Line2D([], [], color=theme.INK, linewidth=1.4, label="probability 0.5")
    theme.legend(figure, [*handles, line], markerscale=1.3)
