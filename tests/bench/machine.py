"""The machine on which a benchmark runs: what it is, and what other programs do on it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import platform
import re
import time
from pathlib import Path
from typing import NamedTuple


def processor():
    """The processor's name, or its architecture if the name is unknown."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return model[1] if model else platform.machine()


def has_avx2():
    """Whether the processor has the instruction set AVX2."""
    flags = re.search(r"^flags\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return flags is not None and "avx2" in flags[1].split()


def line(cores):
    """The processor, this number of cores with their unit, and the load, for the top of a benchmark's output."""
    return f"{processor()}, {cores}, load {os.getloadavg()[1]:.1f}"


def busy_seconds(text):
    """The processor seconds that all programs have used, from the text of /proc/stat: all but idle and waiting for a
    disk. The times of guests are contained in those of user processes."""
    user, nice, system, _idle, _iowait, *others = map(int, text.splitlines()[0].split()[1:9])
    return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")


class Use(NamedTuple):
    """What has been used up to an instant."""

    instant_s: float
    busy_s: float  # processor seconds of all programs
    own_s: float  # processor seconds of this program and of those that it has started and that have ended

    @classmethod
    def now(cls):
        times = os.times()
        own_s = times.user + times.system + times.children_user + times.children_system
        return cls(time.monotonic(), busy_seconds(Path("/proc/stat").read_text(encoding="ascii")), own_s)

    def others_until(self, later, started_s=0):
        """The number of cores that other programs used, on average, from this instant to a later one.

        started_s: what those have used meanwhile that this program has started, and that have not ended.
        """
        own_s = later.own_s - self.own_s + started_s
        return max(later.busy_s - self.busy_s - own_s, 0) / (later.instant_s - self.instant_s)


def others(seconds=1.0):
    """The number of cores that other programs use in the next seconds, on average."""
    before = Use.now()
    time.sleep(seconds)
    return before.others_until(Use.now())
