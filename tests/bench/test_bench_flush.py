"""How long rank 0 takes to answer, from what ask_times.c notes; and the whole benchmark on few rows."""

import subprocess
import sys

import bench_flush
import pytest


def test_asks_of_a_rank_are_taken_in_their_order():
    lines = [f"sent 1 {second}.0" for second in range(10)] + [f"sent 2 {second}.5" for second in range(10)]
    lines += [f"taken 1 {second + 10}.25" for second in range(10)] + [f"taken 2 {second}.5" for second in range(10)]
    # Ten took 10.25 s, ten none.
    assert bench_flush.answer_ms(lines) == pytest.approx(10250)


def test_an_ask_that_is_never_taken_counts_for_nothing():
    lines = [*(f"sent 1 {second}.0" for second in range(5)), *(f"taken 1 {second}.5" for second in range(3))]
    assert bench_flush.answer_ms(lines) == pytest.approx(500)


def test_it_measures_both_and_prints_their_ratios(source, build, tmp_path):
    command = [sys.executable, source / "tests/bench/bench_flush.py", "--build", build, "--folder", tmp_path]
    done = subprocess.run([*command, "--quick", "--repeats", "1"], capture_output=True, text=True, check=True)
    table, ratios = done.stdout.split("\n\n")
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [["+", "0"], ["+", "300"]]
    sweep, answers = (float(line.rpartition(": ")[2]) for line in ratios.splitlines())
    assert sweep > 0 and answers > 0
    # The first flush of a sweep and its last are waited for: the delays came to pass.
    assert sweep * float(table.splitlines()[1].split()[-2]) > 0.6
