"""What a result may be called: any name that the system takes, or a sentence before anything is made. /dev/shm has no
part in it."""

import contextlib
import os

import pytest

from lib import processes
from lib.folder import names

# The longest name of most file systems, less what the names beside it have more.
LONGEST = 255 - len(".part")
LONGEST_PATH = os.pathconf("/", "PC_PATH_MAX") - 1 - len(".part")


@contextlib.contextmanager
def working_directory(folder):
    """Another working directory, be its path longer than a path may be."""
    before = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        yield
    finally:
        os.fchdir(before)
        os.close(before)


def make_folder(base, path_bytes):
    """A folder below base whose path has so many bytes; made a piece at a time, for it may be too long for one call."""
    path = str(base)
    with working_directory(base):
        while len(path) < path_bytes:
            # No piece is left that would be a slash alone.
            room = path_bytes - len(path) - 1
            piece = "f" * (room if room <= 200 else 200 if room != 201 else 199)
            os.mkdir(piece)
            os.chdir(piece)
            path += f"/{piece}"
    return path


@contextlib.contextmanager
def entered(path, base):
    """Goes into a folder that make_folder made."""
    with working_directory(base):
        for piece in os.path.relpath(path, base).split("/"):
            os.chdir(piece)
        yield


# ---- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize(
    "name", ["a", ":", "#", "é" * 120, *("x" * length for length in [243, 244, 245, 246, LONGEST])]
)
def test_a_name_of_any_length_that_there_is_room_for_works(moonsweep, job, tmp_path, name, ranks):
    path = job()
    folder = tmp_path / "out"
    folder.mkdir()
    # To mpirun a colon alone is not an argument.
    done = moonsweep("run", path, "-o", f"./{name}" if ranks else name, ranks=ranks, cwd=folder)
    assert "1 of 1 configuration done" in done.stderr
    assert "nothing to do" in moonsweep("run", path, "-o", folder / name, ranks=ranks).stderr
    assert names(folder) == [name]
    assert "1 of 1 done" in moonsweep("status", name, cwd=folder).stdout


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("length", [LONGEST + 1, 255, 256, 1000, 5000])
def test_a_longer_one_is_refused_before_anything_is_made(refused, job, tmp_path, length, ranks):
    path = job()
    words = [f"the name of a result may have {LONGEST} bytes here", f"this one has {length}: "]
    refused(73, "run", path, "-o", tmp_path / ("x" * length), ranks=ranks, words=words)
    assert names(tmp_path) == ["job.yaml"]


def test_a_result_whose_name_leaves_no_room_is_not_touched(moonsweep, refused, job, tmp_path):
    moonsweep("run", job(), "-o", tmp_path / "out.h5")
    long = tmp_path / ("x" * 255)
    (tmp_path / "out.h5").rename(long)
    before = long.read_bytes()
    refused(73, "run", tmp_path / "job.yaml", "-o", long, words=["this one has 255: "])
    assert long.read_bytes() == before
    assert names(tmp_path) == ["job.yaml", long.name]
    assert "1 of 1 done" in moonsweep("status", long).stdout


# ---- paths -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_path_as_long_as_there_is_room_for_works_and_a_longer_one_is_refused(
    moonsweep, refused, job, tmp_path, ranks
):
    path = job()
    for length in [LONGEST_PATH - 1, LONGEST_PATH, LONGEST_PATH + 1, LONGEST_PATH + 5]:
        base = tmp_path / str(length)
        base.mkdir()
        folder = make_folder(base, length - len("/out.h5"))
        with entered(folder, base):
            output = f"{folder}/out.h5"
            if length <= LONGEST_PATH:
                moonsweep("run", path, "-o", output, ranks=ranks)
                assert "nothing to do" in moonsweep("run", path, "-o", output, ranks=ranks).stderr
                assert names(".") == ["out.h5"]
            else:
                words = [f"the path of a result may have {LONGEST_PATH} bytes", f"this one has {length}: "]
                refused(73, "run", path, "-o", output, ranks=ranks, words=words)
                assert names(".") == []


@pytest.mark.parametrize("ranks, beyond", [(0, 20), (2, -2)])
def test_a_relative_path_may_be_one_that_is_too_long_from_the_root(moonsweep, job, tmp_path, ranks, beyond):
    """The system follows relative names; nothing makes them absolute. Open MPI's launcher must be able to say where it
    is, though."""
    path = job()
    folder = make_folder(tmp_path, LONGEST_PATH + beyond)
    with entered(folder, tmp_path):
        moonsweep("run", path, "-o", "out.h5", ranks=ranks)
        assert "nothing to do" in moonsweep("run", path, "-o", "out.h5", ranks=ranks).stderr
        assert "1 of 1 done" in moonsweep("status", "out.h5").stdout
        assert "1 of 1 configuration is final" in moonsweep("verify", "out.h5").stdout
        assert names(".") == ["out.h5"]


def test_a_working_directory_that_is_gone_does_not_matter(moonsweep, job, tmp_path):
    path = job()
    for output in ["../out.h5", tmp_path / "out.h5"]:
        gone = tmp_path / "gone"
        gone.mkdir()
        with working_directory(gone):
            gone.rmdir()
            moonsweep("run", path, "-o", output)
        assert names(tmp_path) == ["job.yaml", "out.h5"]
        (tmp_path / "out.h5").unlink()


def test_a_sentence_about_a_long_path_keeps_its_cause(moonsweep, tmp_path):
    for command in ["show", "status", "verify", "stop"]:
        done = moonsweep(command, "x" * 5000, status=66)
        assert done.stderr.endswith(": File name too long\n") and done.stderr.count("\n") == 1


# ---- beside it ---------------------------------------------------------------------------------------------------

# What a run makes: docs/file-format.md, rules 1 and 4.
OURS = {"out.h5", "out.h5.part", "out.h5.lock"}


@pytest.mark.parametrize("ranks", [0, 2])
def test_nothing_but_the_documented_files_ever_appears_beside_it(start, job, tmp_path, ranks):
    """Neither in its folder nor in /dev/shm, where MPI's files for parallel access appeared once."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = job(samples=2000, n_h="[20, 15]", iterations="[10, 20000]")
    seen, shared = set(), set(names("/dev/shm"))
    run = start("run", path, "-o", folder / "out.h5", "--checkpoint-seconds", "0.01", "-q", ranks=ranks)
    while run.poll() is None:
        seen |= set(names(folder))
        shared |= set(names("/dev/shm"))
    assert processes.end_of(run) == ""
    assert {"out.h5", "out.h5.lock"} <= seen <= OURS
    assert names(folder) == ["out.h5"]
    assert [name for name in shared if "out.h5" in name] == []


@pytest.mark.parametrize("ending", ["data.0", "metadata.0", "locktest.0"])
def test_other_files_beside_it_are_in_nobody_s_way_and_left_alone(moonsweep, job, tmp_path, ending):
    path = job()
    mine = tmp_path / f"out.h5.{ending}"
    mine.write_text("all my work\n")
    for _ in range(2):
        moonsweep("run", path, "-o", tmp_path / "out.h5")
        assert mine.read_text() == "all my work\n"
        assert set(names(tmp_path)) == {"job.yaml", "out.h5", mine.name}


def test_what_a_kill_leaves_goes_with_the_next_run(start, wait_for_done, moonsweep, job, tmp_path):
    path, out = job(samples=2000, n_h="[20]", iterations="[10, 20000]"), tmp_path / "out.h5"
    run = start("run", path, "-o", out)
    wait_for_done(out, run)
    run.kill()
    run.communicate()
    assert names(tmp_path) == ["job.yaml", "out.h5", "out.h5.lock"]
    (tmp_path / "out.h5.part").write_bytes(b"half of a file")
    moonsweep("run", path, "-o", out)
    assert names(tmp_path) == ["job.yaml", "out.h5"]


# ---- /dev/shm ----------------------------------------------------------------------------------------------------

# In a mount namespace of its own, so that only this test sees it. Only root may, and not in every container: nothing
# here can be tested without it.
SHM = {
    "full": "head -c 65536 /dev/zero >/dev/shm/ballast",
    "read-only": "mount -o remount,ro /dev/shm",
}


def with_shm(state, command, **environment):
    """Runs a command where /dev/shm is in that state; returns the finished process."""
    # The root of a chroot is no mount point, which unshare takes for granted where it makes everything private.
    private = "mount --make-private /dev/shm && mount -t tmpfs -o size=64k tmpfs /dev/shm"
    script = f'{private} && {SHM[state]} && exec "$@"'
    private_mounts = ["unshare", "--mount", "--propagation", "unchanged", "sh", "-c", script, "sh"]
    return processes.run(*private_mounts, *command, env=environment, status=None)


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("state", SHM)
def test_a_full_or_read_only_dev_shm_does_not_matter(program, job, tmp_path, state, ranks):
    path = job()
    done = with_shm(state, processes.command(program, "run", path, "-o", tmp_path / "out.h5", ranks=ranks))
    assert done.returncode == 0, done.stderr
    assert "1 of 1 configuration done" in done.stderr
    assert names(tmp_path) == ["job.yaml", "out.h5"]


@pytest.mark.parametrize("ranks", [0, 2])
def test_how_mpi_is_to_share_files_does_not_matter(program, job, tmp_path, ranks):
    """With this setting Open MPI opened no file where it could make no semaphore."""
    path = job()
    command = processes.command(program, "run", path, "-o", tmp_path / "out.h5", ranks=ranks)
    done = with_shm("read-only", command, OMPI_MCA_sharedfp="sm")
    assert done.returncode == 0, done.stderr
    assert names(tmp_path) == ["job.yaml", "out.h5"]
