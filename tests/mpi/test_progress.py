"""Progress messages: a live line on a terminal, plain lines in logs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import signal
import subprocess
import time

import pytest

from lib import job_file, processes, result_file, waiting
from lib.terminal import Printer

LONG = {"samples": 20000, "n_h": "[50]", "seed": "[0, 1, 2]", "iterations": "[100, 200000]"}

# The time between two drawings of a live line.
LIVE_INTERVAL_S = 0.2


@pytest.fixture
def begin(start):
    """Starts a sweep that writes its progress to `stderr`. more: options; asked: the environment variables that affect
    progress."""

    def run(job, output, stderr, ranks=1, more=(), **asked):
        environment = {"NO_COLOR": None, "MOONSWEEP_PROGRESS": None, "TERM": "xterm", **asked}
        return start(
            "run", job, "-o", output, *more, ranks=ranks, stdout=subprocess.DEVNULL, stderr=stderr, env=environment
        )

    return run


def lines_of(text):
    """The lines of progress in a log."""
    return [line for line in text.splitlines() if "iterations/s" in line]


def suspend_training(sweep, output):
    """Suspends rank 1 of a sweep whose rank 0 does not train, so that it goes on without processor time."""
    waiting.until(lambda: result_file.finals(output) > 0, running=sweep)
    rank = processes.ranks_of(sweep)[1]
    os.kill(rank, signal.SIGSTOP)
    return rank


@pytest.mark.parametrize("lines", [1, pytest.param(3, marks=pytest.mark.long)])
def test_a_log_gets_a_line_every_ten_seconds_and_a_summary_without_control_characters(begin, tmp_path, lines):
    """However late a line is, no line comes before its time. Only the sweep that logs to a file, which has no
    launcher, trains all the time."""
    job = job_file.write(tmp_path, **LONG)
    logs = {"pipe": Printer(os.pipe), "dumb": Printer(), "no_color": Printer()}
    environments = {"dumb": {"TERM": "dumb"}, "no_color": {"NO_COLOR": "1"}}
    began = time.monotonic()
    with (tmp_path / "file.log").open("w") as file:
        running = {"file": begin(job, tmp_path / "file.h5", file, ranks=0)}
    for name, log in logs.items():
        options = {"ranks": 2, "more": ["--coordinator", "dedicated"], **environments.get(name, {})}
        running[name] = begin(job, tmp_path / f"{name}.h5", log.slave, **options)
    suspended = [suspend_training(running[name], tmp_path / f"{name}.h5") for name in logs]

    def have_all():
        texts = [(tmp_path / "file.log").read_text(), *(log.written.decode() for log in logs.values())]
        found = [len(lines_of(text)) for text in texts]
        assert 10 * max(found) <= time.monotonic() - began, texts
        return min(found) >= lines

    waiting.until(have_all, running=running["file"])
    processes.kill(suspended, signal.SIGCONT)
    for sweep in running.values():
        processes.stop(sweep)
    texts = {"file": (tmp_path / "file.log").read_text(), **{name: log.text() for name, log in logs.items()}}
    for name, text in texts.items():
        assert not re.search(r"[^\n\x20-\x7e]", text), (name, text)
        kernels, rest = text.split("\n", 1)
        assert f"{name}.h5: kernels: " in kernels
        progress, summary = rest.split(f"{name}.h5: ", 1)
        assert len(lines_of(progress)) == progress.count("\n") >= lines, (name, text)
        assert all(" of 6 configurations, " in line for line in lines_of(progress)), (name, text)
        assert re.match(r"\d of 6 configurations done", summary), (name, text)


@pytest.mark.parametrize("ranks", [1, 2])
def test_a_terminal_gets_one_live_line_through_mpirun(begin, tmp_path, ranks):
    terminal, began = Printer(), time.monotonic()
    sweep = begin(job_file.write(tmp_path, **LONG), tmp_path / "out.h5", terminal.slave, ranks)
    waiting.until(lambda: terminal.written.count(b"iterations/s") >= 5, running=sweep)
    processes.stop(sweep)
    text = terminal.text()
    kernels, live = text.split("\n")[:2]
    assert ": kernels: " in kernels
    drawn = [part for part in live.split("\r") if "iterations/s" in part]
    assert 5 <= len(drawn) <= (time.monotonic() - began) / LIVE_INTERVAL_S, text
    assert all(len(part) <= 79 for part in drawn), text
    assert "\x1b" not in text


@pytest.mark.parametrize(("asked", "is_live"), [("live", True), ("plain", False), ("off", False)])
def test_the_environment_can_choose_the_kind_of_progress(begin, tmp_path, asked, is_live):
    """A live line would be drawn several times until the sweep has trained for a second."""
    output, log = tmp_path / "out.h5", tmp_path / "log"
    with log.open("w") as file:
        sweep = begin(job_file.write(tmp_path, **LONG), output, file, MOONSWEEP_PROGRESS=asked)
    waiting.until(lambda: result_file.finals(output) > 0, running=sweep)
    (rank,) = processes.ranks_of(sweep).values()
    before = processes.cpu_seconds(rank)
    waiting.until(lambda: processes.cpu_seconds(rank) >= before + 5 * LIVE_INTERVAL_S, running=sweep)
    processes.stop(sweep)
    with log.open(newline="") as file:
        assert ("\r" in file.read()) == is_live


def test_a_rank_without_progress_is_named_until_it_makes_progress(begin, tmp_path):
    job, log = job_file.write(tmp_path, **LONG), tmp_path / "log"
    with log.open("w") as file:
        sweep = begin(job, tmp_path / "out.h5", file, 2, ["--coordinator", "dedicated"], MOONSWEEP_PROGRESS="live")
    waiting.until(lambda: re.search(r"\d+:\d\d left  \d", log.read_text()), running=sweep)
    ranks = processes.ranks_of(sweep)
    os.kill(ranks[1], signal.SIGSTOP)
    try:
        waiting.until(lambda: "  no progress of rank 1 for 0:1" in log.read_text(), running=sweep)
    finally:
        os.kill(ranks[1], signal.SIGCONT)
    shown = len(log.read_text())
    waiting.until(lambda: "left  " in log.read_text()[shown:].rpartition("no progress")[2], running=sweep)
    processes.stop(sweep)


def shares(text):
    """The filled share of the bar in each live line."""
    return [bar.count("#") / len(bar) for bar in re.findall(r"\[([#.]+)\]", text)]


def test_progress_includes_the_work_of_earlier_runs(begin, start, moonsweep, tmp_path):
    """All trajectories take the same time: when two fifths of them are done, two fifths of the bar are filled. Both
    runs are stopped long before the end."""
    job = job_file.write(tmp_path, samples=2000, n_h="[20]", seed=list(range(20)), iterations="[10000]")
    output, log = tmp_path / "out.h5", tmp_path / "log"
    first = start("run", job, "-o", output, "-q", ranks=1)
    waiting.until(lambda: result_file.finals(output) >= 8, running=first)
    processes.stop(first)
    kept, every = map(int, re.search(r"(\d+) of (\d+) iterations", moonsweep("status", output).stdout).groups())
    with log.open("w") as file:
        second = begin(job, output, file, MOONSWEEP_PROGRESS="live")
    waiting.until(lambda: shares(log.read_text()), running=second)
    processes.stop(second)
    assert shares(log.read_text())[0] >= kept / every - 1 / 10  # a bar has at least 10 columns
