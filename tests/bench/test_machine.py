"""How the benchmarks find the load of other programs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess
import sys

import machine


def test_busy_time_is_all_but_idle_and_waiting():
    ticks = os.sysconf("SC_CLK_TCK")
    # user nice system idle iowait irq softirq steal guest guest_nice
    counts = [10 * ticks, ticks, 2 * ticks, 999999, 88888, 3 * ticks, 4 * ticks, 5 * ticks, 6 * ticks, 7]
    text = f"cpu  {' '.join(map(str, counts))}\ncpu0 1 1\n"
    assert machine.busy_seconds(text) == 10 + 1 + 2 + 3 + 4 + 5


def test_others_are_what_this_program_and_its_own_have_not_used():
    before, after = machine.Use(100.0, 50.0, 7.0), machine.Use(110.0, 75.0, 12.0)
    assert before.others_until(after) == 2.0
    assert before.others_until(after, started_s=15) == 0.5
    assert before.others_until(after, started_s=30) == 0  # times are rounded to ticks


def test_a_program_that_was_started_and_has_ended_counts_as_own():
    before = machine.Use.now()
    subprocess.run([sys.executable, "-c", "while __import__('time').process_time() < 0.3: pass"], check=True)
    assert machine.Use.now().own_s - before.own_s >= 0.25
