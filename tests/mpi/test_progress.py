"""Progress messages: a live line on a terminal, plain lines in logs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import signal
import subprocess

import pytest

from lib import job_file, processes, result_file, waiting
from lib.terminal import Printer

LONG = {"samples": 20000, "n_h": "[50]", "seed": "[0, 1, 2]", "iterations": "[100, 200000]"}


@pytest.fixture
def begin(start):
    """Starts a sweep that writes its progress to `stderr`. asked: the environment variables that affect progress."""

    def run(job, output, stderr, ranks=1, **asked):
        environment = {"NO_COLOR": None, "MOONSWEEP_PROGRESS": None, "TERM": "xterm", **asked}
        return start("run", job, "-o", output, ranks=ranks, stdout=subprocess.DEVNULL, stderr=stderr, env=environment)

    return run


def end_after(sweep, seconds):
    with pytest.raises(subprocess.TimeoutExpired):
        sweep.wait(seconds)
    processes.stop(sweep)


@pytest.mark.parametrize("seconds", [11.5, pytest.param(31.5, marks=pytest.mark.long)])
def test_a_log_gets_a_line_every_ten_seconds_and_a_summary_without_control_characters(begin, tmp_path, seconds):
    job = job_file.write(tmp_path, **LONG)
    logs = {"file": tmp_path / "file.log", "dumb": Printer(), "no_color": Printer()}
    with logs["file"].open("w") as file:
        running = {
            "file": begin(job, tmp_path / "file.h5", file),
            "pipe": begin(job, tmp_path / "pipe.h5", subprocess.PIPE),
            "dumb": begin(job, tmp_path / "dumb.h5", logs["dumb"].slave, TERM="dumb"),
            "no_color": begin(job, tmp_path / "no_color.h5", logs["no_color"].slave, NO_COLOR="1"),
        }
    texts = {}
    with pytest.raises(subprocess.TimeoutExpired):
        running["file"].wait(seconds)
    for name, sweep in running.items():
        texts[name] = processes.stop(sweep)
    texts["file"] = logs["file"].read_text()
    texts["dumb"], texts["no_color"] = logs["dumb"].text(), logs["no_color"].text()
    for name, text in texts.items():
        assert "\r" not in text and "\x1b" not in text, (name, text)
        lines = [line for line in text.splitlines() if "iterations/s" in line]
        assert len(lines) == int(seconds / 10), (name, text)
        assert " of 6 configurations, " in lines[0]
        assert re.search(r"\d of 6 configurations done", text), (name, text)


@pytest.mark.parametrize("ranks", [1, 2])
def test_a_terminal_gets_one_live_line_through_mpirun(begin, tmp_path, ranks):
    terminal = Printer()
    sweep = begin(job_file.write(tmp_path, **LONG), tmp_path / "out.h5", terminal.slave, ranks)
    end_after(sweep, 4)
    text = terminal.text()
    kernels, live = text.split("\n")[:2]
    assert ": kernels: " in kernels
    drawn = [part for part in live.split("\r") if "iterations/s" in part]
    assert 5 <= len(drawn) <= 21, text
    assert all(len(part) <= 79 for part in drawn), text
    assert "\x1b" not in text


@pytest.mark.parametrize(("asked", "is_live"), [("live", True), ("plain", False), ("off", False)])
def test_the_environment_can_choose_the_kind_of_progress(begin, tmp_path, asked, is_live):
    log = tmp_path / "log"
    with log.open("w") as file:
        sweep = begin(job_file.write(tmp_path, **LONG), tmp_path / "out.h5", file, MOONSWEEP_PROGRESS=asked)
    end_after(sweep, 3)
    with log.open(newline="") as file:
        assert ("\r" in file.read()) == is_live


def test_a_rank_without_progress_is_named_and_the_time_left_grows(begin, tmp_path):
    log = tmp_path / "log"
    with log.open("w") as file:
        sweep = begin(job_file.write(tmp_path, **LONG), tmp_path / "out.h5", file, 2, MOONSWEEP_PROGRESS="live")
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
    estimates = [
        sum(int(part) * 60**i for i, part in enumerate(reversed(text.split(":"))))
        for text in re.findall(r"  ([\d:]+) left", log.read_text()[:shown])
    ]
    # Ten seconds without progress make the rank five times slower than in its last window.
    assert estimates[-1] > 2 * estimates[0]


def shares(text):
    """The filled share of the bar in each live line."""
    return [bar.count("#") / len(bar) for bar in re.findall(r"\[([#.]+)\]", text)]


def test_progress_includes_the_work_of_earlier_runs(begin, start, moonsweep, tmp_path):
    """Eight trajectories take the same time: when half of them are done, half of the bar is filled."""
    seeds = "[0, 1, 2, 3, 4, 5, 6, 7]"
    job = job_file.write(tmp_path, samples=2000, n_h="[20]", seed=seeds, iterations="[80000]")
    output, log = tmp_path / "out.h5", tmp_path / "log"
    first = start("run", job, "-o", output, "-q", ranks=1)
    waiting.until(lambda: result_file.finals(output) >= 4)
    processes.stop(first)
    kept, every = map(int, re.search(r"(\d+) of (\d+) iterations", moonsweep("status", output).stdout).groups())
    with log.open("w") as file:
        second = begin(job, output, file, MOONSWEEP_PROGRESS="live")
        second.wait()
    assert second.returncode == 0
    found = shares(log.read_text())
    assert found and found[0] >= kept / every - 1 / 10  # a bar has at least 10 columns
