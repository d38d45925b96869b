"""The common style of all figures: colours that colour-blind readers can distinguish, titles, messages."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

SIZE: Final = (9.0, 5.6)  # inches
DPI: Final = 160

INK: Final = "#222222"
MUTED: Final = "#6b6b6b"
FAINT: Final = "#f1f1f1"

# The palette of Okabe and Ito, whose colours also differ in lightness. Groups also have different markers.
LABEL_COLOURS: Final = ("#0072B2", "#D55E00")
GROUP_COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
GROUP_MARKERS: Final = ("o", "^", "s", "D", "v", "P")

#: Of activations, which have the same colour and marker in all figures.
ACTIVATIONS: Final = ("tanh", "sigmoid", "relu")

#: For values in an order, such as learning rates or accuracies.
SEQUENTIAL: Final = "viridis"

#: Where an axis of accuracies may have ticks, in percent.
TICKS: Final = (0, 20, 40, 50, 60, 70, 80, 85, 90, 92, 94, 95, 96, 97, 98, 99, 99.5, 99.9, 100)

#: From label 0's colour through white to label 1's.
PROBABILITY: Final = LinearSegmentedColormap.from_list("probability", ["#7fb8d8", "#ffffff", "#eaae80"])

SETTINGS: Final[dict[Any, Any]] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#9a9a9a",
    "axes.formatter.use_mathtext": True,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.7,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "legend.handletextpad": 0.5,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "svg.hashsalt": "moonsweep",
}


def plain(text: str) -> str:
    """Escapes a text of the user for matplotlib, so that a $ does not begin a formula."""
    return text.replace("$", r"\$")


def count(number: int, noun: str) -> str:
    """A count with its noun: "1 sample", "1,600 samples"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def head(figure: Figure, title: str, subtitle: str) -> None:
    """Writes a title and a subtitle, and reserves space for them."""
    top = 1.0 - 0.72 / figure.get_figheight()
    figure.set_layout_engine("constrained", rect=(0.008, 0.008, 0.984, top - 0.008))
    left, height = 0.1 / figure.get_figwidth(), figure.get_figheight()
    figure.text(left, 1 - 0.12 / height, title, size=14, weight="bold", va="top")
    figure.text(left, 1 - 0.42 / height, subtitle, size=10, color=MUTED, va="top")


def fit_height(
    figure: Figure, panel_width: float, X: NDArray[np.float64], *, below: float, rows: int = 1
) -> None:
    """Sets the height of the figure for panels with equal scales on both axes.

    panel_width: of one panel, in inches; X (m, 2): the points to show; below: inches below the panels;
    rows: of panels.
    """
    width, height = np.ptp(X, axis=0)
    ratio = height / width if width > 0 and height > 0 else 1.0
    height_of_panel = float(np.clip(panel_width * ratio, 1.6, 6.5))
    figure.set_figheight(rows * height_of_panel + 0.5 * (rows - 1) + below + 1.2)


def nothing(figure: Figure, sentence: str) -> str:
    """Writes in the figure why there is nothing to show, and returns that sentence."""
    figure.text(0.5, 0.45, sentence, size=12, color=MUTED, ha="center", va="center", wrap=True)
    return sentence


def group_style(position: int) -> dict[str, Any]:
    """Colour and marker of the group at a position; they repeat cyclically."""
    return {
        "color": GROUP_COLOURS[position % len(GROUP_COLOURS)],
        "marker": GROUP_MARKERS[position % len(GROUP_MARKERS)],
    }


def activation_style(activation: str) -> dict[str, Any]:
    """Colour and marker of an activation."""
    known = ACTIVATIONS.index(activation) if activation in ACTIVATIONS else len(ACTIVATIONS)
    return group_style(known)


def label_short_log_scale(axes: Axes) -> None:
    """Ticks between the powers of ten, if the logarithmic vertical axis contains too few of these."""
    bottom, top = axes.get_ylim()
    if axes.get_yscale() == "log" and 0 < top < 100 * bottom:
        axes.yaxis.set_minor_locator(LogLocator(subs=(1.5, 2, 3, 4, 5, 7)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("{x:g}")


def shades(number: int) -> NDArray[np.float64]:
    """Colours for so many values in an order, from dark to light but never too light to see."""
    return colormaps[SEQUENTIAL](np.linspace(0.0, 0.85, number))


def legend(figure: Figure, handles: Sequence[Artist], **options: object) -> None:
    """A legend below the figure, in as many columns as there is space for."""
    if not handles:
        return
    widest = max(len(str(handle.get_label())) for handle in handles)
    columns = int((figure.get_figwidth() - 0.3) / (0.068 * widest + 0.55))
    columns = min(max(columns, 1), len(handles))
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, **options)


def empty(axes: Axes, sentence: str) -> None:
    """Writes in an empty panel why it is empty."""
    axes.text(0.5, 0.5, sentence, transform=axes.transAxes, size=9, color=MUTED, ha="center", va="center")


def accuracy_scale(axes: Axes, values: ArrayLike, step: float, apart: float = 0.055) -> None:
    """A y axis in percent that has more space the closer it is to 100, for accuracies from 50 to 100.

    values: those to show; step: the distance of neighbouring accuracies, in percentage points; apart: the
    least distance of ticks, as a share of the height.
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]

    def forward(accuracy: ArrayLike) -> NDArray[np.float64]:
        return -np.log(np.maximum(100.0 + step - np.asarray(accuracy, dtype=np.float64), 1e-9))

    def backward(scaled: ArrayLike) -> NDArray[np.float64]:
        return 100.0 + step - np.exp(-np.asarray(scaled, dtype=np.float64))

    axes.set_yscale("function", functions=(forward, backward))
    low, high = forward([known.min(initial=100.0), known.max(initial=0.0)])
    margin = max(0.05 * (high - low), 0.04)
    axes.set_ylim(*backward([low - margin, min(high + margin, forward(100.0 + 0.7 * step))]))
    bottom, top = axes.get_ylim()
    candidates = [tick for tick in TICKS if bottom <= tick <= top]
    if len(candidates) < 3:
        candidates = [
            tick for tick in MaxNLocator(6).tick_values(bottom, top) if bottom <= tick <= min(top, 100)
        ]
    least = apart * (forward(top) - forward(bottom))
    ticks: list[float] = []
    for tick in reversed(candidates):
        if not ticks or forward(ticks[-1]) - forward(tick) > least:
            ticks.append(tick)
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())


def positions_axis(axes: Axes, labels: Sequence[str], most: int = 20) -> None:
    """An x axis with a position for each label, of which as many are written as are readable."""
    every = -(-len(labels) // most)
    shown = range(0, len(labels), every)
    axes.set_xticks(list(shown), [labels[position] for position in shown])
    axes.tick_params(axis="x", length=0)
