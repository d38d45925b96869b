"""A sweep that is stopped or fails ends cleanly, with one message and one exit status."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import resource
import shutil
import signal
import socket

import h5py
import pytest

from lib import job_file, mpi, processes, result_file
from lib.folder import names

# Work for a few ranks, with a steady stream of results.
LONG = {"samples": 2000, "n_h": "[20]", "seed": str(list(range(60))), "iterations": "[100, 1500]"}


@pytest.fixture(scope="module")
def alone(undisturbed):
    """The job and its result."""
    return undisturbed(**LONG)


@pytest.mark.other_mpis
def test_an_error_on_another_rank_is_reported_once_and_ends_all_ranks(start_until, tmp_path):
    job = job_file.write(tmp_path, **LONG)
    output = tmp_path / "out.h5"
    (message,) = processes.messages(fail(*start_until(job, output, "W1", rank=2, ranks=3)))
    assert f"rank 2 on {socket.gethostname()}: {output}" in message
    assert result_file.how_ended(output) == ["stopped", "failed"]


def fail(sweep, rank):
    """Lets a rank that is suspended go on, but write only the first 4096 bytes of a file. Returns the sweep's standard
    error."""
    resource.prlimit(rank, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    os.kill(rank, signal.SIGCONT)
    return processes.end_of(sweep, 74)


def test_after_an_error_the_same_command_resumes(start_until, moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    fail(*start_until(job, output, "W1", rank=1, ranks=2))
    kept = result_file.finals(output)
    moonsweep("run", job, "-o", output, ranks=3)
    assert kept < result_file.finals(output) == 120
    assert result_file.differences(output, expected) == []


@pytest.mark.parametrize("ranks", [1, 3])
def test_a_stopped_sweep_ends_with_75_and_resumes_to_the_same_bits(start_until, moonsweep, alone, tmp_path, ranks):
    job, expected = alone
    output = tmp_path / "out.h5"
    # Rows are written before checkpoints, so the first ones are written long before the end.
    often = ["--checkpoint-seconds", "0.01"]
    errors = processes.stop_suspended(*start_until(job, output, "W1", *often, ranks=ranks))
    kept = result_file.finals(output)
    assert f"stopped by a signal, {120 - kept} configurations left" in errors
    moonsweep("run", job, "-o", output, ranks=2)
    assert 0 < kept < result_file.finals(output) == 120
    assert result_file.how_ended(output) == ["stopped", "stopped", "finished"]
    with h5py.File(output) as file:
        assert (file["run"][:] == 1).sum() == kept
    assert result_file.differences(output, expected) == []


@pytest.mark.parametrize("damaged", [0, 1, 2])
def test_a_damaged_row_and_those_that_follow_it_are_trained_again(moonsweep, tmp_path, damaged):
    job = job_file.write(tmp_path, seed="[0, 1]", iterations="[20, 200, 100]")
    output, whole = tmp_path / "out.h5", tmp_path / "whole.h5"
    moonsweep("run", job, "-o", whole)
    moonsweep("run", job, "-o", output)
    with h5py.File(output, "r+") as file:
        file["W2"][3 + damaged, 0] += 1.0
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, whole) == []
    with h5py.File(output) as file:
        # 20, 200, 100: the rows with at least as many iterations as the damaged one
        trained_again = {0: [3, 4, 5], 1: [4], 2: [4, 5]}[damaged]
        assert list(file["run"][:].nonzero()[0]) == trained_again


def test_one_process_of_several_slurm_tasks_is_refused_and_changes_nothing(moonsweep, refused, tmp_path):
    job = job_file.write(tmp_path)
    moonsweep("run", job, "-o", tmp_path / "out.h5")
    before = (tmp_path / "out.h5").read_bytes()
    words = ["Slurm started 4 tasks", "MPI sees 1", "--mpi=pmix"]
    refused(76, "run", job, "-o", tmp_path / "out.h5", env={"SLURM_NTASKS": "4"}, words=words)
    assert (tmp_path / "out.h5").read_bytes() == before


@pytest.mark.parametrize("ranks", [1, 2])
def test_configurations_that_diverge_do_not_end_the_sweep(moonsweep, tmp_path, ranks):
    job = job_file.write(tmp_path, **job_file.DIVERGING)
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=ranks)
    assert "4 of 6 configurations done, 2 diverged, 0 pending" in done.stderr
    with h5py.File(tmp_path / "out.h5") as file:
        assert list(file["status"][:]) == [1, 1, 1, 1, 2, 2]
        count = file["cost_count"][1]
        # In NumPy, the cost is no longer finite at the 34th iteration. The costs before it are stored.
        assert 10 < count <= 34
        assert (file["iterations_done"][4:] < 100).all()
        costs = file["cost"][file["cost_start"][1] :][:count]
        assert (costs == costs).all()


# ---- ranks that see different files -------------------------------------------------------------------------------

# In a separate mount namespace, rank 1 sees another folder in the place of the result's folder, like a machine that
# does not mount it. Only root may do that, and not in every container. Without it these tests fail.
ELSEWHERE = f"""
if [ "{mpi.RANK}" = 1 ]; then
    exec unshare --mount --propagation unchanged sh -c '
        mount --make-private "$0" && mount --bind "$1" "$0" && shift && exec "$@"' "$SEEN" "$HIDDEN" "$@"
fi
exec "$@"
"""


@pytest.fixture
def seen(tmp_path):
    """A folder that is a separate mount, so that another one can be mounted over it for one process."""
    folder = tmp_path / "seen"
    folder.mkdir()
    processes.run("mount", "--bind", folder, folder)
    yield folder
    processes.run("umount", folder)


def test_a_rank_in_another_working_folder_ends_all_ranks(moonsweep, tmp_path):
    job, folders = job_file.write(tmp_path), [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    done = moonsweep(
        "run", job, "-o", "out.h5", ranks=2, cwd=folders[0], status=66,
        wrapper=["sh", "-c", f'[ "{mpi.RANK}" = 0 ] || cd "$SECOND"; exec "$@"', "sh"],
        env={"SECOND": folders[1]},
    )  # fmt: skip
    (message,) = processes.messages(done.stderr)
    assert f"rank 1 on {socket.gethostname()}: out.h5 cannot be opened for writing: No such file" in message
    assert "every machine must see the same file under this path" in message
    assert names(folders[1]) == []


@pytest.fixture
def two_disks(tmp_path):
    """Two memory file systems, each mounted at its folder. Their files have the same inode numbers."""
    folders = [tmp_path / "seen", tmp_path / "hidden"]
    for folder in folders:
        folder.mkdir()
        processes.run("mount", "-t", "tmpfs", "-o", "size=32m", "none", folder)
    yield folders
    for folder in folders:
        processes.run("umount", folder)


def copy_with_inode(source, target):
    """Copies a file to a new name such that the copy has the same inode number on its own file system."""
    taken = []
    while not target.exists():
        file = target.with_name(f"{target.name}.{len(taken)}")
        file.touch()
        if file.stat().st_ino == source.stat().st_ino:
            file.rename(target)
        else:
            taken.append(file)
        assert len(taken) < 1000
    for file in taken:
        file.unlink()
    target.write_bytes(source.read_bytes())


def test_a_rank_that_sees_another_file_with_the_same_inode_ends_all_ranks(moonsweep, two_disks, tmp_path):
    job, (seen, hidden) = job_file.write(tmp_path), two_disks
    output = seen / "out.h5"
    moonsweep("run", job, "-o", output)
    with h5py.File(output, "r+") as file:  # so that the sweep is incomplete
        file["status"][0] = 0
    copy_with_inode(output, hidden / "out.h5")
    before = (hidden / "out.h5").read_bytes()
    done = moonsweep(
        "run", job, "-o", output, ranks=3, status=74,
        wrapper=["sh", "-c", ELSEWHERE, "sh"], env={"SEEN": seen, "HIDDEN": hidden},
    )  # fmt: skip
    (message,) = processes.messages(done.stderr)
    assert f"rank 1 on {socket.gethostname()}: {output} is not the same file here as on rank 0" in message
    assert (hidden / "out.h5").read_bytes() == before
    assert result_file.how_ended(output) == ["finished", "failed"]
    moonsweep("run", job, "-o", output, ranks=3)


@pytest.mark.parametrize("writers", ["rank", "node"])
@pytest.mark.parametrize("there", ["another result", "nothing"])
def test_a_rank_that_sees_another_file_ends_all_ranks(moonsweep, seen, tmp_path, there, writers):
    job, hidden = job_file.write(tmp_path), tmp_path / "hidden"
    hidden.mkdir()
    output = seen / "out.h5"
    moonsweep("run", job, "-o", output)
    if there == "another result":
        shutil.copy(output, hidden / "out.h5")
    with h5py.File(output, "r+") as file:  # so that the sweep is incomplete
        file["status"][0] = 0
    before = output.read_bytes()
    done = moonsweep(
        "run", job, "-o", output, "--writers", writers, ranks=3, status=74 if there == "another result" else 66,
        wrapper=["sh", "-c", ELSEWHERE, "sh"], env={"SEEN": seen, "HIDDEN": hidden},
    )  # fmt: skip
    (message,) = processes.messages(done.stderr)
    assert f"rank 1 on {socket.gethostname()}: {output}" in message
    if there == "another result":
        assert message.endswith(
            "out.h5 is not the same file here as on rank 0; every machine must see the same file under this path"
        )
    else:
        assert "No such file or directory, but rank 0 has opened it; every machine must see the same file" in message
    assert output.read_bytes() == before
    assert (hidden / "out.h5").exists() is (there == "another result")
    moonsweep("run", job, "-o", output, ranks=3)
