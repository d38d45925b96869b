"""data.png: the samples of the training and the dev set."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject
from moonsweep.samples import Samples, samples_of


def draw_data(subject: Subject, figure: Figure) -> None:
    """The first two features of every sample, or the distribution of a single feature."""
    n_x = subject.sweep.sizes["feature"]
    n_datasets = subject.sweep.sizes["dataset"]
    parts = {"train": "Training set", "dev": "Dev set"}
    samples = {part: samples_of(subject.sweep, part) for part in parts}
    subtitle = f"{subject.title}: {theme.count(sum(len(s.y) for s in samples.values()), 'sample')}"
    if n_x > 2:
        subtitle += f", the first 2 of {n_x} features"
    if n_datasets > 1:
        subtitle += f", the first of {n_datasets} data sets"
    if n_x > 1:
        shown = np.vstack([part.X[:, :2] for part in samples.values()])
        theme.fit_height(figure, 4.0, shown, below=0.75)
    theme.head(figure, "The data", subtitle)
    panels = figure.subplots(1, 2, sharex=True, sharey=n_x > 1)
    for axes, (part, title) in zip(panels, parts.items(), strict=True):
        plot_data(axes, subject, part)
        axes.set_title(f"{title}: {theme.count(len(samples[part].y), 'sample')}")
    panels[1].set_ylabel("")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, markerscale=1.6)


def plot_data(axes: Axes, subject: Subject, part: str, dataset: int = 0) -> None:
    """The samples of a part ("train" or "dev") of a data set."""
    samples = samples_of(subject.sweep, part, dataset)
    if subject.sweep.sizes["feature"] == 1:
        _draw_distribution(axes, samples, subject)
        axes.set_ylabel("samples")
        return
    scatter_samples(axes, samples, subject)
    axes.set_ylabel(subject.feature_names[1])
    axes.set_aspect("equal", adjustable="box")


def scatter_samples(axes: Axes, samples: Samples, subject: Subject) -> None:
    """The first two features of the samples, with a colour and a marker for each label."""
    size = float(np.clip(2.4e4 / max(len(samples.y), 1), 4, 22))
    for label, name in enumerate(subject.label_names):
        chosen = samples.X[samples.y == label]
        axes.scatter(
            chosen[:, 0],
            chosen[:, 1],
            s=size,
            color=theme.LABEL_COLOURS[label],
            marker=theme.GROUP_MARKERS[label],
            alpha=0.75,
            linewidths=0,
            label=name,
        )
    axes.set_xlabel(subject.feature_names[0])


def _draw_distribution(axes: Axes, samples: Samples, subject: Subject) -> None:
    edges = np.histogram_bin_edges(samples.X[:, 0], bins=40)
    for label, name in enumerate(subject.label_names):
        chosen = samples.X[samples.y == label, 0]
        axes.hist(chosen, edges.tolist(), color=theme.LABEL_COLOURS[label], alpha=0.6, label=name)
    axes.set_xlabel(subject.feature_names[0])
