"""Measures what a program costs: times, memory, and what it writes."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess
import time
from pathlib import Path
from typing import NamedTuple


class ProgramFailed(Exception):
    """A program ended with another status than expected."""


class Cost(NamedTuple):
    core_s: float  # user and system time of the program and of those that it started
    wall_s: float
    peak_bytes: int  # of memory, in the largest process
    writes: int  # calls of the system
    written_bytes: int
    dirtied_bytes: int  # of the pages of files that the kernel had to mark for writing: a large page counts as a whole


def counters(text):
    """The counters of a process and its children that have ended, from the text of its /proc/PID/io."""
    found = dict(line.split(": ") for line in text.splitlines())
    return [int(found[name]) for name in ("syscw", "wchar", "write_bytes")]


def own_counters():
    return counters(Path("/proc/self/io").read_text(encoding="ascii"))


def measure(command, statuses=(0,), **options):
    """Runs a program that must end with one of these statuses. Returns its Cost and its output, errors included."""
    command = [str(word) for word in command]
    before = own_counters()
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options) as process:
        output = process.stdout.read()
        _, ended, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode not in statuses:
        raise ProgramFailed(f"{' '.join(command)} ended with status {process.returncode}:\n{output.strip()}")
    deltas = [after - first for first, after in zip(before, own_counters(), strict=True)]
    return Cost(usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss * 1024, *deltas), output
