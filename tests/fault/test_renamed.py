"""A result that is renamed, removed, replaced or overwritten while its run is at work. The run ends with status 74 and
one sentence that says where the rows are, on any number of ranks; a file that still has a name is whole, and the same
command goes on with it."""

import ctypes
import os
import re
import shutil
import signal

import pytest

from fault.promises import Places
from fault.write_log import File, Kind
from lib import processes, result_file, waiting
from lib.folder import names

# Two or three seconds of work in four trajectories.
LONG = {"samples": 2000, "n_h": "[20, 15]", "activation": "[tanh, relu]", "iterations": "[100, 60000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]
QUIET = {"MOONSWEEP_PROGRESS": "off"}


@pytest.fixture(scope="module")
def alone(undisturbed):
    """A job, and what an undisturbed run makes of it."""
    return undisturbed(**LONG)


@pytest.fixture
def begin(start):
    """Starts a sweep, alone (0) or on ranks, that says nothing of its progress."""

    def run(job, output, ranks, *options, env=None, **more):
        return start("run", job, "-o", output, *OFTEN, *options, ranks=ranks, env={**QUIET, **(env or {})}, **more)

    return run


def wait_for_work(output, run, finals=1):
    """Waits until a run has committed something."""
    waiting.until(lambda: result_file.finals(output) >= finals, running=run)


def end_of(run, status):
    """The one sentence that a run ends with."""
    errors = processes.end_of(run, status)
    (said,) = processes.messages(errors)
    return said


def assert_carried_on(moonsweep, alone, output):
    """What a run left under some name is sound, and the same command goes on with it."""
    job, expected = alone
    before = result_file.finals(output)
    assert before > 0
    assert ": sound: " in moonsweep("verify", output).stdout
    # What the run could still tell its row.
    assert "; ended by an error" in moonsweep("status", output).stdout
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, expected) == []
    assert names(output.parent) == [output.name]


# ---- what becomes of the name ------------------------------------------------------------------------------------


def rename(output):
    output.rename(output.with_name("moved.h5"))
    return output.with_name("moved.h5")


def rename_folder(output):
    output.parent.rename(output.parent.with_name("moved"))
    return output.parent.with_name("moved") / output.name


def replace_and_keep(output):
    """As a run with --force in a folder where no lock is seen."""
    kept = rename(output)
    shutil.copy(kept, output)
    return kept


def remove(output):
    output.unlink()


def remove_folder(output):
    shutil.rmtree(output.parent)


def replace(output):
    shutil.copy(output, output.with_name("copy.h5"))
    output.with_name("copy.h5").replace(output)


def put_folder_in_its_place(output):
    """At one instant, so that nobody sees the name without either."""
    folder = output.with_name("a folder")
    folder.mkdir()
    exchange(folder, output)
    folder.unlink()


def exchange(one, other):
    """Gives each of two files the other's name."""
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


@pytest.mark.parametrize("ranks", [0, 2, 4])
@pytest.mark.parametrize("act", MOVED, ids=lambda act: act.__name__)
def test_the_new_name_is_told_and_holds_all_that_was_trained(begin, moonsweep, alone, output, act, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    moved = act(output)
    said = end_of(run, 74)
    assert f"{output} {MOVED[act]}{moved}; the same command" in said
    if act is replace_and_keep:
        output.unlink()
    assert_carried_on(moonsweep, alone, moved)


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("act", LOST, ids=lambda act: act.__name__)
def test_what_is_lost_is_no_success(begin, moonsweep, alone, output, act, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    act(output)
    assert end_of(run, 74).endswith(f"{output} {LOST[act]}")
    if act is replace:
        # The copy is a file of its own, with what was in it when it was made.
        assert ": sound: " in moonsweep("verify", output).stdout
        moonsweep("run", alone[0], "-o", output)
        assert result_file.differences(output, alone[1]) == []


@pytest.mark.parametrize("ranks", [0, 2])
def test_rows_that_a_copy_over_the_file_lacks_are_missed(begin, moonsweep, alone, output, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    copy = output.read_bytes()
    wait_for_work(output, run, result_file.finals(output) + 1)
    with output.open("r+b") as file:  # as cp does, but never shorter
        file.write(copy)
    said = end_of(run, 74)
    assert re.search(
        r"out\.h5 was overwritten by something else while it was written: \d+ trained configurations are "
        r"missing; run the same command to train them again$",
        said,
    )
    # Costs that the copy lacks may have been behind a row that was committed later: it is trained again too.
    moonsweep("run", alone[0], "-o", output)
    assert result_file.differences(output, alone[1]) == []


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_copy_of_before_the_run_ends_it(begin, moonsweep, alone, output, ranks):
    job, _ = alone
    moonsweep("run", job, "-o", output, "--time-limit", "0.001", status=75)
    copy = output.read_bytes()
    run = begin(job, output, ranks)
    wait_for_work(output, run)
    with output.open("r+b") as file:
        file.write(copy)
    said = end_of(run, 74)
    assert "out.h5 was overwritten by another file while it was written: the results are lost" in said
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, alone[1]) == []


# ---- names that still lead to it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_link_to_the_moved_file_will_do(begin, moonsweep, alone, output, ranks):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    output.rename(output.with_name("far.h5"))
    output.symlink_to("far.h5")
    _, errors = run.communicate()
    # It may have been looked at between the two; then it says where the rows are.
    assert run.returncode in (0, 74), errors
    if run.returncode == 74:
        assert "far.h5; the same command" in errors
        moonsweep("run", alone[0], "-o", output)
    assert result_file.differences(output, alone[1]) == []


def test_a_link_that_was_the_output_may_go(begin, alone, output):
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


# ---- the last instant --------------------------------------------------------------------------------------------


def begin_until(begin, build, alone, output, ranks, call):
    """A run that is stopped behind a call of its rank 0; gives it and the rank's process."""
    wish = {"MOONSWEEP_FAULT_FILE": str(output), "STOP_AT": f"0:{call}:1"}
    run = begin(
        alone[0], output, ranks, env=wish,
        wrapper=["env", f"LD_PRELOAD={build / 'tests' / 'fault' / 'libstop_at.so'}"],
    )  # fmt: skip
    if not ranks:
        waiting.until(lambda: processes.is_stopped(run.pid), running=run)
        return run, run.pid
    return run, waiting.until(lambda: processes.stopped_rank(run), running=run)


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("act", [rename, remove])
def test_a_name_that_goes_when_all_is_written(begin, build, moonsweep, alone, output, act, ranks):
    # Variables lie where they do in a file whose command is as long.
    moonsweep("run", alone[0], "-o", output, *OFTEN, "--time-limit", "0.001", status=75)
    first, end = Places(output).extent("runs/how_ended")
    # Behind the second one: it says that the run has ended.
    run, rank = begin_until(begin, build, alone, output, ranks, f"{Kind.WRITE}:{File.RESULT}:2:{first}:{end}")
    moved = act(output)
    os.kill(rank, signal.SIGCONT)
    said = end_of(run, 74)
    if act is remove:
        assert said.endswith(f"{output} {LOST[remove]}")
    else:
        assert f"{output} {MOVED[rename]}{moved}" in said
        assert result_file.differences(moved, alone[1]) == []
        assert "nothing to do" in moonsweep("run", alone[0], "-o", moved).stderr


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_name_that_goes_when_there_was_nothing_to_do(begin, build, moonsweep, alone, output, ranks):
    shutil.copy(alone[1], output)
    first, end = Places(output).extent("cost")
    run, rank = begin_until(begin, build, alone, output, ranks, f"{Kind.READ}:{File.RESULT}:1:{first}:{end}")
    moved = rename(output)
    os.kill(rank, signal.SIGCONT)
    assert f"{output} {MOVED[rename]}{moved}" in end_of(run, 74)
    assert "nothing to do" in moonsweep("run", alone[0], "-o", moved).stderr


# ---- what others see ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_under_another_name_a_run_is_not_called_dead_and_hears_the_request_to_stop(
    begin, moonsweep, alone, output, ranks
):
    run = begin(alone[0], output, ranks)
    wait_for_work(output, run)
    link = output.with_name("link.h5")
    os.link(output, link)
    assert moonsweep("status", link).stdout.endswith("; killed, or running under another name of the file\n")
    asked = moonsweep("stop", link).stderr
    assert "link.h5: its run was asked to stop, if it still exists and writes this file under another name" in asked
    assert "stopped on request" in end_of(run, 75)
    assert "; stopped, asked to stop" in moonsweep("status", output).stdout


def test_a_run_that_was_killed_is_called_so_under_its_own_name_alone(begin, moonsweep, alone, output):
    run = begin(alone[0], output, 0)
    wait_for_work(output, run)
    run.kill()
    run.wait()
    moved = rename(output)
    assert "; killed, or running under another name of the file" in moonsweep("status", moved).stdout
    moved.rename(output)
    assert "; killed (host " in moonsweep("status", output).stdout
