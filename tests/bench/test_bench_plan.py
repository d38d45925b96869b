"""Tests how bench_plan.py finds the load of other programs, and the whole benchmark with few iterations."""

import os
import subprocess
import sys

import bench_plan
import pytest


def test_busy_time_is_all_but_idle_and_waiting():
    ticks = os.sysconf("SC_CLK_TCK")
    # user nice system idle iowait irq softirq steal guest guest_nice
    counts = [10 * ticks, ticks, 2 * ticks, 999999, 88888, 3 * ticks, 4 * ticks, 5 * ticks, 6 * ticks, 7]
    text = f"cpu  {' '.join(map(str, counts))}\ncpu0 1 1\n"
    assert bench_plan.busy_seconds(text) == 10 + 1 + 2 + 3 + 4 + 5


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
