"""Tests the time that rank 0 takes to answer, from lines of ask_times.c, and the whole benchmark with few rows."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys

import bench_flush
import pytest


def test_ask_messages_of_a_rank_are_matched_in_order():
    lines = [f"sent 1 {second}.0" for second in range(10)] + [f"sent 2 {second}.5" for second in range(10)]
    lines += [f"taken 1 {second + 10}.25" for second in range(10)] + [f"taken 2 {second}.5" for second in range(10)]
    # Ten took 10.25 s, and ten 0 s.
    assert bench_flush.answer_ms(lines) == pytest.approx(10250)


def test_an_ask_message_that_is_never_received_is_ignored():
    lines = [*(f"sent 1 {second}.0" for second in range(5)), *(f"taken 1 {second}.5" for second in range(3))]
    assert bench_flush.answer_ms(lines) == pytest.approx(500)


def test_the_benchmark_measures_both_and_prints_their_ratios(source, build, tmp_path):
    command = [sys.executable, source / "tests/bench/bench_flush.py", "--build", build, "--folder", tmp_path]
    done = subprocess.run([*command, "--quick", "--repeats", "1"], capture_output=True, text=True, check=True)
    table, ratios = done.stdout.split("\n\n")
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [["+", "0"], ["+", "300"]]
    sweep, answers = (float(line.rpartition(": ")[2]) for line in ratios.splitlines())
    assert sweep > 0 and answers > 0
    # The sweep waits for its first and its last flush, so both delays must be included.
    assert sweep * float(table.splitlines()[1].split()[-2]) > 0.6
