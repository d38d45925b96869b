"""tests/run.sh fails if a kind of tests does not exist, and ends its tests when it is stopped."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal
import subprocess

import pytest

from lib import processes, waiting

# A plugin of pytest that writes its process id to a file and then waits for ever.
WAITING = """\
import os, pathlib, signal

def pytest_configure():
    path = pathlib.Path(os.environ["STARTED"])
    path.with_suffix(".part").write_text(str(os.getpid()))
    path.with_suffix(".part").rename(path)
    while True:
        signal.pause()
"""


def test_a_kind_that_runs_nothing_fails(source):
    done = subprocess.run([source / "tests" / "run.sh", "no-such-kind"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "no-such-kind ran nothing" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("0 passed, ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_running_tests_as_well(source, tmp_path, number):
    (tmp_path / "waiting_plugin.py").write_text(WAITING)
    started = tmp_path / "started"
    run = subprocess.Popen(
        [source / "tests" / "run.sh", "no-such-kind"],
        env={**os.environ, "PYTEST_ADDOPTS": "-p waiting_plugin", "PYTHONPATH": str(tmp_path), "STARTED": str(started)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    waiting.until(started.exists, running=run)
    tests = int(started.read_text())
    run.send_signal(number)
    assert run.wait() == -number
    waiting.until(lambda: processes.is_gone(tests))
