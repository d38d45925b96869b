"""The notebook runs from the first cell to the last, and its stored output is what it prints."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "explore.ipynb"
ROOT = Path(__file__).parents[2]

#: The part of the default sweep that contains the article's pick and trains in seconds.
SHORT = (
    "n_h=[1, 2, 3]",
    "activation=[tanh, relu]",
    "learning_rate=[1.2, 0.6]",
    "iterations=[100, 1000, 10000]",
)


def cells() -> list[dict[str, object]]:
    return [cell for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]


def run(result: Path) -> list[str]:
    """Runs all cells in another process, and returns what each prints."""
    mark = "end of the cell"
    sources = ["".join(cell["source"]) for cell in cells()]
    program = f"\nprint({mark!r})\n".join(sources)
    environment = {**os.environ, "MPLBACKEND": "agg", "MOONSWEEP_RESULT": str(result)}
    command = [sys.executable, "-W", "error", "-W", "ignore:FigureCanvasAgg", "-c", program]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
        env=environment,
        cwd=NOTEBOOK.parent,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(f"{mark}\n")


def stored() -> list[str]:
    """What each cell printed when the notebook was executed for the default sweep."""
    return [
        "".join(
            "".join(output["text"])
            for output in cell["outputs"]
            if output["output_type"] == "stream" and output["name"] == "stdout"
        )
        for cell in cells()
    ]


@pytest.fixture(scope="module")
def short(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("notebook") / "out.h5"
    settings = [word for setting in SHORT for word in ("--set", f"grid.{setting}")]
    run_program("run", ROOT / "jobs" / "moons420.yaml", "-o", path, "-q", *settings)
    return path


def test_the_notebook_finds_the_article_s_pick_and_its_published_accuracies(short: Path) -> None:
    printed = run(short)
    assert printed[0].startswith("moons420: 36 configurations, 36 done\n")
    pick, fresh = (
        number for number, text in enumerate(stored()) if "accuracy " in text and "n_h" not in text
    )
    for cell in (pick, fresh):
        assert printed[cell] == stored()[cell]
    assert printed[pick] == (
        "3 tanh, rate 0.6, 10000 iterations\ntrain accuracy 95.12 %, dev accuracy 94.25 %\n"
    )
    assert printed[fresh] == "accuracy on fresh samples: 93.6 %\n"


def test_every_cell_was_executed_and_every_figure_is_stored() -> None:
    for number, cell in enumerate(cells(), 1):
        assert cell["execution_count"] == number
        assert all(output["output_type"] != "error" for output in cell["outputs"])
        pictures = [o for o in cell["outputs"] if "image/png" in o.get("data", {})]
        assert len(pictures) == "".join(cell["source"]).count("plt.show()")
    assert NOTEBOOK.stat().st_size < 600_000


@pytest.mark.long
def test_the_stored_output_is_that_of_the_default_sweep(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    run_program("run", ROOT / "jobs" / "moons420.yaml", "-o", tmp_path / "moons420.h5", "-q")
    assert run(tmp_path / "moons420.h5") == stored()
