"""Tests the benchmark of the choice of kernels, with sweeps that are too short to measure anything."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys

import bench_choice
import process_cost
import pytest


def cost(core_s, wall_s):
    return process_cost.Cost(core_s, wall_s, 0, 0, 0, 0)


def test_a_line_states_medians_of_the_ratios_of_each_turn():
    found = [
        bench_choice.Turn(True, cost(1.01, 9), cost(1.0, 3)),
        bench_choice.Turn(True, cost(2.10, 9), cost(2.0, 5)),
        bench_choice.Turn(False, cost(4.08, 9), cost(4.0, 4)),
    ]
    assert bench_choice.row(found) == pytest.approx([2, 2.0, 4, 80, 2, 1.5, 3.5])


@pytest.mark.parametrize(
    ("line", "kernel", "measured"),
    [
        ("out.h5: kernels: avx2\n", "avx2", False),
        ("a: b.h5: kernels: avx512-reciprocal (tanh 50: avx512-reciprocal 0.21 ns)\n", "avx512-reciprocal", True),
    ],
)
def test_the_first_line_of_a_run_says_what_was_chosen(line, kernel, measured):
    found = bench_choice.FIRST_LINE.search(line)
    assert (found["kernel"], found["measured"] is not None) == (kernel, measured)


def test_the_benchmark_has_a_line_for_each_sweep(source, build):
    command = [sys.executable, source / "tests/bench/bench_choice.py", "--build", build, "--rounds", "2"]
    done = subprocess.run([*command, "--iterations", "10", "200"], capture_output=True, text=True, check=True)
    _, head, *lines = done.stdout.splitlines()
    assert head.split()[:4] == ["iterations", "measured", "core-s", "wall"]
    assert [line.split()[:2] for line in lines] == [["10", "0.00"], ["200", "0.00"]]
