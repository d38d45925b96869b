"""A result may have any name that the system accepts. Otherwise it is refused before any file is created. /dev/shm is
not needed."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import os

import pytest

from lib import processes
from lib.folder import names

# The maximum length of a name on most file systems, without the suffix of other files of the run.
LONGEST = 255 - len(".part")
LONGEST_PATH = os.pathconf("/", "PC_PATH_MAX") - 1 - len(".part")


@contextlib.contextmanager
def working_directory(folder):
    """Changes the working directory, even if its path is longer than the system allows."""
    before = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        yield
    finally:
        os.fchdir(before)
        os.close(before)


def make_folder(base, path_bytes):
    """Creates a folder below base whose path has `path_bytes` bytes. It may be too long for one call, so one component
    is created at a time."""
    path = str(base)
    with working_directory(base):
        while len(path) < path_bytes:
            # The last component must not be empty.
            left = path_bytes - len(path) - 1
            component = "f" * (left if left <= 200 else 200 if left != 201 else 199)
            os.mkdir(component)
            os.chdir(component)
            path += f"/{component}"
    return path


@contextlib.contextmanager
def entered(path, base):
    """Changes to a folder that make_folder created."""
    with working_directory(base):
        for component in os.path.relpath(path, base).split("/"):
            os.chdir(component)
        yield


# ---- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize(
    "name", ["a", ":", "#", "é" * 120, *("x" * length for length in [243, 244, 245, 246, LONGEST])]
)
def test_a_name_of_any_possible_length_works(moonsweep, job, tmp_path, name, ranks):
    path = job()
    folder = tmp_path / "out"
    folder.mkdir()
    # mpirun does not pass on a colon alone as an argument.
    done = moonsweep("run", path, "-o", f"./{name}" if ranks else name, ranks=ranks, cwd=folder)
    assert "1 of 1 configuration done" in done.stderr
    assert "nothing to do" in moonsweep("run", path, "-o", folder / name, ranks=ranks).stderr
    assert names(folder) == [name]
    assert "1 of 1 done" in moonsweep("status", name, cwd=folder).stdout


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("length", [LONGEST + 1, 255, 256, 1000, 5000])
def test_a_longer_name_is_refused_before_any_file_is_created(refused, job, tmp_path, length, ranks):
    path = job()
    words = [f"the name of a result may have {LONGEST} bytes here", f"this one has {length}: "]
    refused(73, "run", path, "-o", tmp_path / ("x" * length), ranks=ranks, words=words)
    assert names(tmp_path) == ["job.yaml"]


def test_an_existing_result_with_too_long_a_name_is_not_changed(moonsweep, refused, job, tmp_path):
    moonsweep("run", job(), "-o", tmp_path / "out.h5")
    long = tmp_path / ("x" * 255)
    (tmp_path / "out.h5").rename(long)
    before = long.read_bytes()
    refused(73, "run", tmp_path / "job.yaml", "-o", long, words=["this one has 255: "])
    assert long.read_bytes() == before
    assert names(tmp_path) == ["job.yaml", long.name]
    assert "1 of 1 done" in moonsweep("status", long).stdout


def test_bytes_that_a_terminal_may_obey_are_not_written(moonsweep, job, tmp_path):
    """Nor does a line break in a name begin another line, which in a job file would be YAML."""
    output = tmp_path / os.fsdecode(b"a\x1b[31m\n\xff.h5")
    shown = rf"{tmp_path}/a\x1b[31m\x0a\xff.h5: "
    ran = moonsweep("run", job(), "-o", output)
    assert ran.stderr.count(shown) == 2 and "\x1b" not in ran.stderr
    for command in ["status", "verify"]:
        assert moonsweep(command, output).stdout.startswith(shown)
    moonsweep("best", output, "--top", 1, "--job", tmp_path / "new.yaml")
    assert (tmp_path / "new.yaml").read_text().startswith(f"# The best 1 configuration of {shown[:-2]} by ")
    job(file="\n.yaml")
    noted = moonsweep("plan", tmp_path / "\n.yaml").stderr
    assert noted.startswith(rf"moonsweep: {tmp_path}/\x0a.yaml: note: ")


# ---- paths -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_path_of_the_maximum_length_works_and_a_longer_one_is_refused(moonsweep, refused, job, tmp_path, ranks):
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
def test_a_relative_path_works_even_if_its_absolute_path_is_too_long(moonsweep, job, tmp_path, ranks, beyond):
    """Relative paths are not made absolute. Only Open MPI's launcher needs the path of the working directory."""
    path = job()
    folder = make_folder(tmp_path, LONGEST_PATH + beyond)
    with entered(folder, tmp_path):
        moonsweep("run", path, "-o", "out.h5", ranks=ranks)
        assert "nothing to do" in moonsweep("run", path, "-o", "out.h5", ranks=ranks).stderr
        assert "1 of 1 done" in moonsweep("status", "out.h5").stdout
        assert "1 of 1 configuration is final" in moonsweep("verify", "out.h5").stdout
        assert names(".") == ["out.h5"]


def test_a_working_directory_that_was_removed_does_not_matter(moonsweep, job, tmp_path):
    path = job()
    for output in ["../out.h5", tmp_path / "out.h5"]:
        gone = tmp_path / "gone"
        gone.mkdir()
        with working_directory(gone):
            gone.rmdir()
            moonsweep("run", path, "-o", output)
        assert names(tmp_path) == ["job.yaml", "out.h5"]
        (tmp_path / "out.h5").unlink()


def test_a_message_about_a_long_path_contains_the_cause(moonsweep):
    for command in ["show", "status", "verify", "stop"]:
        done = moonsweep(command, "x" * 5000, status=66)
        assert done.stderr.endswith(": File name too long\n") and done.stderr.count("\n") == 1


# ---- other files -------------------------------------------------------------------------------------------------

# The files that a run creates: docs/file-format.md, rules 1 and 4.
DOCUMENTED = {"out.h5", "out.h5.part", "out.h5.lock"}


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_run_creates_only_the_documented_files(start, job, tmp_path, ranks):
    """Neither the folder nor /dev/shm gets any other; once, MPI's files for parallel access appeared there."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = job(samples=2000, n_h="[20, 15]", iterations="[10, 20000]")
    seen, shared = set(), set(names("/dev/shm"))
    run = start("run", path, "-o", folder / "out.h5", "--checkpoint-seconds", "0.01", "-q", ranks=ranks)
    while run.poll() is None:
        seen |= set(names(folder))
        shared |= set(names("/dev/shm"))
    assert processes.end_of(run) == ""
    assert {"out.h5", "out.h5.lock"} <= seen <= DOCUMENTED
    assert names(folder) == ["out.h5"]
    assert [name for name in shared if "out.h5" in name] == []


@pytest.mark.parametrize("ending", ["data.0", "metadata.0", "locktest.0"])
def test_other_files_with_similar_names_are_harmless_and_not_changed(moonsweep, job, tmp_path, ending):
    path = job()
    mine = tmp_path / f"out.h5.{ending}"
    mine.write_text("all my work\n")
    for _ in range(2):
        moonsweep("run", path, "-o", tmp_path / "out.h5")
        assert mine.read_text() == "all my work\n"
        assert set(names(tmp_path)) == {"job.yaml", "out.h5", mine.name}


def test_the_next_run_removes_what_a_kill_leaves(start, wait_for_done, moonsweep, job, tmp_path):
    path, out = job(samples=2000, n_h="[20]", iterations="[10, 1000000]"), tmp_path / "out.h5"
    run = start("run", path, "-o", out)
    wait_for_done(out, run)
    run.kill()
    run.communicate()
    assert names(tmp_path) == ["job.yaml", "out.h5", "out.h5.lock"]
    (tmp_path / "out.h5.part").write_bytes(b"half of a file")
    moonsweep("run", path, "-o", out, "--time-limit", 0.001, status=75)
    assert names(tmp_path) == ["job.yaml", "out.h5"]


# ---- /dev/shm ----------------------------------------------------------------------------------------------------

# /dev/shm is changed in a separate mount namespace, which only the test sees. Only root may do that, and not in every
# container. Without it these tests fail.
SHM = {
    "full": "head -c 65536 /dev/zero >/dev/shm/ballast",
    "read-only": "mount -o remount,ro /dev/shm",
}


def with_shm(state, command, **environment):
    """Runs a command with /dev/shm in a state of SHM, and returns the finished process."""
    # unshare cannot make all mounts private in a chroot, because the root is not a mount point there.
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
def test_the_setting_for_shared_files_of_mpi_does_not_matter(program, job, tmp_path, ranks):
    """With this setting, Open MPI could not open files if it could not create a semaphore."""
    path = job()
    command = processes.command(program, "run", path, "-o", tmp_path / "out.h5", ranks=ranks)
    done = with_shm("read-only", command, OMPI_MCA_sharedfp="sm")
    assert done.returncode == 0, done.stderr
    assert names(tmp_path) == ["job.yaml", "out.h5"]
