"""moonsweep status --watch updates its lines in place on a terminal of any size, and ends when no run is active."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import fcntl
import os
import pty
import re
import shutil
import signal
import socket
import struct
import subprocess
import termios
import time

import h5py
import pyte
import pytest

from fault import stop_at
from fault.write_log import File, Kind
from lib import processes, waiting


class Screen:
    """Runs a command in a terminal, and shows its output with an emulator."""

    def __init__(self, command, columns, rows, **env):
        self.screen = pyte.HistoryScreen(columns, rows, history=1000, ratio=1)
        self.stream = pyte.ByteStream(self.screen)
        self.ours, theirs = pty.openpty()
        self.set_size(columns, rows)
        environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", **env}
        self.running = subprocess.Popen([str(word) for word in command], stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        os.set_blocking(self.ours, False)
        self.written = b""

    def set_size(self, columns, rows):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        self.take()
        self.set_size(columns, rows)
        self.screen.resize(rows, columns)

    def take(self):
        """Reads and shows the available output, and returns the total number of bytes."""
        try:
            while chunk := os.read(self.ours, 65536):
                self.written += chunk
                self.stream.feed(chunk)
        except OSError:
            pass  # no more output at the moment, or the command has ended
        return len(self.written)

    def wait_for_updates(self, count):
        """Waits until the lines were drawn another `count` times."""

        def drawn():
            self.take()
            return self.written.count(b"\x1b[?7h")

        wanted = drawn() + count
        waiting.until(lambda: drawn() >= wanted, pause=0.02, running=self.running)
        self.take()

    def lines(self):
        """The rows on the screen, down to the last non-empty one."""
        return [line.rstrip() for line in "\n".join(self.screen.display).rstrip().split("\n")]

    def text(self):
        """The same rows joined into one text, without line breaks."""
        return "".join(line.ljust(self.screen.columns) for line in self.lines())

    def scrolled(self):
        return len(self.screen.history.top)

    def end(self, number=signal.SIGTERM):
        self.running.send_signal(number)
        self.running.wait()
        self.take()
        os.close(self.ours)


@pytest.fixture
def active(start, wait_for_done, long_job, tmp_path):
    """A result that a run is writing until the test ends."""
    (tmp_path / "active.yaml").write_text(long_job)
    running = start("run", tmp_path / "active.yaml", "-o", tmp_path / "active.h5", "-q")
    wait_for_done(tmp_path / "active.h5", running)
    return tmp_path / "active.h5"


def one_line(moonsweep, path):
    return moonsweep("status", path).stdout.rstrip("\n")


def assert_once(screen, *paths):
    """Asserts that each file is on the screen exactly once, and that nothing was scrolled."""
    for path in paths:
        assert screen.text().count(f"{path}: ") == 1, screen.lines()
    assert screen.scrolled() == 0, screen.lines()


@pytest.mark.parametrize("columns", [40, 80, 132, 400])
def test_lines_longer_than_the_terminal_are_updated_in_place(program, moonsweep, active, sweep, columns):
    screen = Screen([program, "status", "--watch=0.1", sweep, active], columns, 24)
    screen.wait_for_updates(5)
    assert_once(screen, sweep, active)
    assert one_line(moonsweep, sweep) in screen.text()
    assert re.search(r"; running \(.*\) *$", screen.text())
    screen.end()


def test_a_line_that_just_fills_the_rows_is_shown_in_full(program, moonsweep, active, stopped):
    line = one_line(moonsweep, stopped)
    for columns in (len(line) // 2 - 1, len(line) // 2, len(line), len(line) + 1):
        screen = Screen([program, "status", "--watch=0.1", stopped, active], columns, 24)
        screen.wait_for_updates(3)
        assert_once(screen, stopped, active)
        assert line in screen.text()
        screen.end()


def test_the_terminal_may_be_resized(program, active, sweep):
    screen = Screen([program, "status", "--watch=0.1", sweep, active], 200, 24)
    screen.wait_for_updates(3)
    for columns, rows in [(60, 24), (40, 40), (300, 50), (80, 8)]:
        screen.resize(columns, rows)
        screen.wait_for_updates(3)
        assert_once(screen, sweep, active)
        assert screen.text().startswith(f"{sweep}: ")
    screen.end()


def test_of_more_files_than_rows_active_ones_are_shown_first(program, active, sweep, tmp_path):
    copies = []
    for i in range(20):
        copies.append(tmp_path / f"copy{i:02}.h5")
        shutil.copy(sweep, copies[-1])
    screen = Screen([program, "status", "--watch=0.1", *copies, active], 400, 10)
    screen.wait_for_updates(5)
    assert_once(screen, *copies[:7], active)
    assert screen.lines()[-1] == "... and 13 more of 21 files: the terminal has too few rows"
    screen.resize(400, 40)
    screen.wait_for_updates(2)
    assert_once(screen, *copies, active)
    screen.end()


def test_a_tiny_terminal_is_not_scrolled(program, active, sweep):
    screen = Screen([program, "status", "--watch=0.1", sweep, active], 20, 2)
    screen.wait_for_updates(5)
    assert screen.lines() == ["... and 2 more of 2"]
    assert screen.scrolled() == 0
    screen.end()


def test_names_of_many_bytes_and_with_control_characters(program, active, sweep, tmp_path):
    names = ["ergebnis-äöü-" + "é" * 60 + ".h5", "結果" * 30 + ".h5", "a\nb\x1b[2Jc\td\x7f.h5", b"\xff\xfe.h5"]
    paths = [os.fsencode(tmp_path) + b"/" + (n if isinstance(n, bytes) else n.encode()) for n in names]
    for path in paths:
        shutil.copy(os.fsencode(sweep), path)
    screen = Screen([program, "status", "--watch=0.1", *map(os.fsdecode, paths), active], 80, 40)
    screen.wait_for_updates(5)
    shown = [
        f"{tmp_path}/{names[0]}: ",
        f"{tmp_path}/a\\x0ab\\x1b[2Jc\\x09d\\x7f.h5: ",
        f"{tmp_path}/\\xff\\xfe.h5: ",
        f"{active}: ",
    ]
    for name in shown:
        assert screen.text().count(name) == 1, (name, screen.lines())
    # A wide character takes two columns, and the emulator leaves the second one empty.
    assert screen.text().replace(" ", "").count("結果" * 30 + ".h5:36of36done") == 1, screen.lines()
    assert screen.scrolled() == 0
    screen.end()


def test_the_last_update_prints_every_line_in_full(program, moonsweep, sweep, tmp_path):
    """At the end, even the files are printed for which the terminal had too few rows."""
    copies = [tmp_path / f"copy{i:02}.h5" for i in range(8)]
    for copy in copies:
        shutil.copy(sweep, copy)
    screen = Screen([program, "status", "--watch=0.1", *copies, tmp_path / "late.h5"], 300, 5)
    screen.wait_for_updates(3)
    assert "late.h5: does not exist yet" in screen.text()
    assert screen.scrolled() == 0
    shutil.copy(sweep, tmp_path / "late.h5")
    assert screen.running.wait() == 0
    screen.take()
    top = ["".join(row[c].data for c in range(300)).rstrip() for row in screen.screen.history.top]
    assert [*top, *screen.lines()] == [one_line(moonsweep, path) for path in [*copies, tmp_path / "late.h5"]]
    os.close(screen.ours)


PLAIN = [{"TERM": "dumb"}, {"TERM": ""}, {"NO_COLOR": "1"}]


@pytest.mark.parametrize("env", PLAIN, ids=str)
def test_a_terminal_without_live_updates_gets_plain_lines(program, active, env):
    screen = Screen([program, "status", "--watch=0.1", active], 80, 24, **env)
    waiting.until(lambda: screen.take() and screen.written.count(b"pending") >= 3, running=screen.running)
    assert b"\x1b" not in screen.written
    screen.end()


@pytest.fixture(scope="module")
def retrained(undisturbed):
    """Returns the output of verify --retrain on a terminal, which takes a second."""
    _, path = undisturbed(samples=2000, n_h="[20]", iterations="[60000]")

    def show(program, **env):
        screen = Screen([program, "verify", path, "--retrain", "all"], 80, 24, **env)
        assert screen.running.wait() == 0
        screen.take()
        os.close(screen.ours)
        assert "1 configuration trained again, 1 compared: the same bits" in screen.text()
        assert not re.search(r"\d%, ", screen.text())
        return screen.written

    return show


def test_verify_updates_a_line_while_it_trains_and_removes_it(program, retrained):
    written = retrained(program)
    assert re.search(rb"\r\d+%, 0 configurations compared, \d+ s left", written)
    assert b"\x1b" not in written


@pytest.mark.parametrize("env", PLAIN, ids=str)
def test_verify_shows_no_live_line_where_lines_are_plain(program, retrained, env):
    assert b"%, " not in retrained(program, **env)


# ---- the end of watching ----------------------------------------------------------------------------------


@pytest.fixture
def watch(start):
    """Starts `status --watch` with its output in a pipe."""
    return lambda *arguments, **options: start("status", "--watch=0.1", *arguments, **options)


def test_it_ends_at_once_if_the_sweep_was_stopped(watch, stopped, sweep, moonsweep):
    for arguments, status in (((), 0), (("--exit-code",), 75)):
        watching = watch(*arguments, stopped, sweep)
        output, errors = watching.communicate()
        assert watching.returncode == status
        assert output.splitlines() == [one_line(moonsweep, stopped), one_line(moonsweep, sweep)]
        assert errors == ""


def test_it_continues_while_one_of_several_runs_is_active(watch, moonsweep, active, stopped):
    watching = watch(stopped, active)
    with pytest.raises(subprocess.TimeoutExpired):
        watching.wait(1)
    moonsweep("stop", active)
    output, errors = watching.communicate()
    assert watching.returncode == 0 and errors == ""
    lines = output.splitlines()
    assert "; running (" in lines[1]
    assert lines[-2].startswith(f"{stopped}: ") and lines[-2].endswith("; stopped")
    assert lines[-1].startswith(f"{active}: ") and lines[-1].endswith("; stopped, asked to stop")


def test_it_ends_if_the_sweep_ended_by_an_error(watch, stopped, tmp_path):
    failed = tmp_path / "failed.h5"
    shutil.copy(stopped, failed)
    with h5py.File(failed, "r+") as file:
        file["runs/how_ended"][0] = 8
    watching = watch(failed)
    output, _ = watching.communicate()
    assert watching.returncode == 0
    assert output.endswith("; ended by an error\n")


def killed_copy(stopped, path):
    """The result and lock file of a killed run, according to which the run is active."""
    shutil.copy(stopped, path)
    with h5py.File(path, "r+") as file:
        file["runs/how_ended"][0] = 1
    lock = path.with_name(f"{path.name}.lock")
    lock.write_text(f"host {socket.gethostname()}, process 1, job none, since 2026-01-01T00:00:00Z\n")
    return path


WITHOUT_LOCK = "; killed, or running under another name of the file"


@pytest.mark.parametrize("has_lock", [True, False])
def test_it_waits_half_a_minute_for_a_killed_sweep_to_be_restarted(watch, stopped, tmp_path, has_lock):
    killed = killed_copy(stopped, tmp_path / "killed.h5")
    if not has_lock:
        (tmp_path / "killed.h5.lock").unlink()
    began = time.monotonic()
    watching = watch(killed)
    output, errors = watching.communicate()
    assert watching.returncode == 0 and errors == ""
    assert time.monotonic() - began >= 30
    lines = output.splitlines()
    assert len(lines) >= 10
    state = re.compile(r"; killed \(host .*\)" if has_lock else re.escape(WITHOUT_LOCK))
    assert all(state.search(line) for line in lines)


def test_it_continues_when_a_killed_sweep_is_restarted(watch, stopped, build, tmp_path, start):
    """The new run is suspended before it takes the lock, so that it cannot come too early or too late."""
    killed, log = killed_copy(stopped, tmp_path / "killed.h5"), tmp_path / "log"
    running = start(
        "run", stopped.parent / "job.yaml", "-o", killed, "-q",
        env=stop_at.environment(build, killed, stop_at.call(Kind.OPEN, file=File.LOCK, is_over=False)),
    )  # fmt: skip
    waiting.until(lambda: processes.is_stopped(running.pid), running=running)
    with log.open("w") as output:
        watching = watch(killed, stdout=output)
    waiting.until(lambda: "; killed (" in log.read_text(), running=watching)
    running.send_signal(signal.SIGCONT)
    waiting.until(lambda: "; running (" in log.read_text(), running=watching)
    processes.stop(running)
    assert watching.wait() == 0
    words = [re.search(r"; ([a-z ]+)(?: \(.*\))?$", line)[1] for line in log.read_text().splitlines()]
    assert words[0] == "killed" and "running" in words and words[-1] == "stopped"


def test_it_waits_for_a_file_that_does_not_exist_yet_or_no_longer_exists(watch, moonsweep, sweep, tmp_path):
    late = tmp_path / "late.h5"
    with open(tmp_path / "log", "w+") as log:
        watching = watch(late, sweep, stdout=log)

        def last():
            lines = (tmp_path / "log").read_text().splitlines()
            return lines[-2] if len(lines) >= 2 and len(lines) % 2 == 0 else ""

        waiting.until(lambda: last() == f"{late}: does not exist yet", running=watching)
        with pytest.raises(subprocess.TimeoutExpired):
            watching.wait(0.5)
        # The file is unfinished, then removed, then finished.
        shutil.copy(sweep, tmp_path / "unfinished.h5")
        with h5py.File(tmp_path / "unfinished.h5", "r+") as file:
            file["status"][0] = 0
            file["runs/how_ended"][0] = 1
        (tmp_path / "unfinished.h5").rename(late)
        waiting.until(lambda: " 1 pending; " in last(), running=watching)
        late.unlink()
        waiting.until(lambda: last() == f"{late}: no longer exists", running=watching)
        shutil.copy(sweep, tmp_path / "finished.h5")
        (tmp_path / "finished.h5").rename(late)
        assert watching.wait() == 0
        assert last() == one_line(moonsweep, late)


def test_a_file_that_is_not_a_result_ends_it_with_an_error(watch, sweep, tmp_path):
    (tmp_path / "text.h5").write_text("no result\n")
    watching = watch(tmp_path / "text.h5", sweep)
    output, errors = watching.communicate()
    assert watching.returncode == 65
    assert output.startswith(f"{sweep}: 36 of 36 done")
    assert errors.startswith("moonsweep: ") and "text.h5" in errors and errors.count("\n") == 1
