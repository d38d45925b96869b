"""Links and other names: of one result, of files that a run would create beside it, and of a file that is replaced by a
link while a command works on it. Nothing else than the result is ever written."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal

import h5py
import pytest

from fault import stop_at
from fault.write_log import File, Kind
from lib import processes, result_file, waiting
from lib.folder import names


@pytest.fixture(scope="module")
def finished(undisturbed):
    """A job and its result."""
    return undisturbed(n_h="[1, 2]", iterations="[10, 200]")


@pytest.fixture(scope="module")
def killed(finished, tmp_path_factory):
    """The result of a run that did not record its end."""
    path = tmp_path_factory.mktemp("killed") / "out.h5"
    path.write_bytes(finished[1].read_bytes())
    with h5py.File(path, "r+") as file:
        file["runs/how_ended"][0] = 1
    return path


@pytest.fixture
def suspended(start, build):
    """Starts a command that is suspended after a call on a file: suspended(words, output, call, preload=...)."""

    def begin(*words, output, call, preload=()):
        process = start(*words, env=stop_at.environment(build, output, call, *preload))
        waiting.until(lambda: processes.is_stopped(process.pid), pause=0.01, running=process)
        return process

    return begin


def resume(process):
    os.kill(process.pid, signal.SIGCONT)
    return process.communicate()[1]


# ---- one result with two names -----------------------------------------------------------------------------------


def test_a_result_with_two_names_is_not_resumed_under_either(start, moonsweep, refused, undisturbed, tmp_path):
    job, whole = undisturbed(samples=2000, n_h="[20, 15]", iterations="[100, 40000]")
    output, other = tmp_path / "out.h5", tmp_path / "elsewhere" / "other.h5"
    other.parent.mkdir()
    run = start("run", job, "-o", output)
    waiting.until(lambda: output.exists() and "; running (" in moonsweep("status", output).stdout, running=run)
    os.link(output, other)
    refused(73, "run", job, "-o", other, words=[f"{other} has 2 names (hard links)", "--no-lock"])
    processes.end_of(run)
    assert result_file.runs(output) == 1 and result_file.differences(output, whole) == []
    refused(73, "run", job, "-o", output, words=["has 2 names"])
    assert "nothing to do" in moonsweep("run", job, "-o", output, "--no-lock").stderr
    other.unlink()
    assert "nothing to do" in moonsweep("run", job, "-o", output).stderr
    assert names(tmp_path) == ["elsewhere", "out.h5"]


# ---- creation without a lock -------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [Kind.WRITE, Kind.SYNC])
def test_without_locks_only_one_of_two_runs_creates_a_result(suspended, moonsweep, build, finished, tmp_path, call):
    job, whole = finished
    output = tmp_path / "out.h5"
    words = ["run", job, "-o", output, "--no-lock"]
    first = suspended(*words, output=output, call=stop_at.call(call, file=File.PART), preload=["no_locks"])
    lockless = {"LD_PRELOAD": build / "tests" / "fault" / "libno_locks.so"}
    second = moonsweep(*words, env=lockless, status=73)
    assert "out.h5.part already exists: another run may be creating this result" in second.stderr
    assert not output.exists()
    resume(first)
    assert first.returncode == 0
    assert result_file.differences(output, whole) == []
    assert names(tmp_path) == ["out.h5"]


def test_a_file_that_appears_while_a_result_is_created_is_not_replaced(suspended, finished, tmp_path):
    output = tmp_path / "out.h5"
    run = suspended("run", finished[0], "-o", output, output=output, call=stop_at.call(Kind.SYNC, file=File.PART))
    output.write_text("precious")
    assert "out.h5 already exists" in resume(run)
    assert run.returncode == 73
    assert output.read_text() == "precious"
    assert names(tmp_path) == ["out.h5"]


# ---- a file that is replaced while it is read --------------------------------------------------------------------


def place_of_current(path):
    with h5py.File(path) as file:
        place, width = result_file.place_of(file, "runs/current")
    return place, place + width


def test_a_request_to_stop_is_written_to_the_file_that_was_read(suspended, killed, tmp_path):
    output, moved, precious = (tmp_path / name for name in ["out.h5", "moved.h5", "precious"])
    output.write_bytes(killed.read_bytes())
    precious.write_bytes(bytes(output.stat().st_size))
    call = stop_at.call(Kind.READ, places=place_of_current(output))
    stop = suspended("stop", output, output=output, call=call)
    output.rename(moved)
    output.symlink_to(precious)
    resume(stop)
    assert stop.returncode == 0
    assert precious.read_bytes() == bytes(precious.stat().st_size)
    with h5py.File(moved) as file:
        assert file["runs/stop"][()] == file["runs/current"][()]


def test_a_file_that_is_replaced_before_hdf5_opens_it_is_not_written(suspended, killed, finished, tmp_path):
    output, moved, other = (tmp_path / name for name in ["out.h5", "moved.h5", "other.h5"])
    output.write_bytes(killed.read_bytes())
    other.write_bytes(finished[1].read_bytes())
    stop = suspended("stop", output, output=output, call=stop_at.call(Kind.READ))
    output.rename(moved)
    output.symlink_to(other)
    assert f"{output} was replaced by another file while it was opened" in resume(stop)
    assert stop.returncode == 74
    assert moved.read_bytes() == killed.read_bytes()
    assert other.read_bytes() == finished[1].read_bytes()


def test_a_link_in_a_folder_that_others_may_write_is_not_followed_for_writing(moonsweep, refused, killed, tmp_path):
    shared, output = tmp_path / "shared", tmp_path / "out.h5"
    shared.mkdir()
    output.write_bytes(killed.read_bytes())
    (shared / "link.h5").symlink_to(output)
    shared.chmod(0o777)
    refused(77, "stop", shared / "link.h5", words=["is a symbolic link in a folder in which other users may change it"])
    assert output.read_bytes() == killed.read_bytes()
    shared.chmod(0o755)
    assert "was asked to stop" in moonsweep("stop", shared / "link.h5").stderr
