"""Ranks that hang while their job lives: they are named, and after --rank-timeout the run ends, so that it is resumed.

They are suspended (SIGSTOP), or wait for a disk that never answers (slow_sync.c). With a timeout of T seconds a rank is
named after T / 10 seconds, but after one second at the earliest and a minute at the latest."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import os
import re
import signal
import socket
import time

import pytest

from lib import SOURCE, job_file, mpi, processes, result_file, waiting
from lib.folder import names

# A second or two of work in three trajectories.
LONG = {"samples": 2000, "n_h": "[20, 19, 18]", "activation": "[tanh]", "iterations": "[100, 40000]"}
ENDLESS = {**LONG, "iterations": "[100, 100000000]"}
OFTEN = ["--checkpoint-seconds", "0.1"]
HOST = socket.gethostname()
# A flush that takes longer than any test.
NEVER_MS = 10**7


@pytest.fixture(scope="module")
def alone(undisturbed):
    """A job, and the result of an undisturbed run."""
    return undisturbed(**LONG)


@pytest.fixture
def begin(start, tmp_path):
    """Starts a sweep on three ranks that writes its messages to tmp_path/log, and waits until it trains."""

    def run(job, *options, ranks=3):
        with (tmp_path / "log").open("w") as log:
            sweep = start("run", job, "-o", tmp_path / "out.h5", *OFTEN, *options, ranks=ranks, stderr=log)
        waiting.until(lambda: result_file.checkpointed(tmp_path / "out.h5"), running=sweep)
        return sweep

    return run


@pytest.fixture
def begin_without(start_until, tmp_path):
    """Starts such a sweep, and returns it and the process of one of its ranks, which is suspended after its first
    checkpoint."""

    def run(rank, job, *options):
        with (tmp_path / "log").open("w") as log:
            return start_until(
                job, tmp_path / "out.h5", "checkpoint/checksum", *OFTEN, *options, rank=rank, ranks=3, stderr=log
            )

    return run


def wait_for(log, words, **options):
    waiting.until(lambda: words in log.read_text(), otherwise=f"no '{words}'", **options)


def suspend(pids):
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    waiting.until(lambda: all(map(processes.is_stopped, pids)))


def resume(pids):
    processes.kill(pids, signal.SIGCONT)


def ended(sweep, log):
    """Waits for the end of a sweep that ranks have ended, and returns what it has said. No process is left."""
    ranks = processes.ranks_of(sweep).values()
    sweep.wait()
    text = log.read_text()
    assert sweep.returncode == 75, text
    waiting.until(lambda: processes.are_gone(ranks))
    return text


# ---- a rank that comes back --------------------------------------------------------------------------------------


def test_a_suspended_rank_is_named_until_it_is_alive_again(begin_without, moonsweep, alone, tmp_path):
    job, expected = alone
    output, log = tmp_path / "out.h5", tmp_path / "log"
    sweep, rank = begin_without(1, job, "--rank-timeout", "100")
    wait_for(log, "no sign of life", running=sweep)
    silent = (
        rf"rank 1 on {HOST} has given no sign of life since \d{{4}}-\d\d-\d\dT[\d:]+Z, with lease \d \(trajectory \d\)"
    )
    # The lock file gets it after the log.
    shown = rf"; running \(host [^)]*\); {silent}$"
    waiting.until(lambda: re.search(shown, moonsweep("status", output).stdout.rstrip()), running=sweep)
    (found,) = json.loads(moonsweep("status", "--format", "json", output).stdout)
    assert re.fullmatch(silent, found["silent"])
    assert f"host {HOST}, process" in found["holder"]
    resume([rank])
    wait_for(log, "is alive again", running=sweep)
    waiting.until(lambda: "sign of life" not in moonsweep("status", output).stdout)
    assert sweep.wait() == 0
    text = log.read_text()
    named = (
        rf"moonsweep: rank 1 on {HOST} has given no sign of life for (\d+) s, since .*Z, with lease .*; after 100 s the"
    )
    (silent_s,) = re.findall(named, text)
    assert int(silent_s) >= 10 and text.count("no sign of life") == 1, text
    assert re.search(rf"moonsweep: rank 1 on {HOST} is alive again after \d+ s\n", text), text
    assert result_file.differences(output, expected) == []


def test_suspending_all_ranks_ends_nothing(begin, alone, tmp_path):
    job, expected = alone
    sweep = begin(job, "--rank-timeout", "20")
    ranks = list(processes.ranks_of(sweep).values())
    suspend(ranks)
    time.sleep(24)
    resume(ranks)
    assert sweep.wait() == 0, (tmp_path / "log").read_text()
    assert "is lost" not in (tmp_path / "log").read_text()
    assert result_file.differences(tmp_path / "out.h5", expected) == []


def test_ranks_that_have_left_are_not_silent(begin, tmp_path):
    # One trajectory, so that two ranks have no work and leave. Otherwise they would be silent after 5 s.
    sweep = begin(job_file.write(tmp_path, **{**ENDLESS, "n_h": "[20]"}), "--rank-timeout", "50")
    time.sleep(8)
    sweep.send_signal(signal.SIGUSR1)
    assert sweep.wait() == 75
    assert "sign of life" not in (tmp_path / "log").read_text()


# ---- a rank that is lost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lost", [[0], [1], *(pytest.param(both, marks=pytest.mark.long) for both in ([2], [1, 2]))], ids=str
)
def test_a_run_without_a_lost_rank_ends_and_is_resumed_to_the_same_bits(
    begin_without, moonsweep, alone, tmp_path, lost
):
    job, expected = alone
    output, log = tmp_path / "out.h5", tmp_path / "log"
    sweep, _ = begin_without(lost[0], job, "--rank-timeout", "5")
    suspend([processes.ranks_of(sweep)[rank] for rank in lost[1:]])
    text = ended(sweep, log)
    for rank in lost:
        assert re.search(rf"moonsweep: rank {rank} on {HOST}.* has given no sign of life for \d+ s", text), text
    if lost == [0]:
        assert f"moonsweep: rank 0 on {HOST}, which coordinates the run, is lost" in text, text
        assert "killed" in moonsweep("status", "--exit-code", output, status=75).stdout
    else:
        assert "stopped because ranks gave no sign of life, " in text, text
        assert moonsweep("status", "--exit-code", output, status=75).stdout.rstrip().endswith("; ended by an error")
        assert not output.with_name("out.h5.lock").exists()
    assert moonsweep("verify", output).returncode == 0
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected) == []
    assert names(tmp_path) == ["log", "out.h5"]


def test_ranks_that_live_store_their_work_before_the_run_ends(start, tmp_path):
    job, output, log = job_file.write(tmp_path, **ENDLESS), tmp_path / "out.h5", tmp_path / "log"
    with log.open("w") as file:
        sweep = start(
            "run", job, "-o", output, "--rank-timeout", "5", "--checkpoint-seconds", "3600", ranks=3, stderr=file
        )
    waiting.until(lambda: result_file.finals(output) == 3, running=sweep)
    suspend([processes.ranks_of(sweep)[1]])
    # Rank 0 knows of both checkpoints. At the end mpirun lets the suspended rank go on for a second: it writes a third.
    assert "\n2 checkpoints took " in ended(sweep, log)
    assert len(result_file.checkpointed(output)) >= 2


def test_a_sweep_that_is_stopped_does_not_wait_for_a_rank_that_is_silent(begin, tmp_path):
    log = tmp_path / "log"
    sweep = begin(job_file.write(tmp_path, **ENDLESS), "--rank-timeout", "100", ranks=2)
    ranks = processes.ranks_of(sweep)
    suspend([ranks[1]])
    wait_for(log, "no sign of life", running=sweep)
    os.kill(ranks[0], signal.SIGUSR1)
    text = ended(sweep, log)
    assert "out.h5: stopped by a signal, " in text
    assert "the limit (--rank-timeout)" not in text


def test_a_rank_whose_disk_does_not_answer_is_lost(start, moonsweep, build, alone, tmp_path):
    job, expected = alone
    output, log = tmp_path / "out.h5", tmp_path / "log"
    library = build / "tests" / "fault" / "libslow_sync.so"
    only_rank_1 = f'[ "{mpi.RANK}" != 1 ] || export LD_PRELOAD={library}; exec "$@"'
    with log.open("w") as file:
        sweep = start(
            "run", job, "-o", output, *OFTEN, "--rank-timeout", "5", ranks=3, stderr=file,
            wrapper=["bash", "-c", only_rank_1, "bash"], env={"MOONSWEEP_FAULT_FILE": output, "SLOW_SYNC_MS": NEVER_MS},
        )  # fmt: skip
    waiting.until(lambda: output.exists(), running=sweep)
    assert f"rank 1 on {HOST} has given no sign of life" in ended(sweep, log)
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, expected) == []


def test_a_run_on_one_rank_whose_disk_does_not_answer_ends(start, create, moonsweep, build, alone, tmp_path):
    job, expected = alone
    output, log = tmp_path / "out.h5", tmp_path / "log"
    create(job, output)
    disk = {
        "LD_PRELOAD": build / "tests" / "fault" / "libslow_sync.so",
        "MOONSWEEP_FAULT_FILE": output, "SLOW_SYNC_MS": NEVER_MS, "SLOW_SYNC_FROM": 10,
    }  # fmt: skip
    with log.open("w") as file:
        sweep = start("run", job, "-o", output, *OFTEN, "--rank-timeout", "2", stderr=file, env=disk)
    assert sweep.wait() == 75, log.read_text()
    assert f"rank 0 on {HOST} has given no sign of life for 2 s, the limit" in log.read_text()
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, expected) == []


def test_a_supervised_sweep_is_started_again_without_its_lost_rank(start, program, alone, tmp_path):
    job, expected = alone
    output, log, script = tmp_path / "out.h5", tmp_path / "log", tmp_path / "supervisor"
    script.write_text(f'. "{SOURCE / "tools" / "supervise.sh"}"\nsupervise "$@"\n')
    command = processes.command(program, "run", job, "-o", output, *OFTEN, "--rank-timeout", "5", ranks=3)
    with log.open("w") as file:
        sweep = processes.start("bash", script, program, output, *command, stderr=file)
    try:
        waiting.until(lambda: result_file.checkpointed(output), running=sweep)
        suspend([processes.ranks_of(sweep)[2]])
        assert sweep.wait() == 0, log.read_text()
    finally:
        processes.clean_up(sweep)
    assert "the sweep ended with status 75; restart 1 of 5" in log.read_text()
    assert result_file.differences(output, expected) == []
