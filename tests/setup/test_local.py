"""jobs/local.sh while a sweep runs: its output to logs and terminals, and how it is stopped."""

import os
import re
import signal
import subprocess
import time
from itertools import pairwise

import pytest

from lib import processes, result_file, waiting
from lib.terminal import Printer, Terminal

SECONDS = 25  # after which sweeps are stopped


@pytest.fixture(scope="module")
def output(source, tmp_path_factory):
    """The standard error in each environment, of sweeps that were stopped: {name: bytes}."""
    folder = tmp_path_factory.mktemp("local")
    job = source / "jobs" / "moons420.yaml"
    environments = {
        "file": ({"TERM": "xterm"}, (folder / "file.log").open("w+b")),
        "file without colour": ({"TERM": "xterm", "NO_COLOR": "1"}, (folder / "no-color.log").open("w+b")),
        "pipe": ({"TERM": "xterm"}, subprocess.PIPE),
        "dumb terminal": ({"TERM": "dumb"}, Printer()),
        "terminal": ({"TERM": "xterm"}, Printer()),
    }
    started = {}
    for name, (variables, to) in environments.items():
        started[name] = subprocess.Popen(
            [source / "jobs" / "local.sh", job, folder / f"{name}.h5"],
            cwd=folder,
            env={**os.environ, **variables},
            stdout=subprocess.DEVNULL,
            stderr=to.slave if isinstance(to, Printer) else to,
        )
    waiting.until(lambda: all((folder / f"{name}.h5").exists() for name in started), "the sweeps did not start")
    time.sleep(SECONDS)
    for name, sent in zip(started, [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1]):
        started[name].send_signal(sent)
    texts = {}
    for name, (_, to) in environments.items():
        process = started[name]
        if isinstance(to, Printer):
            process.wait()
            texts[name] = to.text().encode()
        elif to is subprocess.PIPE:
            texts[name] = process.communicate()[1]
        else:
            process.wait()
            to.seek(0)
            texts[name] = to.read()
            to.close()
        assert process.returncode == 75, texts[name]
    return texts


PLAIN = ["file", "file without colour", "pipe", "dumb terminal"]


@pytest.mark.parametrize("name", PLAIN)
def test_a_log_has_no_control_characters(output, name):
    # Terminals replace each LF by CR LF.
    assert not re.search(rb"[\x00-\x08\x0b-\x1f]", output[name].replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("name", PLAIN)
def test_a_log_has_a_line_every_ten_seconds(output, name):
    times = [
        int(m) * 60 + int(s) for m, s in re.findall(rb"^(\d+):(\d\d) .*configurations", output[name], re.MULTILINE)
    ]
    assert len(times) >= SECONDS // 10 - 1
    assert all(later - earlier >= 9 for earlier, later in pairwise(times))  # times are rounded


@pytest.mark.parametrize("name", [*PLAIN, "terminal"])
def test_a_stopped_sweep_prints_its_summary_and_how_to_resume(output, name):
    assert re.search(rb"of 420 configurations done.*pending", output[name])
    assert b"run the same command again to resume: " in output[name].splitlines()[-1]


def test_a_sweep_whose_rank_is_killed_restarts_until_it_is_told_to_stop(source, tmp_path):
    result, log = tmp_path / "out.h5", tmp_path / "log"
    with log.open("wb") as to:
        script = subprocess.Popen(
            [source / "jobs" / "local.sh", source / "jobs" / "moons420.yaml", result],
            cwd=tmp_path,
            stdout=to,
            stderr=subprocess.STDOUT,
        )
    waiting.until(lambda: result_file.finals(result) > 0, running=script)
    ranks = processes.ranks_of(script)
    os.kill(ranks[max(ranks)], signal.SIGKILL)
    waiting.until(lambda: result_file.runs(result) == 2, running=script)
    script.send_signal(signal.SIGTERM)
    script.wait()
    output = log.read_text()
    assert script.returncode == 75, output
    assert output.count("; restart") == 1
    assert "local.sh: the sweep ended with status 137 (SIGKILL); restart 1 of 5" in output
    assert output.splitlines()[-1].startswith("stopped with work left; run the same command again to resume: ")
    assert result_file.how_ended(result) == ["running", "stopped"]


def test_closing_the_terminal_stops_the_sweep_with_checkpoints(source, tmp_path):
    result = tmp_path / "out.h5"
    opened = Terminal([source / "jobs" / "local.sh", source / "jobs" / "moons420.yaml", result], cwd=tmp_path)
    opened.until(lambda: result_file.finals(result) > 0 or opened.process.poll() is not None)
    opened.close()
    assert opened.process.wait() == 75
    assert result_file.was_stopped_with_checkpoints(result)


def test_a_terminal_has_one_live_line(output):
    assert output["terminal"].replace(b"\r\n", b"").count(b"\r") > SECONDS
