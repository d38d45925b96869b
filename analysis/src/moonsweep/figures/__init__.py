"""The figures of a sweep, as PNG, PDF or SVG files.

    with moonsweep.open("out.h5") as sweep:
        for path, note in write_figures(Subject.of(sweep), Path("figures")):
            print(path, note or "")

Each figure is drawn by a function, which draws a Subject on an empty matplotlib Figure. If there is nothing
to show, it writes a message in the figure and returns it. FIGURES lists all functions. The functions
moonsweep.plot draw the same on axes.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from moonsweep.figures import theme
from moonsweep.figures.figure_accuracies import draw_accuracies
from moonsweep.figures.figure_boundary import draw_boundary, draw_fresh
from moonsweep.figures.figure_compared import draw_compared
from moonsweep.figures.figure_cost_bundles import draw_cost_bundles
from moonsweep.figures.figure_costs import draw_costs
from moonsweep.figures.figure_data import draw_data
from moonsweep.figures.figure_heatmaps import draw_heatmaps
from moonsweep.figures.figure_hidden_units import draw_hidden_units
from moonsweep.figures.figure_importance import draw_importance
from moonsweep.figures.figure_seeds import draw_seeds
from moonsweep.figures.figure_selection import draw_selection
from moonsweep.figures.figure_time_accuracy import draw_time_accuracy
from moonsweep.figures.figure_timeline import draw_timeline
from moonsweep.figures.subject import Subject

#: Name and drawing function of each figure, in the order in which they are drawn: first the article's steps.
FIGURES: Final[dict[str, Callable[[Subject, Figure], str | None]]] = {
    "data": draw_data,
    "accuracies": draw_accuracies,
    "selection": draw_selection,
    "time_accuracy": draw_time_accuracy,
    "boundary": draw_boundary,
    "fresh": draw_fresh,
    "costs": draw_costs,
    "cost_bundles": draw_cost_bundles,
    "hidden_units": draw_hidden_units,
    "heatmaps": draw_heatmaps,
    "seeds": draw_seeds,
    "importance": draw_importance,
    "timeline": draw_timeline,
}

#: The figure that is only drawn if there is another sweep.
COMPARED: Final = {"compared": draw_compared}

#: The formats of the files. What would differ from one time to the next is left out of each.
FORMATS: Final = {"png": {}, "pdf": {"CreationDate": None}, "svg": {"Date": None}}


def write_figures(
    subject: Subject, folder: Path, formats: Sequence[str] = ("png",)
) -> Iterator[tuple[Path, str | None]]:
    """Draws every figure into an existing folder; yields each path with a note if there is nothing to show.

    The figure of COMPARED is drawn if the subject has another sweep. formats: of FORMATS. Existing files of
    these names are replaced. Errors: OSError.
    """
    figures = FIGURES if subject.other is None else FIGURES | COMPARED
    for name, draw in figures.items():
        with mpl.rc_context(theme.SETTINGS):
            figure = Figure(figsize=theme.SIZE, dpi=theme.DPI)
            FigureCanvasAgg(figure)
            note = draw(subject, figure)
            for number, form in enumerate(formats):
                path = folder / f"{name}.{form}"
                figure.savefig(path, format=form, metadata=FORMATS[form])
                figure.set_layout_engine("none")  # the other formats have the same layout
                yield path, note if number == 0 else None


__all__ = ["FIGURES", "FORMATS", "Subject", "write_figures"]
