"""The figures of a sweep, as PNG files.

    with moonsweep.open("out.h5") as sweep:
        for path, note in write_figures(Subject.of(sweep), Path("figures")):
            print(path, note or "")

Each figure is drawn by a function, which draws a Subject on an empty matplotlib Figure. If there is nothing
to show, it writes a message in the figure and returns it. FIGURES lists all functions.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from moonsweep.figures import theme
from moonsweep.figures.figure_accuracies import draw_accuracies
from moonsweep.figures.figure_boundary import draw_boundary
from moonsweep.figures.figure_costs import draw_costs
from moonsweep.figures.figure_data import draw_data
from moonsweep.figures.figure_selection import draw_selection
from moonsweep.figures.figure_times import draw_times
from moonsweep.figures.subject import Subject

#: File name and drawing function of each figure, in the order in which they are drawn.
FIGURES: Final[dict[str, Callable[[Subject, Figure], str | None]]] = {
    "data.png": draw_data,
    "accuracies.png": draw_accuracies,
    "selection.png": draw_selection,
    "time_accuracy.png": draw_times,
    "boundary.png": draw_boundary,
    "costs.png": draw_costs,
}


def write_figures(subject: Subject, folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Draws every figure into an existing folder; yields each path with a note if there is nothing to show.

    Existing files of these names are replaced. Errors: OSError.
    """
    for name, draw in FIGURES.items():
        path = folder / name
        with mpl.rc_context(theme.SETTINGS):
            figure = Figure(figsize=theme.SIZE, dpi=theme.DPI)
            canvas = FigureCanvasAgg(figure)
            note = draw(subject, figure)
            canvas.print_png(path)
        yield path, note


__all__ = ["FIGURES", "Subject", "write_figures"]
