"""What the launcher of each MPI does without tools/launch.sh: the table of docs/cluster.md."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal
import subprocess

import pytest

from lib import job_file, mpi, processes, result_file, waiting

# Trains until it is stopped.
ENDLESS = {"samples": 2000, "n_h": "[20, 18]", "activation": "[tanh]", "iterations": "[100, 10000000]"}

# The exit statuses of the launcher, and the ends of the run, after a signal to the launcher. With TERM, INT and HUP the
# launchers of Open MPI kill the ranks after a time, so their end may be either of two. The launcher of MPICH 4.0.2
# loses the status of the ranks in about one of fifteen cases.
IN_ORDER, KILLED, EITHER = {"stopped"}, {"running"}, {"stopped", "running"}
OF_OPEN_MPI = {
    "USR1": ({75}, IN_ORDER), "XCPU": ({75}, IN_ORDER), "TERM": ({1}, EITHER), "INT": ({1}, EITHER),
    "HUP": ({1}, EITHER),
}  # fmt: skip
AFTER_SIGNALS = {
    mpi.OPEN_MPI_4: OF_OPEN_MPI,
    mpi.OPEN_MPI_5: OF_OPEN_MPI,
    mpi.MPICH: {
        "USR1": ({75, 0}, IN_ORDER), "TERM": ({75, 0}, IN_ORDER), "INT": ({75, 0}, IN_ORDER),
        "XCPU": ({-signal.SIGXCPU}, KILLED), "HUP": ({-signal.SIGHUP}, KILLED),
    },
}  # fmt: skip
OFTEN_USED = ["USR1", "TERM"]


@pytest.fixture
def launch():
    """Starts a command on ranks by the launcher itself, and returns the process."""
    started = []

    def start(ranks, *words, options=(), env=mpi.PERMISSIONS, **more):
        command = [mpi.mpirun(), *options, "-n", ranks, *words]
        started.append(processes.start(*command, env=env, **{"stdin": subprocess.DEVNULL, **more}))
        return started[-1]

    yield start
    for process in started:
        processes.clean_up(process)


@pytest.fixture
def sweep(launch, program, tmp_path):
    """(launcher, {rank: process}, result) of a sweep on two ranks that does not end by itself."""
    output = tmp_path / "out.h5"
    started = launch(2, program, "run", job_file.write(tmp_path, **ENDLESS), "-o", output)
    waiting.until(lambda: result_file.finals(output) >= 1, running=started)
    return started, processes.ranks_of(started), output


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.other_mpis if name in OFTEN_USED else pytest.mark.long)
        for name in OF_OPEN_MPI
    ],
)
def test_a_signal_to_the_launcher(sweep, mpi_name, name):
    launcher, ranks, output = sweep
    statuses, ends = AFTER_SIGNALS[mpi_name][name]
    launcher.send_signal(signal.Signals[f"SIG{name}"])
    errors = processes.end_of(launcher, None)
    assert launcher.returncode in statuses, errors
    waiting.until(lambda: processes.are_gone(ranks.values()), "a rank is still running")
    (end,) = result_file.how_ended(output)
    assert end in ends
    assert end == "running" or len(result_file.checkpointed(output)) == 2


@pytest.mark.other_mpis
@pytest.mark.parametrize("victim", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_rank_that_is_killed_ends_the_others(sweep, mpi_name, victim):
    launcher, ranks, output = sweep
    os.kill(ranks[victim], signal.SIGKILL)
    processes.end_of(launcher, 9 if mpi_name == mpi.MPICH else 137)
    waiting.until(lambda: processes.are_gone(ranks.values()), "a rank is still running")
    assert result_file.how_ended(output) == ["running"]


@pytest.mark.other_mpis
def test_the_ranks_end_if_the_launcher_is_killed(sweep):
    launcher, ranks, _ = sweep
    launcher.kill()
    waiting.until(lambda: processes.are_gone(ranks.values()), "a rank is still running")
    launcher.communicate()


@pytest.mark.long
def test_tstp_to_the_launcher_suspends_the_ranks_of_open_mpi_only(sweep, mpi_name):
    launcher, ranks, output = sweep
    launcher.send_signal(signal.SIGTSTP)
    if mpi_name == mpi.MPICH:
        used = [processes.cpu_seconds(pid) for pid in ranks.values()]
        waiting.until(
            lambda: all(processes.cpu_seconds(pid) > before + 0.2 for pid, before in zip(ranks.values(), used))
        )
    else:
        waiting.until(lambda: all(map(processes.is_stopped, ranks.values())))
        launcher.send_signal(signal.SIGCONT)
        waiting.until(lambda: not any(map(processes.is_stopped, ranks.values())))
    assert not processes.is_stopped(launcher.pid)
    processes.stop(launcher)
    assert result_file.how_ended(output) == ["stopped"]


def ends_with(launcher):
    launcher.communicate()
    return launcher.returncode


@pytest.mark.other_mpis
@pytest.mark.parametrize("status", [65, 75])
def test_the_status_of_the_ranks_is_that_of_the_launcher(launch, status):
    # If the ranks end at once, the launcher of MPICH may write to one that is gone, and is killed by SIGPIPE.
    assert ends_with(launch(2, "sh", "-c", f"sleep 0.5; exit {status}")) == status


@pytest.mark.other_mpis
def test_what_each_launcher_refuses(launch, mpi_name):
    """Root, where the tests are run as root, more ranks than cores, and options of the other launcher."""
    is_mpich = mpi_name == mpi.MPICH
    without = dict.fromkeys(mpi.PERMISSIONS)
    if os.getuid() == 0:
        assert ends_with(launch(1, "true", env=without)) == (0 if is_mpich else 1)
    many = os.cpu_count() + 7
    as_root = {name: value if "ROOT" in name else None for name, value in mpi.PERMISSIONS.items()}
    assert ends_with(launch(many, "true", env=as_root)) == (0 if is_mpich else 1)
    assert ends_with(launch(many, "true", options=["--oversubscribe"], env=as_root)) == (255 if is_mpich else 0)
    assert ends_with(launch(1, "true", options=["--bind-to", "none"])) == 0


@pytest.mark.long
def test_every_launcher_takes_its_standard_input(launch, tmp_path):
    """A loop over the lines of a file ends after the first one."""
    (tmp_path / "lines").write_text("a\nb\nc\n")
    with (tmp_path / "lines").open() as lines:
        assert ends_with(launch(1, "true", stdin=lines)) == 0
        assert os.lseek(lines.fileno(), 0, os.SEEK_CUR) == 6


@pytest.mark.long
def test_open_mpi_binds_two_ranks_to_one_core_each_and_mpich_binds_none(launch, mpi_name):
    show = ["grep", "Cpus_allowed_list", "/proc/self/status"]
    as_root = {name: value for name, value in mpi.PERMISSIONS.items() if "ROOT" in name}
    output, _ = launch(2, *show, env=as_root).communicate()
    assert (output == 2 * processes.run(*show).stdout) is (mpi_name == mpi.MPICH)
