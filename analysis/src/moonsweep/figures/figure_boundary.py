"""boundary.png: the decision boundary of the pick's network, with the samples of both sets."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from moonsweep.figures import theme
from moonsweep.figures.figure_data import scatter_samples
from moonsweep.figures.subject import Samples, Subject
from moonsweep.network import predict_probability

TITLE = "Decision boundary"
RESOLUTION = 300  # points per axis of the grid on which the network is evaluated


def draw_boundary(subject: Subject, figure: Figure) -> str | None:
    """The probability of label 1 as colour, 0.5 as a line, the samples, and crosses on wrong predictions."""
    n_x = subject.sweep.sizes["feature"]
    if subject.pick is None or n_x != 2:
        theme.head(figure, TITLE, f"{subject.title}: {subject.pick_reason}")
        if subject.pick is None:
            return theme.nothing(figure, f"Nothing to show: {subject.pick_reason}.")
        return theme.nothing(figure, f"A boundary can only be drawn for two features; these data have {n_x}.")
    row = subject.frame.loc[subject.pick]
    samples = {part: subject.samples(part, int(row["dataset"])) for part in ("train", "dev")}
    shown = np.vstack([part.X for part in samples.values()])
    theme.fit_height(figure, 3.5, shown, below=0.75)
    theme.head(figure, TITLE, f"{subject.label(subject.pick)} ({subject.pick_reason})")
    across, up, probability = _evaluate_on_grid(subject, shown)
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    for axes, (part, points) in zip(panels, samples.items(), strict=True):
        shades = axes.contourf(across, up, probability, np.linspace(0, 1, 21), cmap=theme.PROBABILITY)
        axes.contour(across, up, probability, [0.5], colors=theme.INK, linewidths=1.4)
        scatter_samples(axes, points, subject)
        _cross_out_wrong(axes, subject, points)
        axes.set_title(f"{part} accuracy {row[f'{part}_accuracy']:.2f} %")
        axes.grid(visible=False)
        axes.set_aspect("equal", adjustable="box")
    panels[0].set_ylabel(subject.feature_names[1])
    bar = figure.colorbar(shades, ax=panels, shrink=0.9, aspect=25, ticks=[0, 0.25, 0.5, 0.75, 1])
    bar.set_label(f"probability of {subject.label_names[1]}")
    bar.outline.set_visible(False)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, markerscale=1.4)
    return None


def _evaluate_on_grid(
    subject: Subject, X: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Evaluates the network around the samples: abscissae, ordinates and probabilities, as square arrays."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.06 * np.where(high > low, high - low, 1.0)
    axes = np.linspace(low - margin, high + margin, RESOLUTION)
    across, up = np.meshgrid(axes[:, 0], axes[:, 1])
    grid = np.column_stack([across.ravel(), up.ravel()])
    return across, up, predict_probability(subject.sweep, subject.pick, grid).reshape(across.shape)


def _cross_out_wrong(axes: Axes, subject: Subject, samples: Samples) -> None:
    probability = predict_probability(subject.sweep, subject.pick, samples.X)
    # A sample without a prediction, whose probability is NaN, is not predicted right.
    wrong = samples.X[~np.where(samples.y == 1, probability > 0.5, probability <= 0.5)]
    axes.scatter(
        wrong[:, 0], wrong[:, 1], s=16, marker="x", color=theme.INK, linewidths=0.8, label="predicted wrong"
    )
