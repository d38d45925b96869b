"""The common style of all figures: colours that colour-blind readers can distinguish, titles, messages."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

SIZE: Final = (9.0, 5.6)  # inches
DPI: Final = 160

INK: Final = "#222222"
MUTED: Final = "#6b6b6b"
FAINT: Final = "#f1f1f1"

# The palette of Okabe and Ito, whose colours also differ in lightness. Groups also have different markers.
LABEL_COLOURS: Final = ("#0072B2", "#D55E00")
GROUP_COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
GROUP_MARKERS: Final = ("o", "^", "s", "D", "v", "P")

#: From label 0's colour through white to label 1's.
PROBABILITY: Final = LinearSegmentedColormap.from_list("probability", ["#7fb8d8", "#ffffff", "#eaae80"])

SETTINGS: Final = {
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
    "figure.constrained_layout.use": True,
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
    figure.get_layout_engine().set(rect=(0.008, 0.008, 0.984, top - 0.008))
    left, height = 0.1 / figure.get_figwidth(), figure.get_figheight()
    figure.text(left, 1 - 0.12 / height, title, size=14, weight="bold", va="top")
    figure.text(left, 1 - 0.42 / height, subtitle, size=10, color=MUTED, va="top")


def fit_height(figure: Figure, panel_width: float, X: NDArray[np.float64], *, below: float) -> None:
    """Sets the height of the figure for panels with equal scales on both axes.

    panel_width: of one panel, in inches; X (m, 2): the points to show; below: inches below the panels.
    """
    width, height = np.ptp(X, axis=0)
    ratio = height / width if width > 0 and height > 0 else 1.0
    figure.set_figheight(float(np.clip(panel_width * ratio, 1.6, 6.5)) + below + 1.2)


def nothing(figure: Figure, sentence: str) -> str:
    """Writes in the figure why there is nothing to show, and returns that sentence."""
    figure.text(0.5, 0.45, sentence, size=12, color=MUTED, ha="center", va="center", wrap=True)
    return sentence


def group_style(position: int) -> dict[str, str]:
    """Colour and marker of the group at a position; they repeat cyclically."""
    return {
        "color": GROUP_COLOURS[position % len(GROUP_COLOURS)],
        "marker": GROUP_MARKERS[position % len(GROUP_MARKERS)],
    }


def percent_limits(axes: Axes, lowest: float, highest: float) -> None:
    """Sets the y axis in percent to contain the values with a margin, within about 0 to 100."""
    margin = max(0.04 * (highest - lowest), 0.25)
    axes.set_ylim(max(lowest - margin, -1.0), min(highest + margin, 101.0))
