"""The whole benchmark with few iterations."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys

import pytest


def test_the_benchmark_prints_what_was_planned_and_what_was_needed(source, build):
    command = [sys.executable, source / "tests/bench/bench_plan.py", "--build", build]
    done = subprocess.run([*command, "--quick", "--repeats", "2"], capture_output=True, text=True, check=True)
    table, ratios = done.stdout.split("\n\n")
    lines = [line.split()[2:] for line in table.splitlines()[2:]]
    assert len(lines) == 2
    for planned, needed, ratio, *_ in lines:
        # The columns are rounded to three digits.
        assert float(planned) / float(needed) == pytest.approx(float(ratio), rel=0.05)
    assert [line.split(":")[0] for line in ratios.splitlines()] == [
        "core-seconds, planned / needed", "wall time, planned / needed"
    ]  # fmt: skip
