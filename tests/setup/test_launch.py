"""tools/launch.sh starts ranks on this machine, forwards signals and statuses, and leaves no files."""

import os
import resource
import shutil
import signal
import time
from pathlib import Path

import pytest

from lib import processes, waiting


@pytest.fixture
def launch(tmp_path):
    """Starts a shell script on a number of ranks, with its temporary files in tmp_path/tmp."""
    (tmp_path / "tmp").mkdir()

    def start(ranks, *lines, **variables):
        script = tmp_path / "script"
        script.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
        script.chmod(0o755)
        return processes.start(script, ranks=ranks, cwd=tmp_path, env={"TMPDIR": tmp_path / "tmp", **variables})

    yield start
    assert list((tmp_path / "tmp").iterdir()) == []


def wait_for(files):
    waiting.until(lambda: all(file.exists() for file in files), "the ranks did not start")


@pytest.mark.parametrize("status", [0, 65, 75])
def test_the_status_is_the_program_s_and_mpirun_prints_nothing(launch, status):
    started = launch(2, f"exit {status}")
    assert started.communicate() == ("", "")
    assert started.returncode == status


def test_more_ranks_than_cores_start(launch):
    ranks = os.cpu_count() + 3
    output, _ = launch(ranks, "echo $OMPI_COMM_WORLD_RANK").communicate()
    assert sorted(map(int, output.split())) == list(range(ranks))


def test_usr1_reaches_every_rank_and_their_status_is_returned(launch, tmp_path):
    started = launch(
        2,
        "trap 'touch stopped.$OMPI_COMM_WORLD_RANK; exit 75' USR1",
        "touch started.$OMPI_COMM_WORLD_RANK",
        "while :; do sleep 0.1; done",
    )
    wait_for([tmp_path / f"started.{rank}" for rank in range(2)])
    started.send_signal(signal.SIGUSR1)
    started.communicate()
    assert started.returncode == 75
    assert (tmp_path / "stopped.0").exists() and (tmp_path / "stopped.1").exists()


# A command for a shell script whose parent is mpirun: it sends USR1 to tools/launch.sh, the parent of that.
TELL_LAUNCHER = "kill -USR1 $(cut -d ' ' -f 4 /proc/$PPID/stat)"
# Waits until tools/launch.sh has received it. mpirun and its ranks have the launcher's session folder as TMPDIR.
WAIT = "while [ -e $TMPDIR/wanted ]; do sleep 0.01; done"
INSTANTS = {
    "before anything else": ("mktemp", "kill -USR1 $PPID"),
    "before mpirun handles signals": ("mpirun", f"kill -USR1 $PPID; {WAIT}"),
    "before the ranks exist": ("sh", f"{TELL_LAUNCHER}; {WAIT}"),
}


@pytest.mark.parametrize("instant", INSTANTS)
def test_usr1_while_the_ranks_are_being_started_ends_with_status_75(launch, tmp_path, instant):
    name, line = INSTANTS[instant]
    folder = tmp_path / "bin"
    folder.mkdir()
    # tools/launch.sh asks mpirun for its version first.
    asked = f'[ "$1" != --version ] || exec {shutil.which(name)} "$@"'
    (folder / name).write_text(f'#!/bin/sh\n{asked}\n{line}\nexec {shutil.which(name)} "$@"\n')
    (folder / name).chmod(0o755)
    started = launch(2, "touch started", PATH=f"{folder}:{os.environ['PATH']}")
    output, errors = started.communicate()
    # Bash 5.2 itself prints this in rare cases when a child ends while it handles a signal.
    lines = [line for line in errors.splitlines() if "wait_for: No record of process" not in line]
    assert (output, lines) == ("", [])
    assert started.returncode == 75
    assert not (tmp_path / "started").exists()


def test_usr1_before_the_program_handles_signals_ends_with_status_75(launch):
    started = launch(2, TELL_LAUNCHER, "exec sleep 300")
    started.communicate()
    assert started.returncode == 75


def handles_usr1(process):
    """Whether a process has a handler of SIGUSR1."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(next(line for line in status.splitlines() if line.startswith("SigCgt:")).split()[1], 16)
    return caught >> (signal.SIGUSR1 - 1) & 1


@pytest.mark.parametrize("milliseconds", range(0, 300, 30))
def test_usr1_reaches_ranks_that_are_being_started(launch, milliseconds):
    """If it is lost the ranks end with 0."""
    started = launch(2, "trap 'exit 75' USR1", "for i in $(seq 300); do sleep 0.1; done")
    waiting.until(lambda: handles_usr1(started), pause=0.001)
    time.sleep(milliseconds / 1000)
    started.send_signal(signal.SIGUSR1)
    started.communicate()
    assert started.returncode == 75


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_the_ranks_end_with_the_launcher(launch, tmp_path, sent):
    started = launch(2, "echo $$ >pid.$OMPI_COMM_WORLD_RANK", "exec sleep 60")
    files = [tmp_path / f"pid.{rank}" for rank in range(2)]
    wait_for(files)
    time.sleep(0.5)
    started.send_signal(sent)
    started.communicate()
    assert started.returncode != 0
    waiting.until(lambda: processes.are_gone(int(file.read_text()) for file in files), "a rank did not end")


def test_a_missing_program_is_named():
    assert "/no/such/program" in processes.run("/no/such/program", ranks=2, status=66).stderr


@pytest.mark.parametrize("ranks", ["0", "-1", "two", ""])
def test_an_invalid_number_of_ranks_is_rejected(source, ranks):
    done = processes.run(source / "tools" / "launch.sh", ranks, "true", status=64)
    assert done.stderr == f"tools/launch.sh: '{ranks}' is not a number of ranks; it must be 1 or more\n"


def test_a_file_size_limit_below_what_mpi_needs_is_refused(source):
    def bound():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4095 << 10, 4095 << 10))

    done = processes.run(source / "tools" / "launch.sh", "2", "true", status=73, preexec_fn=bound)
    assert done.stderr == (
        "tools/launch.sh: the file size is limited to 4095 KiB (ulimit -f), but MPI needs files of 4096 KiB to start\n"
    )


@pytest.fixture
def path_without_ssh(tmp_path):
    """A PATH with everything except ssh and rsh, which start programs on other machines."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in map(Path, os.environ["PATH"].split(os.pathsep)):
        for file in place.glob("*"):
            if not os.path.lexists(folder / file.name) and file.name not in ("ssh", "rsh"):
                (folder / file.name).symlink_to(file)
    assert shutil.which("ssh", path=folder) is None and shutil.which("rsh", path=folder) is None
    return str(folder)


def test_ranks_start_without_ssh(launch, path_without_ssh):
    started = launch(2, "echo $OMPI_COMM_WORLD_SIZE", PATH=path_without_ssh)
    assert started.communicate() == ("2\n2\n", "")
    assert started.returncode == 0


def test_the_error_of_mpirun_is_shown_when_it_cannot_start_the_ranks(launch):
    started = launch(2, "echo started", OMPI_MCA_plm_rsh_agent="/no/such/agent")
    output, errors = started.communicate()
    assert started.returncode != 0 and output == ""
    assert "plm_rsh_agent" in errors and "/no/such/agent" in errors


def test_the_error_of_mpi_is_shown_when_it_cannot_start(source, moonsweep, tmp_path):
    command = ["run", source / "jobs" / "smoke.yaml", "-o", tmp_path / "out.h5"]
    done = moonsweep(*command, ranks=2, env={"OMPI_MCA_pml": "nosuch"}, status=None)
    assert done.returncode != 0
    # Open MPI 4.1.4 garbles simultaneous messages of two ranks about every other time, and then logs that instead.
    assert "nosuch" in done.stderr or "ORTE_ERROR_LOG" in done.stderr
    assert "Per user-direction" not in done.stderr
