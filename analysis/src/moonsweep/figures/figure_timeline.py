"""The timeline of the sweep: which rank trained what, and when."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from moonsweep.figures import theme
from moonsweep.figures.subject import Subject
from moonsweep.runs import runs
from moonsweep.timeline import busy, timeline

MOST_RUNS: Final = 6
SEVERAL: Final = "#9c9c9c"  # leases with several activations, or of which they are not known
HELPING: Final = "#dcdcdc"  # ranks that helped others
MOST_NAMED: Final = 24  # ranks whose numbers are readable


def draw_timeline(subject: Subject, figure: Figure) -> str | None:
    """A panel for each of the last runs, a row for each rank; gaps are idle time."""
    title = "Timeline of the sweep"
    try:
        rows = timeline(subject.sweep)
    except ValueError as error:
        theme.head(figure, title, subject.title)
        return theme.nothing(figure, f"Nothing to show: {error}.")
    shown = sorted(rows["run"].unique())[-MOST_RUNS:]
    subtitle = f"{subject.title}: {theme.count(rows['run'].nunique(), 'run')} with work; gaps are idle time"
    subtitle += f"; the last {len(shown)}" if rows["run"].nunique() > len(shown) else ""
    ranks = [int(rows.loc[rows["run"] == run, "rank"].max()) + 1 for run in shown]
    heights = [float(np.clip(0.28 * count, 0.7, 3.0)) for count in ranks]
    figure.set_figheight(1.9 + sum(heights) + 0.75 * len(heights))
    theme.head(figure, title, subtitle)
    if rows.empty:
        return theme.nothing(figure, f"Nothing to show: no rank has had any work{subject.yet}.")
    panels = figure.subplots(len(shown), 1, squeeze=False, height_ratios=heights)[:, 0]
    about = runs(subject.sweep)
    for axes, run in zip(panels, shown, strict=True):
        plot_timeline(axes, subject, rows[rows["run"] == run])
        axes.set_title(_title(int(run), about, busy(rows)))
    for axes in panels[:-1]:
        axes.set_xlabel("")
    theme.legend(figure, _handles(subject, rows))
    return None


def plot_timeline(axes: Axes, subject: Subject, rows: pd.DataFrame) -> None:
    """A bar for each lease of one run, from moonsweep.timeline; the colour is that of its activation."""
    for colour, _, chosen in _kinds(subject, rows):
        axes.barh(
            chosen["rank"],
            chosen["end_s"] - chosen["start_s"],
            left=chosen["start_s"],
            height=0.78,
            color=colour,
            edgecolor="white",
            linewidth=0.3,
        )
    ranks = int(rows["rank"].max()) + 1 if len(rows) else 1
    axes.set_ylim(ranks - 0.5, -0.5)
    every = -(-ranks // MOST_NAMED)
    axes.set_yticks(range(0, ranks, every))
    axes.set_xlim(left=0)
    axes.set_xlabel("time since the start of the run / s")
    axes.set_ylabel("rank")
    axes.grid(visible=False, axis="y")


def _title(run: int, about: pd.DataFrame, shares: pd.Series) -> str:
    """What is known of a run."""
    if run not in about.index:
        return f"Run {run}"
    row = about.loc[run]
    ranks = int(row["ranks"])
    trained = float(shares.loc[run].sum()) / max(ranks, 1)
    started = row["started"].strftime("%Y-%m-%d %H:%M:%S UTC")
    text = f"Run {run}, {started}: {row['how_ended']}, {theme.count(ranks, 'rank')}"
    return f"{text}, which had work {100 * trained:.1f} % of the time"


def _kinds(subject: Subject, rows: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """The kinds of leases that there are: the colour, the name and the rows of each."""
    helps = rows["count"] == 0
    kinds = [
        (theme.activation_style(activation)["color"], activation, rows[rows["activation"] == activation])
        for activation in subject.activations
    ]
    kinds.append((SEVERAL, "several activations or unknown", rows[(rows["activation"] == "") & ~helps]))
    kinds.append((HELPING, "helped other ranks", rows[helps]))
    return [kind for kind in kinds if not kind[2].empty]


def _handles(subject: Subject, rows: pd.DataFrame) -> list[Patch]:
    return [Patch(color=colour, label=name) for colour, name, _ in _kinds(subject, rows)]
