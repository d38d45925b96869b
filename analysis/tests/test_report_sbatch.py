"""slurm/report.sbatch with this Python; tests/slurm submits it as a job."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "slurm" / "report.sbatch"


def test_the_script_makes_the_figures_and_the_report(finished: Path) -> None:
    environment = {**os.environ, "MOONSWEEP_PYTHON": sys.executable}
    words = [SCRIPT, "out.h5", "the figures"]
    done = subprocess.run(
        words, cwd=finished.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (finished.parent / "the figures").iterdir()}
    assert {"data.png", "costs.png", "report.html"} <= made
