"""tools/supervise.sh restarts a sweep that was killed, which completes to the same bits. It does not restart a sweep
that would only fail again."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal

import pytest

from lib import SOURCE, job_file, processes, result_file, waiting

# LONG is a second or more of work in four trajectories, with frequent checkpoints, so that little of it is done twice.
# ENDLESS is more than any test waits for.
LONG = {"samples": 2000, "n_h": "[20, 15]", "activation": "[tanh, relu]", "iterations": "[100, 60000]"}
ENDLESS = {**LONG, "iterations": "[100, 10000000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]


@pytest.fixture(scope="module")
def alone(undisturbed):
    """A job, and the result of an undisturbed run."""
    return undisturbed(**LONG)


@pytest.fixture
def supervise(program, tmp_path):
    """Starts a command with the result tmp_path/out.h5 under supervision, and returns the process."""
    script = tmp_path / "supervisor"
    script.write_text(f'. "{SOURCE / "tools" / "supervise.sh"}"\nsupervise "$@"\n')

    def start(*command, restarts=None):
        limit = {} if restarts is None else {"MOONSWEEP_RESTARTS": restarts}
        return processes.start("bash", script, program, tmp_path / "out.h5", *command, env=limit)

    return start


@pytest.fixture
def start_sweep(supervise, program, tmp_path):
    """Starts a supervised sweep on two ranks, and waits for its first checkpoint."""
    started = []

    def start(job):
        command = processes.command(program, "run", job, "-o", tmp_path / "out.h5", *OFTEN, ranks=2)
        started.append(supervise(*command))
        waiting.until(lambda: result_file.checkpointed(tmp_path / "out.h5"), running=started[0])
        return started[0]

    yield start
    for sweep in started:
        if sweep.poll() is None:
            processes.interrupt(sweep)


@pytest.fixture
def sweep(start_sweep, alone):
    return start_sweep(alone[0])


@pytest.fixture
def endless_sweep(start_sweep, tmp_path):
    return start_sweep(job_file.write(tmp_path, **ENDLESS))


@pytest.fixture
def half_done(moonsweep, alone, tmp_path):
    """An incomplete result."""
    moonsweep("run", alone[0], "-o", tmp_path / "out.h5", "--time-limit", "0.1s", status=75)
    return tmp_path / "out.h5"


@pytest.fixture
def stand_in(tmp_path):
    """Makes a fake launcher of a few lines of shell, and returns its command. stand_in.starts() counts its starts."""
    starts = tmp_path / "starts"

    def make(*lines):
        return ["bash", "-c", "\n".join([f"echo >>'{starts}'", *lines])]

    make.starts = lambda: starts.read_text().count("\n")
    return make


# ---- restarted -----------------------------------------------------------------------------------------------


VICTIMS = {
    "a rank": lambda sweep: [processes.ranks_of(sweep)[1]],
    "rank 0": lambda sweep: [processes.ranks_of(sweep)[0]],
    "all ranks": lambda sweep: processes.ranks_of(sweep).values(),
    "mpirun": lambda sweep: [processes.mpirun_of(sweep)],
}


@pytest.mark.parametrize("victim", ["a rank", "rank 0", "mpirun", pytest.param("all ranks", marks=pytest.mark.long)])
def test_a_killed_sweep_is_restarted_and_ends_with_the_same_bits(sweep, alone, tmp_path, victim):
    processes.kill(list(VICTIMS[victim](sweep)))
    errors = processes.end_of(sweep)
    assert "the sweep ended with status 137 (SIGKILL); restart 1 of 5" in errors
    assert result_file.differences(tmp_path / "out.h5", alone[1]) == []
    killed, *later = result_file.how_ended(tmp_path / "out.h5")
    # When mpirun is killed, the ranks receive a signal, and may have recorded that they stopped.
    assert killed in (["running", "stopped"] if victim == "mpirun" else ["running"])
    assert later == ["finished"]
    assert not list(tmp_path.glob("out.h5.*"))


@pytest.mark.long
def test_a_suspended_rank_does_not_outlive_its_launcher(sweep, alone, tmp_path):
    mpirun, rank = processes.mpirun_of(sweep), processes.ranks_of(sweep)[1]
    os.kill(mpirun, signal.SIGKILL)
    processes.kill([rank], signal.SIGSTOP)
    processes.end_of(sweep)
    assert processes.is_gone(rank)
    assert result_file.differences(tmp_path / "out.h5", alone[1]) == []


def test_it_waits_for_ranks_that_still_hold_the_lock(supervise, stand_in, program, alone, half_done):
    run = f"'{program}' run '{alone[0]}' -o '{half_done}'"
    # The first launcher dies before the run that it started. A second run would be refused until that one has ended.
    supervised = supervise(
        *stand_in(
            f"[ $(wc -l <'{half_done.parent / 'starts'}') -eq 1 ] || exec {run}",
            f"setsid {run} --time-limit 0.7s 2>/dev/null & run=$!",
            f"until [ -e '{half_done}.lock' ] || ! kill -0 $run; do sleep 0.01; done",
            "kill -KILL $$",
        )
    )
    processes.end_of(supervised)
    assert result_file.differences(half_done, alone[1]) == []


@pytest.mark.parametrize("status", [1, 9, 75, 139])
def test_a_second_crash_without_progress_is_the_last(supervise, stand_in, half_done, status):
    supervised = supervise(*stand_in(f"exit {status}"))
    _, errors = supervised.communicate()
    assert supervised.returncode == status
    assert stand_in.starts() == 2
    first, last = errors.splitlines()
    text = f"status {status}" + (" (SIGSEGV)" if status == 139 else "")
    assert first.endswith(f"the sweep ended with {text}; restart 1 of 5")
    assert last.endswith(f"the sweep ended with {text}: no progress since the last crash; not restarting")


@pytest.mark.parametrize("restarts", [0, 2])
def test_restarts_have_a_limit(supervise, stand_in, program, alone, half_done, restarts):
    # Each start makes progress, and then crashes.
    lines = [
        f"before=$('{program}' status '{half_done}' | grep -o '; [0-9]* of')",
        f"'{program}' run '{alone[0]}' -o '{half_done}' --quiet --checkpoint-seconds 0.01 & sweep=$!",
        f"while '{program}' status '{half_done}' | grep -qF \"$before\"; do sleep 0.05; done",
        "kill -KILL $sweep; wait $sweep; kill -SEGV $$",
    ]
    supervised = supervise(*stand_in(*lines), restarts=str(restarts))
    _, errors = supervised.communicate()
    assert supervised.returncode == 139
    assert stand_in.starts() == restarts + 1
    assert errors.splitlines()[-1].endswith(
        f"ended with status 139 (SIGSEGV) after {restarts} restarts, the limit; not restarting"
    )


# ---- not restarted -------------------------------------------------------------------------------------------


def test_a_launcher_that_returns_0_although_work_is_left_is_not_believed(supervise, stand_in, half_done):
    supervised = supervise(*stand_in("exit 0"), restarts="0")
    _, errors = supervised.communicate()
    assert (supervised.returncode, stand_in.starts()) == (75, 1)
    assert "the sweep ended with status 75 after 0 restarts, the limit; not restarting" in errors


@pytest.mark.parametrize("status", [2, 64, 65, 69, 70, 74, 78, 127])
def test_other_statuses_are_final(supervise, stand_in, half_done, status):
    supervised = supervise(*stand_in(f"exit {status}"))
    _, errors = supervised.communicate()
    assert (supervised.returncode, errors, stand_in.starts()) == (status, "", 1)


def test_a_wrong_job_is_not_restarted(supervise, program, tmp_path):
    job = job_file.write(tmp_path, learning_rate="[0]")
    supervised = supervise(*processes.command(program, "run", job, "-o", tmp_path / "out.h5", ranks=2))
    _, errors = supervised.communicate()
    assert supervised.returncode == 65
    assert len(errors.splitlines()) == 1 and "learning_rate" in errors


def test_a_launcher_that_fails_before_there_is_a_result_is_not_restarted(supervise, stand_in):
    supervised = supervise(*stand_in("exit 1"))
    _, errors = supervised.communicate()
    assert (supervised.returncode, errors, stand_in.starts()) == (1, "", 1)


def test_a_finished_sweep_is_not_restarted(supervise, stand_in, moonsweep, tmp_path):
    moonsweep("run", job_file.write(tmp_path), "-o", tmp_path / "out.h5")
    supervised = supervise(*stand_in("kill -KILL $$"))
    supervised.communicate()
    assert (supervised.returncode, stand_in.starts()) == (137, 1)


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        signal.SIGXCPU,
        *(pytest.param(number, marks=pytest.mark.long) for number in [signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP]),
    ],
)
def test_a_sweep_that_a_signal_stopped_is_not_restarted(endless_sweep, tmp_path, number):
    endless_sweep.send_signal(number)
    _, errors = endless_sweep.communicate()
    assert endless_sweep.returncode == 75
    assert "stopped by a signal" in errors and "; restart" not in errors
    assert result_file.how_ended(tmp_path / "out.h5") == ["stopped"]


def test_a_sweep_that_repeated_interrupts_ended_is_not_restarted(endless_sweep):
    os.kill(processes.ranks_of(endless_sweep)[1], signal.SIGSTOP)
    errors = processes.interrupt(endless_sweep)
    assert endless_sweep.returncode not in (0, 75)
    assert "; restart" not in errors


def test_a_sweep_that_was_asked_to_stop_is_not_restarted(endless_sweep, moonsweep, tmp_path):
    assert "was asked to stop" in moonsweep("stop", tmp_path / "out.h5").stderr
    _, errors = endless_sweep.communicate()
    assert endless_sweep.returncode == 75
    assert "stopped on request" in errors and "; restart" not in errors
    assert "; stopped, asked to stop" in moonsweep("status", tmp_path / "out.h5").stdout


def test_a_request_to_stop_between_crash_and_restart_is_obeyed(supervise, stand_in, program, alone, half_done):
    lines = [
        f"'{program}' run '{alone[0]}' -o '{half_done}' --quiet & sweep=$!",
        f"until '{program}' status '{half_done}' | grep -q '; running'; do :; done",
        "kill -KILL $sweep; wait $sweep",
        f"'{program}' stop '{half_done}'",
        "kill -KILL $$",
    ]
    supervised = supervise(*stand_in(*lines))
    _, errors = supervised.communicate()
    assert (supervised.returncode, stand_in.starts()) == (137, 1), errors
    assert "nothing to stop: its run was killed; jobs/local.sh will not restart it" in errors


def test_a_limit_that_is_not_a_number_is_refused(supervise, stand_in):
    supervised = supervise(*stand_in("exit 0"), restarts="many")
    _, errors = supervised.communicate()
    assert supervised.returncode == 64
    assert "MOONSWEEP_RESTARTS is 'many'" in errors
