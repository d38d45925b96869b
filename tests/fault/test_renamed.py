"""A result is renamed, removed, replaced or overwritten while a run writes it. On any number of ranks, the run ends
with status 74 and one sentence that says where the rows are. A file that still has a name is sound, and the same
command resumes from it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ctypes
import os
import re
import shutil
import signal

import pytest

from fault import stop_at
from fault.promises import Places
from fault.write_log import Kind
from lib import job_file, processes, result_file, waiting
from lib.folder import names

# A second or more of work in four trajectories, and more than any test waits for.
LONG = {"samples": 2000, "n_h": "[20, 15]", "activation": "[tanh, relu]", "iterations": "[100, 30000]"}
ENDLESS = {**LONG, "iterations": "[100, 1000000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]
QUIET = {"MOONSWEEP_PROGRESS": "off"}


@pytest.fixture(scope="module")
def alone(undisturbed):
    """A job, and the result of an undisturbed run."""
    return undisturbed(**LONG)


@pytest.fixture
def begin(start):
    """Starts a sweep without progress messages. ranks: 0 starts it without mpirun."""

    def run(job, output, ranks, *options, env=None, **more):
        return start("run", job, "-o", output, *OFTEN, *options, ranks=ranks, env={**QUIET, **(env or {})}, **more)

    return run


def wait_for_work(output, run, finals=1):
    """Waits until a run has committed something."""
    waiting.until(lambda: result_file.finals(output) >= finals, running=run)


def end_of(run, status):
    """Waits for the end of a run and returns its only message."""
    errors = processes.end_of(run, status)
    (message,) = processes.messages(errors)
    return message


def assert_resumable(moonsweep, alone, output):
    """Asserts that the file of a run is sound, and that the same command resumes from it."""
    job, expected = alone
    before = result_file.finals(output)
    assert before > 0
    assert ": sound: " in moonsweep("verify", output).stdout
    # The run could still write this to its row of /runs.
    assert "; ended by an error" in moonsweep("status", output).stdout
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, expected) == []
    assert names(output.parent) == [output.name]


# ---- changes of the name -----------------------------------------------------------------------------------------


def rename(output):
    output.rename(output.with_name("moved.h5"))
    return output.with_name("moved.h5")


def rename_folder(output):
    output.parent.rename(output.parent.with_name("moved"))
    return output.parent.with_name("moved") / output.name


def replace_and_keep(output):
    """Does what a run with --force does in a folder where locks are not visible, but at once."""
    kept = output.with_name("moved.h5")
    shutil.copy(output, kept)
    exchange(kept, output)
    return kept


def remove(output):
    output.unlink()


def remove_folder(output):
    shutil.rmtree(output.parent)


def replace(output):
    shutil.copy(output, output.with_name("copy.h5"))
    output.with_name("copy.h5").replace(output)


def put_folder_in_its_place(output):
    """Exchanges the two atomically, so that the name always exists."""
    folder = output.with_name("a folder")
    folder.mkdir()
    exchange(folder, output)
    folder.unlink()


def exchange(one, other):
    """Exchanges the names of two files."""
    here, exchanging = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), exchanging)
    assert done == 0, os.strerror(ctypes.get_errno())


MOVED = {
    rename: "was renamed while it was written: the results are in ",
    rename_folder: "was renamed while it was written: the results are in ",
    replace_and_keep: "was replaced by another file while it was written: the results are in ",
}
LOST = {
    remove: "was removed while it was written: the results are lost",
    remove_folder: "was removed while it was written: the results are lost",
    replace: "was replaced by another file while it was written: the results are lost",
    put_folder_in_its_place: "was replaced by another file while it was written: the results are lost",
}


@pytest.fixture
def output(tmp_path):
    folder = tmp_path.resolve() / "folder"
    folder.mkdir()
    return folder / "out.h5"


@pytest.mark.parametrize("ranks", [0, 2, pytest.param(4, marks=pytest.mark.long)])
@pytest.mark.parametrize("act", MOVED, ids=lambda act: act.__name__)
def test_the_new_name_is_reported_and_contains_everything_trained(begin, moonsweep, alone, output, act, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    moved = act(output)
    message = end_of(run, 74)
    assert f"{output} {MOVED[act]}{moved}; run the same command with that output to resume" in message
    if act is replace_and_keep:
        output.unlink()
    assert_resumable(moonsweep, alone, moved)


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("act", LOST, ids=lambda act: act.__name__)
def test_a_lost_result_is_an_error(begin, moonsweep, alone, output, act, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    act(output)
    assert end_of(run, 74).endswith(f"{output} {LOST[act]}")
    if act is replace:
        # The copy is a separate file with the rows that were committed before it was made.
        assert ": sound: " in moonsweep("verify", output).stdout
        moonsweep("run", alone[0], "-o", output)
        assert result_file.differences(output, alone[1]) == []


@pytest.mark.parametrize("ranks", [0, 2])
def test_overwriting_the_file_with_an_older_copy_is_detected(begin, moonsweep, alone, output, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    copy = output.read_bytes()
    wait_for_work(output, run, result_file.finals(output) + 1)
    with output.open("r+b") as file:  # as cp does, but without truncating it
        file.write(copy)
    message = end_of(run, 74)
    assert re.search(
        r"out\.h5 was overwritten by something else while it was written: \d+ trained configurations are "
        r"missing; run the same command to train them again$",
        message,
    )
    # A row that was committed after the overwriting may lack costs that the copy does not have. It is trained again
    # too.
    moonsweep("run", alone[0], "-o", output)
    assert result_file.differences(output, alone[1]) == []


@pytest.mark.parametrize("ranks", [0, 2])
def test_overwriting_the_file_with_a_copy_from_before_the_run_ends_it(begin, create, moonsweep, alone, output, ranks):
    job, _ = alone
    create(job, output)
    copy = output.read_bytes()
    run = begin(job, output, ranks)
    wait_for_work(output, run)
    with output.open("r+b") as file:
        file.write(copy)
    message = end_of(run, 74)
    assert "out.h5 was overwritten by another file while it was written: the results are lost" in message
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, alone[1]) == []


# ---- names that still refer to the file --------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_symbolic_link_to_the_moved_file_is_enough(begin, moonsweep, alone, output, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    output.rename(output.with_name("far.h5"))
    output.symlink_to("far.h5")
    _, errors = run.communicate()
    # The run may have checked the name between these two calls; then it says where the rows are.
    assert run.returncode in (0, 74), errors
    if run.returncode == 74:
        assert "far.h5; run the same command" in errors
        moonsweep("run", alone[0], "-o", output)
    assert result_file.differences(output, alone[1]) == []


def test_a_symbolic_link_as_output_may_be_removed(begin, alone, output):
    link = output.with_name("link.h5")
    output.touch()
    link.symlink_to(output)
    output.unlink()
    shutil.copy(alone[1], output)
    run = begin(alone[0], link, 0, "--force")
    waiting.until(lambda: result_file.runs(output) == 1 and result_file.finals(output) < 8)
    link.unlink()
    processes.end_of(run)
    assert result_file.differences(output, alone[1]) == []


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_folder_that_is_renamed_under_a_relative_name_does_not_matter(begin, alone, output, ranks):
    run = begin(alone[0], "out.h5", ranks, cwd=output.parent)
    wait_for_work(output, run)
    moved = rename_folder(output)
    processes.end_of(run)
    assert result_file.differences(moved, alone[1]) == []


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_working_directory_that_is_removed_does_not_matter(begin, alone, output, ranks):
    here = output.with_name("here")
    here.mkdir()
    run = begin(alone[0], "../out.h5", ranks, cwd=here)
    wait_for_work(output, run)
    here.rmdir()
    processes.end_of(run)
    assert result_file.differences(output, alone[1]) == []


# ---- renamed at the last moment ----------------------------------------------------------------------------------


def begin_until(begin, build, alone, output, ranks, call):
    """Starts a run that is suspended after a call of its rank 0. Returns the run and the rank's process."""
    run = begin(alone[0], output, ranks, **stop_at.of_ranks(build, output, call))
    if not ranks:
        waiting.until(lambda: processes.is_stopped(run.pid), running=run)
        return run, run.pid
    return run, waiting.until(lambda: processes.stopped_rank(run), running=run)


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("act", [rename, remove])
def test_a_name_that_is_lost_after_the_last_write_is_noticed(begin, build, moonsweep, alone, output, act, ranks):
    # Variables have the same offsets in every file whose command has the same length.
    moonsweep("run", alone[0], "-o", output, *OFTEN, "--time-limit", "0.001", status=75)
    # After the second write of how_ended, which records that the run has ended.
    call = stop_at.call(Kind.WRITE, 2, places=Places(output).extent("runs/how_ended"))
    run, rank = begin_until(begin, build, alone, output, ranks, call)
    moved = act(output)
    os.kill(rank, signal.SIGCONT)
    message = end_of(run, 74)
    if act is remove:
        assert message.endswith(f"{output} {LOST[remove]}")
    else:
        assert f"{output} {MOVED[rename]}{moved}" in message
        assert result_file.differences(moved, alone[1]) == []
        assert "nothing to do" in moonsweep("run", alone[0], "-o", moved).stderr


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_rename_is_noticed_when_there_was_nothing_to_do(begin, build, moonsweep, alone, output, ranks):
    shutil.copy(alone[1], output)
    call = stop_at.call(Kind.READ, places=Places(output).extent("cost"))
    run, rank = begin_until(begin, build, alone, output, ranks, call)
    moved = rename(output)
    os.kill(rank, signal.SIGCONT)
    assert f"{output} {MOVED[rename]}{moved}" in end_of(run, 74)
    assert "nothing to do" in moonsweep("run", alone[0], "-o", moved).stderr


# ---- other commands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_under_another_name_a_run_is_not_reported_dead_and_can_be_stopped(begin, moonsweep, tmp_path, output, ranks):
    run = begin(job_file.write(tmp_path, **ENDLESS), output, ranks)
    wait_for_work(output, run)
    link = output.with_name("link.h5")
    os.link(output, link)
    assert moonsweep("status", link).stdout.endswith("; killed, or running under another name of the file\n")
    asked = moonsweep("stop", link).stderr
    assert "link.h5: its run was asked to stop, if it still exists and writes this file under another name" in asked
    assert "stopped on request" in end_of(run, 75)
    assert "; stopped, asked to stop" in moonsweep("status", output).stdout


def test_a_killed_run_is_reported_with_certainty_only_under_its_own_name(begin, moonsweep, alone, output):
    run = begin(alone[0], output, 0)
    wait_for_work(output, run)
    run.kill()
    run.wait()
    moved = rename(output)
    assert "; killed, or running under another name of the file" in moonsweep("status", moved).stdout
    moved.rename(output)
    assert "; killed (host " in moonsweep("status", output).stdout
