"""Full disks, quotas and folders that cannot be written: refused before anything is trained where that can be known,
ended in good order where it cannot, and nothing that was kept is lost."""

import re
import socket
import subprocess

import h5py
import pytest

from fault import disk, judge
from fault.promises import Places
from lib import job_file, processes, result_file, waiting
from lib.folder import names

# One trajectory of some tenths of a second, with checkpoints all the while.
ONE = {"samples": 2000, "n_h": "[10]", "iterations": "[100, 50000]"}
OFTEN = ["--checkpoint-seconds", "0.02"]
QUICK = ["--time-limit", "0.01"]  # makes the file, and little more

# Many short ones: rows are committed all the while.
MANY = {"samples": 2000, "n_h": "[10]", "seed": str(list(range(50))), "iterations": "[5000]"}

SIZES = re.compile(r"needs ([0-9.]+) MB, and the file system has ([0-9.]+) MB free")


@pytest.fixture
def small(tmp_path):
    """A file system of 64 MB."""
    with disk.mounted(tmp_path / "small", "64m") as folder:
        yield folder


@pytest.fixture(scope="module")
def one(undisturbed):
    """(job, its result)."""
    return undisturbed(**ONE)


# ---- before anything is trained ----------------------------------------------------------------------------------


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
def test_space_that_is_not_granted_is_told_with_both_sizes(moonsweep, build, one, tmp_path, cause, words, nth):
    output = tmp_path / "out.h5"
    env = disk.fault(build, output, "call=allocate", f"nth={nth}", f"cause={cause}")
    said = disk.message(moonsweep("run", one[0], "-o", output, env=env, status=73).stderr)
    assert words in said and "needs " in said and " free" in said
    assert names(tmp_path) == []


def test_reserved_space_is_there_when_the_disk_is_full(moonsweep, small, one):
    moonsweep("run", one[0], "-o", small / "out.h5", "-q", *QUICK, status=75)
    disk.fill(small, leave=4096)  # for the lock file
    moonsweep("run", one[0], "-o", small / "out.h5", "-q", *OFTEN)
    assert result_file.differences(small / "out.h5", one[1]) == []


@pytest.mark.parametrize("can", [True, False])
def test_a_copy_with_holes_is_not_carried_on_where_they_cannot_be_filled(moonsweep, build, small, tmp_path, can):
    """Whether the file system can reserve space or not."""
    job = job_file.write(tmp_path, iterations="[100, 2000000]")  # 16 MB of costs
    moonsweep("run", job, "-o", tmp_path / "out.h5", "-q", *QUICK, status=75)
    subprocess.run(["cp", "--sparse=always", tmp_path / "out.h5", small / "out.h5"], check=True)
    ballast = disk.fill(small, leave=4 << 20)
    before = (small / "out.h5").read_bytes()
    env = {} if can else disk.fault(build, small / "out.h5", "call=allocate", "nth=1-", "cause=EOPNOTSUPP")
    refused = moonsweep("run", job, "-o", small / "out.h5", env=env, status=73)
    needed, free = map(float, SIZES.search(disk.message(refused.stderr)).groups())
    assert 16 <= needed < 20 and 3 < free < 5
    assert (small / "out.h5").read_bytes() == before
    ballast.unlink()
    said = moonsweep("run", job, "-o", small / "out.h5", *QUICK, status=75, env=env).stderr
    assert ("cannot reserve space" in said) is not can


def test_a_file_system_that_cannot_be_written_is_refused(moonsweep, small, one):
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)
    refused = moonsweep("run", one[0], "-o", small / "out.h5", status=77)
    assert "Read-only file system" in disk.message(refused.stderr)


def test_a_folder_without_permission_is_refused(moonsweep, one, tmp_path):
    """Also as root, once that may no longer do everything."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    refused = moonsweep("run", one[0], "-o", folder / "out.h5", wrapper=bound, status=77)
    assert str(folder) in disk.message(refused.stderr)
    assert "Permission denied" in refused.stderr
    assert names(folder) == []


# ---- while it runs -----------------------------------------------------------------------------------------------


def test_a_checkpoint_that_cannot_be_written_leaves_the_older_one(moonsweep, build, small, one):
    """O12 (b)."""
    job, whole = one
    output = small / "out.h5"
    moonsweep("run", job, "-o", output, "-q", *QUICK, status=75)
    first, end = Places(output).extent("checkpoint/iteration")
    env = disk.fault(build, output, "call=write", f"at={first}-{end - 1}", "nth=3-", "cause=ENOSPC")
    ended = moonsweep("run", job, "-o", output, "-q", *OFTEN, env=env, status=74)
    said = disk.message(ended.stderr)
    assert f"rank 0 on {socket.gethostname()}: {output}: writing checkpoint/iteration" in said
    assert "No space left on device" in said
    assert names(small) == ["out.h5"]

    held = judge.look(output)
    kept = max(checkpoint.iteration for checkpoint in held.checkpoints if checkpoint.is_valid)
    assert held.progress == [kept] and 100 < kept < 50000
    moonsweep("run", job, "-o", output, "-q")
    with h5py.File(output) as file:
        assert file["leases/from_iteration"][file["leases/run"][:] == 2].tolist() == [kept]
    assert result_file.differences(output, whole) == []


@pytest.mark.parametrize("ranks", [1, 3])
def test_a_disk_that_fills_ends_the_sweep_in_good_order(moonsweep, start, undisturbed, build, small, tmp_path, ranks):
    """On a file system that reserves nothing."""
    job, output = job_file.write(tmp_path, **MANY), small / "out.h5"
    env = disk.fault(build, output, "call=allocate", "nth=1-", "cause=EOPNOTSUPP")
    sweep = start("run", job, "-o", output, env=env, ranks=ranks)
    waiting.until(lambda: result_file.finals(output) >= 3, running=sweep)
    ballast = disk.fill(small)
    assert "No space left on device" in processes.end_of(sweep, 74)
    assert names(small) == ["ballast", "out.h5"]
    held = judge.look(output)
    assert len(held.final) >= 3 and held.rows == held.final.keys()
    ballast.unlink()
    moonsweep("run", job, "-o", output, "-q", ranks=2)
    with h5py.File(output) as file:
        assert set((file["run"][:] == 0).nonzero()[0]) == held.rows
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
def test_a_sweep_outlives_a_log_that_is_full(program, one, tmp_path, options):
    with open("/dev/full", "w") as full:
        command = [program, "run", one[0], "-o", tmp_path / "out.h5", *options]
        assert subprocess.run(command, stdout=full, stderr=full).returncode == 0
    assert result_file.differences(tmp_path / "out.h5", one[1]) == []


def test_predictions_that_do_not_fit_leave_the_old_file(moonsweep, small, one):
    """Files of other commands are whole or not at all."""
    target = small / "p.csv"
    moonsweep("predict", one[1], "-c", 0, "--moons", "10,0.1,0", "-o", target)
    before = target.read_bytes()
    ballast = disk.fill(small, leave=8192)
    failed = moonsweep("predict", one[1], "-c", 0, "--moons", "100000,0.1,0", "-o", target, status=74)
    assert "No space left on device" in disk.message(failed.stderr)
    assert target.read_bytes() == before
    ballast.unlink()
    assert names(small) == ["p.csv"]
