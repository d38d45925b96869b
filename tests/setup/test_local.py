"""jobs/local.sh while it runs: what it writes to logs and terminals, and how it is stopped."""

import os
import pty
import re
import signal
import subprocess
import time
from itertools import pairwise

import h5py
import pytest
from mpi import sweeps, terminals

SECONDS = 25  # of a sweep that takes longer


class Terminal:
    """A terminal that a process writes to."""

    def __init__(self):
        self.master, self.slave = pty.openpty()

    def read(self):
        os.close(self.slave)
        said = b""
        try:
            while piece := os.read(self.master, 65536):
                said += piece
        except OSError:
            pass  # how a terminal ends whose writers are gone
        os.close(self.master)
        return said


@pytest.fixture(scope="module")
def said(source, tmp_path_factory):
    """What was written to standard error in each surrounding by sweeps stopped after a while: {name: bytes}."""
    folder = tmp_path_factory.mktemp("local")
    job = source / "jobs" / "moons420.yaml"
    surroundings = {
        "file": ({"TERM": "xterm"}, (folder / "file.log").open("w+b")),
        "file without colour": ({"TERM": "xterm", "NO_COLOR": "1"}, (folder / "no-color.log").open("w+b")),
        "pipe": ({"TERM": "xterm"}, subprocess.PIPE),
        "dumb terminal": ({"TERM": "dumb"}, Terminal()),
        "terminal": ({"TERM": "xterm"}, Terminal()),
    }
    started = {}
    for name, (variables, to) in surroundings.items():
        started[name] = subprocess.Popen(
            [source / "jobs" / "local.sh", job, folder / f"{name}.h5"],
            cwd=folder,
            env={**os.environ, **variables},
            stdout=subprocess.DEVNULL,
            stderr=to.slave if isinstance(to, Terminal) else to,
        )
    sweeps.wait_until(lambda: all((folder / f"{name}.h5").exists() for name in started), "the sweeps did not start")
    time.sleep(SECONDS)
    for name, sent in zip(started, [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1]):
        started[name].send_signal(sent)
    texts = {}
    for name, (_, to) in surroundings.items():
        process = started[name]
        if isinstance(to, Terminal):
            process.wait()
            texts[name] = to.read()
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
def test_a_log_has_no_control_characters(said, name):
    # A terminal itself makes each line end in CR, LF.
    assert not re.search(rb"[\x00-\x08\x0b-\x1f]", said[name].replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("name", PLAIN)
def test_a_log_has_a_line_in_ten_seconds(said, name):
    times = [int(m) * 60 + int(s) for m, s in re.findall(rb"^(\d+):(\d\d) .*configurations", said[name], re.MULTILINE)]
    assert len(times) >= SECONDS // 10 - 1
    assert all(later - earlier >= 9 for earlier, later in pairwise(times))  # they are rounded


@pytest.mark.parametrize("name", [*PLAIN, "terminal"])
def test_a_sweep_that_is_told_to_stop_ends_with_its_summary_and_what_to_do(said, name):
    assert re.search(rb"of 420 configurations done.*pending", said[name])
    assert b"the same command goes on: " in said[name].splitlines()[-1]


def test_a_sweep_whose_rank_is_killed_goes_on_by_itself_until_it_is_told_to_stop(source, tmp_path):
    result, log = tmp_path / "out.h5", tmp_path / "log"
    with log.open("wb") as to:
        script = subprocess.Popen(
            [source / "jobs" / "local.sh", source / "jobs" / "moons420.yaml", result],
            cwd=tmp_path,
            stdout=to,
            stderr=subprocess.STDOUT,
        )
    sweeps.wait_until(lambda: sweeps.finals(result) > 0 or script.poll() is not None)
    ranks = sweeps.ranks_of(script)
    os.kill(ranks[max(ranks)], signal.SIGKILL)
    sweeps.wait_until(lambda: sweeps.runs(result) == 2 or script.poll() is not None)
    script.send_signal(signal.SIGTERM)
    script.wait()
    said = log.read_text()
    assert script.returncode == 75, said
    assert said.count("goes on: restart") == 1
    assert "local.sh: the sweep ended with status 137 (SIGKILL) and goes on: restart 1 of 5" in said
    assert said.splitlines()[-1].startswith("stopped with work left; the same command goes on: ")
    with h5py.File(result) as file:
        assert file["runs/how_ended"][:3].tolist() == [1, 4, 0]


def test_a_terminal_that_is_closed_stops_the_sweep_with_its_checkpoints(source, tmp_path):
    result = tmp_path / "out.h5"
    opened = terminals.Terminal([source / "jobs" / "local.sh", source / "jobs" / "moons420.yaml", result], cwd=tmp_path)
    opened.until(lambda: sweeps.finals(result) > 0 or opened.process.poll() is not None)
    opened.close()
    assert opened.process.wait() == 75
    with h5py.File(result) as file:
        assert file["runs/how_ended"][:2].tolist() == [4, 0]
        assert (file["checkpoint/trajectory"][:] >= 0).any()


def test_a_terminal_has_one_live_line(said):
    assert said["terminal"].replace(b"\r\n", b"").count(b"\r") > SECONDS
