"""Tests the load that follows from the costs of messages, and the whole benchmark with short phases."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys

import bench_coordinator
import pytest

MESSAGES = {"idle": 0.03, "poll": 100, "totals": 1000, "lease": 10000}


@pytest.mark.parametrize(("ranks", "reports_per_s"), [(1000, 4000), (10000, 40000), (100000, 40000)])
def test_the_load_is_the_cost_of_all_messages_of_a_second(ranks, reports_per_s):
    load = bench_coordinator.Load.of(ranks, MESSAGES, {"look": 2.5e6})
    assert load.idle == pytest.approx(3)
    assert load.totals == pytest.approx(100 * reports_per_s * 1000e-9)
    assert load.leases == pytest.approx(100 * 5000 * 10000e-9)
    assert load.looks == pytest.approx(1)


def test_the_benchmark_measures_everything_and_prints_the_load(source, build):
    command = [sys.executable, source / "tests/bench/bench_coordinator.py", "--build", build]
    done = subprocess.run([*command, "--quick", "--repeats", "1"], capture_output=True, text=True, check=True)
    alone, messages, loads, load = done.stdout.strip().split("\n\n")
    figures = [line.split()[2:] for line in alone.splitlines()[2:]]
    assert len(figures) == 3 and all(float(figure.replace(",", "")) > 0 for line in figures for figure in line)
    assert [line.split("  ")[0] for line in messages.splitlines()[1:]] == ["shared memory", "TCP"]
    assert len(loads.splitlines()) == 1 + 2 * 3
    assert load.startswith("load of rank 0 with 10,000 ranks: ")
