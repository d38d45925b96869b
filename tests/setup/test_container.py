"""The scripts in a container, which limits cores, forbids tracing and has only 64 MB of shared memory."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

CORES = 1  # the limit of the control group; the host has more
TALKER = """\
#include <mpi.h>
#include <stdlib.h>

/* Ranks 0 and 1 exchange a message that is large enough to be copied directly from process to process. */
int main(int argc, char **argv)
{
    enum { SIZE = 1 << 24 };
    char *message = calloc(SIZE, 1);
    int rank;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0)
        MPI_Send(message, SIZE, MPI_CHAR, 1, 0, MPI_COMM_WORLD);
    else if (rank == 1)
        MPI_Recv(message, SIZE, MPI_CHAR, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Finalize();
    free(message);
    return 0;
}
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can create namespaces and control groups")


@contextmanager
def control_group(cores):
    """A control group with a limit on processor time; yields the path of its cgroup.procs."""
    root = Path("/sys/fs/cgroup")
    if (root / "cpu").is_dir():
        group, limits = root / "cpu" / f"ms-test-{os.getpid()}", {"cpu.cfs_quota_us": str(cores * 100000)}
    else:
        group, limits = root / f"ms-test-{os.getpid()}", {"cpu.max": f"{cores * 100000} 100000"}
    try:
        group.mkdir()
        for name, limit in limits.items():
            (group / name).write_text(limit)
    except OSError as error:
        if group.exists():
            group.rmdir()
        pytest.skip(f"cannot create a control group here: {error}")
    try:
        yield group / "cgroup.procs"
    finally:
        group.rmdir()


@pytest.fixture
def contained(source):
    """Runs a command in such a container and returns the finished process."""

    def run(*command, **options):
        # First make it private, so that the mount is not visible outside.
        small = "mount --make-private /dev/shm && mount -t tmpfs -o size=64m tmpfs /dev/shm"
        enter = f'echo $$ >"$0" && {small} && exec "$@"'
        with control_group(CORES) as processes:
            return subprocess.run(
                [
                    "unshare", "--mount", "--propagation", "unchanged", "sh", "-c", enter, processes,
                    sys.executable, source / "tests" / "setup" / "without_tracing.py", *command,
                ],
                capture_output=True, text=True, **options,
            )  # fmt: skip

    return run


@pytest.fixture
def talker(tmp_path):
    (tmp_path / "talker.c").write_text(TALKER)
    subprocess.run(["mpicc", "talker.c", "-o", "talker"], cwd=tmp_path, check=True)
    return tmp_path / "talker"


def test_the_cores_of_the_control_group_are_counted(contained, source):
    assert contained(source / "tools" / "cores.sh").stdout == f"{CORES}\n"


def test_plan_is_for_the_cores_of_the_control_group(contained, source, program):
    plan = contained(program, "plan", source / "jobs" / "smoke.yaml").stdout
    assert f"\nranks {CORES}\n" in plan


def test_ranks_communicate_without_warnings(contained, source, talker):
    plain = contained("mpirun", "-n", "2", "--allow-run-as-root", "--oversubscribe", talker)
    assert "Read -1" in plain.stdout + plain.stderr, "this container does not forbid tracing"
    ours = contained(source / "tools" / "launch.sh", "8", talker)
    assert (ours.returncode, ours.stdout, ours.stderr) == (0, "", "")


def test_local_sh_works_in_a_container(contained, source, tmp_path):
    import h5py

    result = tmp_path / "smoke.h5"
    done = contained(source / "jobs" / "local.sh", source / "jobs" / "smoke.yaml", result)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Read -1" not in done.stdout + done.stderr
    figures = tmp_path / "smoke-figures"
    report = tmp_path / "smoke-report.html"
    assert done.stdout.splitlines()[-1] == f"result: {result}   figures: {figures}/   report: {report}"
    assert report.stat().st_size > 1_000_000
    assert all(figure.stat().st_size > 1000 for figure in figures.glob("*.png")) and list(figures.glob("*.png"))
    with h5py.File(result) as file:
        assert file["runs/ranks"][0] == CORES
