"""tools/launch.sh starts ranks on this machine, forwards signals and statuses, and leaves no files."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import resource
import shutil
import signal
import socket
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


def lines_of_programs(errors):
    """The lines of standard error without those of two faults that are not ours: when Open MPI 4.1's mpirun ends early,
    it sometimes crashes, which it and bash report; and when a child ends while bash 5.2 handles a signal, bash
    sometimes does not find it."""
    faults = [
        rf"\[{re.escape(socket.gethostname())}:\d+\] (\*\*\*|Signal|Failing at|\[ *\d+\])",
        ".*Segmentation fault .*setsid ",
        ".*wait_for: No record of process",
    ]
    return [line for line in errors.splitlines() if not re.match("|".join(faults), line)]


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
    assert (output, lines_of_programs(errors)) == ("", [])
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


def mpirun_that(folder, *lines):
    """Makes an mpirun of Open MPI 4 that executes the lines, and returns the settings that select it. In the lines,
    "$@" is the command of a rank, and $ranks the number of ranks."""
    file = folder / "mpirun"
    version = '[ "$1" != --version ] || { echo "mpirun (Open MPI) 4.1.4"; exit; }'
    file.write_text("\n".join(["#!/bin/sh", version, "ranks=$2", "shift 2", *lines]) + "\n")
    file.chmod(0o755)
    return {"MOONSWEEP_MPIRUN": file, **QUICKLY}


START_AND_WAIT = ['for rank in $(seq $ranks); do "$@" & done', "wait"]
HANG = "exec sleep 600"
QUICKLY = {"MOONSWEEP_LAUNCHER_SECONDS": "0.2"}


def test_usr1_before_the_ranks_exist_ends_with_status_75_even_if_mpirun_crashes(launch, tmp_path):
    started = launch(2, "touch started", **mpirun_that(tmp_path, "kill -USR1 $PPID", WAIT, "kill -SEGV $$"))
    output, errors = started.communicate()
    assert (output, lines_of_programs(errors)) == ("", [])
    assert started.returncode == 75


def ended_launcher(errors):
    """Whether tools/launch.sh said that it ended mpirun."""
    return "did not end after its ranks, and was ended" in errors


@pytest.mark.parametrize("hang", [[HANG], ["trap '' TERM", HANG]], ids=["ends at TERM", "must be killed"])
@pytest.mark.parametrize(("words", "status"), [(["--version"], 0), (["show", "/no/such/file.h5"], 66)])
def test_an_mpirun_that_outlives_its_ranks_is_ended_with_their_status(program, tmp_path, hang, words, status):
    settings = mpirun_that(tmp_path, *START_AND_WAIT, *hang)
    started = processes.start(program, *words, ranks=2, env=settings)
    output, errors = started.communicate(timeout=300)
    assert started.returncode == status
    assert ended_launcher(errors)
    assert output.count("numerics") == (2 if status == 0 else 0)


def test_the_status_of_killed_ranks_is_not_0_if_mpirun_hangs(launch, tmp_path):
    started = launch(2, "kill -KILL $$", **mpirun_that(tmp_path, *START_AND_WAIT, HANG))
    _, errors = started.communicate(timeout=300)
    assert started.returncode == 137
    assert ended_launcher(errors)


# What mpirun may do for a while without being stuck, although no rank lives here.
AT_WORK = {
    "no rank yet": [],
    "between ranks": ['"$@"'],
    "ranks on other machines": ["touch $TMPDIR/ranks/1000001 $TMPDIR/ranks/1000002"],
    "ranks on other machines that share the folder": ["echo x >$TMPDIR/ranks/1000001", "echo x >$TMPDIR/ranks/1000002"],
}


@pytest.mark.parametrize("case", AT_WORK)
def test_an_mpirun_that_is_at_work_is_not_ended(launch, tmp_path, case):
    started = launch(2, "exit 0", **mpirun_that(tmp_path, *AT_WORK[case], "sleep 2", "exit 7"))
    assert started.communicate() == ("", "")
    assert started.returncode == 7


def test_a_suspended_mpirun_is_not_ended(launch, tmp_path):
    settings = mpirun_that(tmp_path, *START_AND_WAIT, "touch waited", "kill -STOP $$", "exit 0")
    started = launch(2, "exit 0", **settings)
    wait_for([tmp_path / "waited"])
    [suspended] = waiting.until(
        lambda: [pid for pid in processes.descendants(started.pid) if processes.is_stopped(pid)]
    )
    time.sleep(2)
    processes.kill([suspended], signal.SIGCONT)
    assert started.communicate() == ("", "")
    assert started.returncode == 0


@pytest.fixture
def hanging_finalize(tmp_path):
    """The settings with which mpirun hangs where Open MPI 4.1's does in rare cases."""
    source, library = tmp_path / "hang.c", tmp_path / "hang.so"
    source.write_text("#include <unistd.h>\nint PMIx_server_finalize(void) { for (;;) pause(); }\n")
    processes.run("cc", "-shared", "-fPIC", "-o", library, source)
    return {"LD_PRELOAD": library, **QUICKLY}


@pytest.mark.parametrize(("line", "status"), [("exec $PROGRAM --version", 0), ("kill -KILL $$", 137)])
def test_the_real_mpirun_is_ended_when_it_hangs_in_the_end(launch, program, hanging_finalize, line, status):
    started = launch(2, line, PROGRAM=program, **hanging_finalize)
    output, errors = started.communicate(timeout=300)
    assert started.returncode == status
    assert ended_launcher(errors)
    assert output.count("numerics") == (2 if status == 0 else 0)


def test_an_invalid_patience_is_rejected(source):
    done = processes.run(source / "tools" / "launch.sh", 2, "true", status=64, env={"MOONSWEEP_LAUNCHER_SECONDS": "-1"})
    expected = "tools/launch.sh: MOONSWEEP_LAUNCHER_SECONDS is '-1'; it must be a number of seconds\n"
    assert done.stderr == expected


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
