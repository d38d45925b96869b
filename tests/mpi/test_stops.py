"""Every way to stop a sweep keeps what was trained, and the same command goes on."""

import os
import signal
import subprocess

import h5py
import pytest
from mpi import sweeps
from mpi.terminals import Terminal

# Two trajectories of most of a second, which are under way, and two short ones that come after them.
LONG = {"samples": 2000, "n_h": "[20, 18, 2, 1]", "activation": "[tanh]", "iterations": "[100, 80000]"}


@pytest.fixture(scope="module")
def alone(moonsweep, tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    job = sweeps.job(folder, **LONG)
    moonsweep("run", job, "-o", folder / "alone.h5")
    return job, folder / "alone.h5"


def to_rank(rank, number):
    return lambda sweep, moonsweep, output: os.kill(sweeps.ranks_of(sweep)[rank], number)


WAYS = {
    "USR1 to the launcher": (lambda sweep, moonsweep, output: sweep.send_signal(signal.SIGUSR1), "by a signal"),
    "INT to the launcher": (lambda sweep, moonsweep, output: sweep.send_signal(signal.SIGINT), "by a signal"),
    "USR1 to rank 0": (to_rank(0, signal.SIGUSR1), "by a signal"),
    "USR1 to rank 1": (to_rank(1, signal.SIGUSR1), "by a signal"),
    "TERM to rank 0": (to_rank(0, signal.SIGTERM), "by a signal"),
    "TERM to rank 1": (to_rank(1, signal.SIGTERM), "by a signal"),
    "INT to rank 1": (to_rank(1, signal.SIGINT), "by a signal"),
    "HUP to rank 1": (to_rank(1, signal.SIGHUP), "by a signal"),
    "XCPU to rank 0": (to_rank(0, signal.SIGXCPU), "by a signal"),
    "XCPU to the launcher": (lambda sweep, moonsweep, output: sweep.send_signal(signal.SIGXCPU), "by a signal"),
    "moonsweep stop": (lambda sweep, moonsweep, output: moonsweep("stop", output), "on request"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_sweep_that_is_stopped_keeps_where_it_was(program, moonsweep, alone, tmp_path, way):
    job, expected = alone
    output = tmp_path / "out.h5"
    stop, reason = WAYS[way]
    sweep = sweeps.start(program, job, output, 2, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    sweeps.wait_until(lambda: sweeps.finals(output) >= 2 or sweep.poll() is not None)
    stop(sweep, moonsweep, output)
    _, errors = sweep.communicate()
    assert sweep.returncode == 75, errors
    assert f"stopped {reason}, {8 - sweeps.finals(output)} configurations left; the same command goes on" in errors
    with h5py.File(output) as file:
        assert file["runs/how_ended"][0] == 4
        # Ten seconds had not gone by: the stop itself wrote these.
        under_way = set(file["checkpoint/trajectory"][:]) - {-1}
        assert len(under_way) == 2
    moonsweep("run", job, "-o", output, ranks=3)
    assert sweeps.differences(output, expected) == []
    with h5py.File(output) as file:
        second = file["leases/run"][:] == 1
        begun = dict(zip(file["leases/first_trajectory"][second], file["leases/from_iteration"][second]))
        assert all(begun[trajectory] > 100 for trajectory in under_way)
        assert file["runs/how_ended"][1] == 2


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU])
def test_a_signal_that_was_ignored_at_the_start_stays_ignored(program, alone, tmp_path, number):
    job, expected = alone
    output = tmp_path / "out.h5"
    # nohup starts a command like this, and so does a script that starts one in the background.
    starter = ["sh", "-c", f"trap '' {number.name.removeprefix('SIG')}; exec \"$@\"", "sh"]
    sweep = subprocess.Popen([*starter, program, "run", job, "-o", output, "--quiet"])
    sweeps.wait_until(lambda: sweeps.finals(output) >= 1 or sweep.poll() is not None)
    sweep.send_signal(number)
    assert sweep.wait() == 0
    assert sweeps.differences(output, expected) == []


def test_nohup_outlives_its_terminal(program, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    terminal = Terminal(["nohup", program, "run", job, "-o", output], cwd=tmp_path)
    terminal.until(lambda: sweeps.finals(output) >= 1 or terminal.process.poll() is not None)
    terminal.close()
    assert terminal.process.wait() == 0
    assert sweeps.differences(output, expected) == []


def test_the_soft_limit_of_processor_time_stops_a_sweep_with_its_checkpoints(program, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    limited = ["sh", "-c", 'ulimit -S -t 1 && exec "$@"', "sh"]
    status, stopped = 75, 0
    while status == 75:
        # Each time with another second of processor time, and from the checkpoints of the time before.
        done = subprocess.run([*limited, program, "run", job, "-o", output], capture_output=True, text=True)
        status = done.returncode
        stopped += "stopped by a signal" in done.stderr
    assert status == 0, done.stderr
    assert stopped > 0
    assert sweeps.differences(output, expected) == []


def test_a_time_limit_stops_a_sweep_as_often_as_it_takes(moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    limit_s, status, stopped = 0.5, 75, 0
    while status == 75:
        done = moonsweep("run", job, "-o", output, "--time-limit", f"{limit_s}s", ranks=2, status=None)
        status = done.returncode
        if status == 75:
            assert "stopped by its time limit" in done.stderr
            stopped += 1
        limit_s *= 2  # ends on a busy machine too
    assert status == 0, done.stderr
    assert stopped > 0
    assert sweeps.differences(output, expected) == []


def test_a_time_limit_that_is_over_before_the_sweep_begins_trains_nothing(moonsweep, alone, tmp_path):
    job, _ = alone
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", "--time-limit", "0.001", status=75)
    assert "8 configurations left" in done.stderr
    with h5py.File(tmp_path / "out.h5") as file:
        assert (file["cost_count"][:] == 0).all()


@pytest.mark.parametrize("coordinator", ["train", "dedicated"])
def test_a_dedicated_coordinator_hears_of_a_request_too(program, moonsweep, alone, tmp_path, coordinator):
    job, _ = alone
    output = tmp_path / "out.h5"
    sweep = sweeps.start(
        program, job, output, 2, "--coordinator", coordinator, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    sweeps.wait_until(lambda: sweeps.finals(output) >= 1 or sweep.poll() is not None)
    asked = moonsweep("stop", output)
    assert "was asked to stop" in asked.stderr
    _, errors = sweep.communicate()
    assert sweep.returncode == 75, errors
    assert "stopped on request" in errors
    again = moonsweep("stop", output)
    assert "no sweep is running on it" in again.stderr


@pytest.mark.parametrize("layers", [0, 1])
def test_a_second_interrupt_ends_ranks_that_do_not_stop_and_loses_nothing(program, moonsweep, alone, tmp_path, layers):
    job, expected = alone
    output = tmp_path / "out.h5"
    # jobs/local.sh has one launcher more between the terminal and the ranks.
    command = [sweeps.SOURCE / "tools" / "launch.sh", 2, program, "run", job, "-o", output, "--checkpoint-seconds", 0.1]
    if layers:
        command = ["bash", "-c", '. "$0" && forward "$@"', sweeps.SOURCE / "tools" / "forward.sh", *command]
    sweep = subprocess.Popen(list(map(str, command)), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    sweeps.wait_until(lambda: has_checkpoint(output) or sweep.poll() is not None)
    ranks = sweeps.ranks_of(sweep)
    os.kill(ranks[1], signal.SIGSTOP)
    sweep.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        sweep.wait(3)  # nothing makes it end
    sweep.send_signal(signal.SIGINT)
    sweep.communicate()
    assert sweep.returncode not in (0, 75)
    sweeps.wait_until(lambda: are_gone(ranks.values()), "a rank went on")
    with h5py.File(output) as file:
        kept = {int(trajectory) for trajectory in file["checkpoint/trajectory"][:] if trajectory >= 0}
    moonsweep("run", job, "-o", output, ranks=2)
    assert kept and sweeps.differences(output, expected) == []


def has_checkpoint(path):
    if sweeps.finals(path) == 0:
        return False
    with h5py.File(path) as file:
        return bool((file["checkpoint/trajectory"][:] >= 0).any())


def are_gone(pids):
    """Whether none of the processes is there any more."""
    return all(sweeps.state_of(pid) in (None, "Z") for pid in pids)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM])
def test_every_rank_ends_after_a_signal_to_one(program, alone, tmp_path, number):
    job, _ = alone
    output = tmp_path / "out.h5"
    sweep = sweeps.start(program, job, output, 2, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    sweeps.wait_until(lambda: sweeps.finals(output) >= 2)
    ranks = sweeps.ranks_of(sweep)
    os.kill(ranks[1], number)
    sweeps.wait_until(lambda: are_gone(ranks.values()), "a rank went on")
    sweep.communicate()
    assert sweep.returncode == 75
