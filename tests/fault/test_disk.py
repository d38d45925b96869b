"""Full disks, quotas and folders without write permission. The sweep is refused before training if the problem can be
detected then; otherwise it ends cleanly. Nothing that was committed is lost."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import socket
import subprocess

import h5py
import pytest

from fault import disk, judge
from fault.promises import Places
from lib import job_file, processes, result_file, waiting
from lib.folder import names

# One trajectory of some tenths of a second, with frequent checkpoints.
ONE = {"samples": 2000, "n_h": "[10]", "iterations": "[100, 50000]"}
OFTEN = ["--checkpoint-seconds", "0.02"]
QUICK = ["--time-limit", "0.01"]  # creates the file, and does little more

# Many short trajectories, so that rows are committed continually.
MANY = {"samples": 2000, "n_h": "[10]", "seed": str(list(range(50))), "iterations": "[5000]"}

SIZES = re.compile(r"needs ([0-9.]+) MB, and the file system has ([0-9.]+) MB free")


@pytest.fixture
def small(tmp_path):
    """A file system of 64 MB."""
    with disk.mounted(tmp_path / "small", "64m") as folder:
        yield folder


@pytest.fixture(scope="module")
def one(undisturbed):
    """A job and its result."""
    return undisturbed(**ONE)


# ---- before training ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_job_that_does_not_fit_is_refused_with_both_sizes(moonsweep, small, tmp_path, ranks):
    """O12 (a)."""
    job = job_file.write(tmp_path, iterations="[12500000]")  # 100 MB of costs
    refused = moonsweep("run", job, "-o", small / "out.h5", ranks=ranks, status=73)
    needed, free = map(float, SIZES.search(disk.message(refused.stderr)).groups())
    assert 100 <= needed < 105
    assert free == pytest.approx(disk.free_bytes(small) / 1e6, abs=0.1)
    assert names(small) == []


@pytest.mark.parametrize("cause, words", [("EDQUOT", "Disk quota exceeded"), ("ENOSPC", "No space left on device")])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_failed_reservation_is_reported_with_both_sizes(moonsweep, build, one, tmp_path, cause, words, nth):
    output = tmp_path / "out.h5"
    env = disk.fault(build, output, "call=allocate", f"nth={nth}", f"cause={cause}")
    message = disk.message(moonsweep("run", one[0], "-o", output, env=env, status=73).stderr)
    assert words in message and "needs " in message and " free" in message
    assert names(tmp_path) == []


def test_reserved_space_is_available_when_the_disk_is_full(moonsweep, small, one):
    moonsweep("run", one[0], "-o", small / "out.h5", "-q", *QUICK, status=75)
    disk.fill(small, leave=4096)  # for the lock file
    moonsweep("run", one[0], "-o", small / "out.h5", "-q", *OFTEN)
    assert result_file.differences(small / "out.h5", one[1]) == []


@pytest.mark.parametrize("can_reserve", [True, False])
def test_a_sparse_copy_is_not_resumed_if_its_holes_cannot_be_filled(moonsweep, build, small, tmp_path, can_reserve):
    """Whether or not the file system can reserve space."""
    job = job_file.write(tmp_path, iterations="[100, 2000000]")  # 16 MB of costs
    moonsweep("run", job, "-o", tmp_path / "out.h5", "-q", *QUICK, status=75)
    subprocess.run(["cp", "--sparse=always", tmp_path / "out.h5", small / "out.h5"], check=True)
    ballast = disk.fill(small, leave=4 << 20)
    before = (small / "out.h5").read_bytes()
    env = {} if can_reserve else disk.fault(build, small / "out.h5", "call=allocate", "nth=1-", "cause=EOPNOTSUPP")
    refused = moonsweep("run", job, "-o", small / "out.h5", env=env, status=73)
    needed, free = map(float, SIZES.search(disk.message(refused.stderr)).groups())
    assert 16 <= needed < 20 and 3 < free < 5
    assert (small / "out.h5").read_bytes() == before
    ballast.unlink()
    errors = moonsweep("run", job, "-o", small / "out.h5", *QUICK, status=75, env=env).stderr
    assert ("cannot reserve space" in errors) is not can_reserve


def test_a_read_only_file_system_is_refused(moonsweep, small, one):
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)
    refused = moonsweep("run", one[0], "-o", small / "out.h5", status=77)
    assert "Read-only file system" in disk.message(refused.stderr)


def test_a_folder_without_permission_is_refused(moonsweep, one, tmp_path):
    """The tests run as root, so root loses the capabilities that ignore permissions."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    refused = moonsweep("run", one[0], "-o", folder / "out.h5", wrapper=bound, status=77)
    assert str(folder) in disk.message(refused.stderr)
    assert "Permission denied" in refused.stderr
    assert names(folder) == []


# ---- during training ---------------------------------------------------------------------------------------------


def test_a_checkpoint_that_cannot_be_written_leaves_the_older_one(moonsweep, build, small, one):
    """O12 (b)."""
    job, whole = one
    output = small / "out.h5"
    moonsweep("run", job, "-o", output, "-q", *QUICK, status=75)
    first, end = Places(output).extent("checkpoint/iteration")
    env = disk.fault(build, output, "call=write", f"at={first}-{end - 1}", "nth=2-", "cause=ENOSPC")
    ended = moonsweep("run", job, "-o", output, "-q", *OFTEN, env=env, status=74)
    message = disk.message(ended.stderr)
    assert f"rank 0 on {socket.gethostname()}: {output}: writing checkpoint/iteration" in message
    assert "No space left on device" in message
    assert names(small) == ["out.h5"]

    contents = judge.look(output)
    kept = max(checkpoint.iteration for checkpoint in contents.checkpoints if checkpoint.is_valid)
    assert contents.progress == [kept] and 100 < kept < 50000
    moonsweep("run", job, "-o", output, "-q")
    with h5py.File(output) as file:
        assert file["leases/from_iteration"][file["leases/run"][:] == 2].tolist() == [kept]
    assert result_file.differences(output, whole) == []


@pytest.mark.parametrize("ranks", [1, 3])
def test_a_disk_that_fills_up_ends_the_sweep_cleanly(moonsweep, start, undisturbed, build, small, tmp_path, ranks):
    """On a file system that cannot reserve space."""
    job, output = job_file.write(tmp_path, **MANY), small / "out.h5"
    env = disk.fault(build, output, "call=allocate", "nth=1-", "cause=EOPNOTSUPP")
    sweep = start("run", job, "-o", output, env=env, ranks=ranks)
    waiting.until(lambda: result_file.finals(output) >= 3, running=sweep)
    ballast = disk.fill(small)
    assert "No space left on device" in processes.end_of(sweep, 74)
    assert names(small) == ["ballast", "out.h5"]
    contents = judge.look(output)
    assert len(contents.final) >= 3 and contents.rows == contents.final.keys()
    ballast.unlink()
    moonsweep("run", job, "-o", output, "-q", ranks=2)
    with h5py.File(output) as file:
        assert set((file["run"][:] == 0).nonzero()[0]) == contents.rows
    assert result_file.differences(output, undisturbed(**MANY)[1]) == []


# ---- standard output ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        "--version", "--help", "run --help", "show --help", "stop --help", "data JOB -o -", "data JOB -o /dev/full",
        "show OUT", "show OUT --format csv", "show OUT --format json", "status OUT", "status --exit-code OUT",
        "predict OUT -c 0 --moons 9,0.1,0", "predict OUT -c 0 --moons 9,0.1,0 -o -",
    ],
)  # fmt: skip
def test_output_that_cannot_be_written_is_an_error(program, one, arguments):
    words = [{"OUT": one[1], "JOB": one[0]}.get(word, word) for word in arguments.split()]
    with open("/dev/full", "w") as full:
        done = subprocess.run([program, *words], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 74
    assert re.search("^moonsweep: .*: No space left on device$", done.stderr.splitlines()[-1])


@pytest.mark.parametrize("options", [[], ["-q"]])
def test_a_sweep_continues_when_its_messages_cannot_be_written(program, one, tmp_path, options):
    with open("/dev/full", "w") as full:
        command = [program, "run", one[0], "-o", tmp_path / "out.h5", *options]
        assert subprocess.run(command, stdout=full, stderr=full).returncode == 0
    assert result_file.differences(tmp_path / "out.h5", one[1]) == []


def test_predictions_that_do_not_fit_leave_the_old_file(moonsweep, small, one):
    """Other commands write files completely or not at all."""
    target = small / "p.csv"
    moonsweep("predict", one[1], "-c", 0, "--moons", "10,0.1,0", "-o", target)
    before = target.read_bytes()
    ballast = disk.fill(small, leave=8192)
    failed = moonsweep("predict", one[1], "-c", 0, "--moons", "100000,0.1,0", "-o", target, status=74)
    assert "No space left on device" in disk.message(failed.stderr)
    assert target.read_bytes() == before
    ballast.unlink()
    assert names(small) == ["p.csv"]
