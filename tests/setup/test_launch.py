"""tools/launch.sh starts ranks here, passes signals and statuses on, and leaves nothing behind."""

import os
import signal
import subprocess
import time

import pytest


@pytest.fixture
def launch(source, tmp_path):
    """Starts a script of shell on some ranks, all of its temporary files in tmp_path/tmp."""
    (tmp_path / "tmp").mkdir()

    def start(ranks, *lines):
        script = tmp_path / "script"
        script.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
        script.chmod(0o755)
        return subprocess.Popen(
            [source / "tools" / "launch.sh", str(ranks), script],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    yield start
    assert list((tmp_path / "tmp").iterdir()) == []


def until(true, otherwise):
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, otherwise
        time.sleep(0.05)


def wait_for(files):
    until(lambda: all(file.exists() for file in files), "the ranks did not start")


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("status", [0, 65, 75])
def test_the_status_is_the_program_s_without_a_word_of_mpirun_s(launch, status):
    started = launch(2, f"exit {status}")
    assert started.communicate(timeout=60) == ("", "")
    assert started.returncode == status


def test_more_ranks_than_cores_start(launch):
    ranks = os.cpu_count() + 3
    said, _ = launch(ranks, "echo $OMPI_COMM_WORLD_RANK").communicate(timeout=60)
    assert sorted(map(int, said.split())) == list(range(ranks))


def test_usr1_reaches_every_rank_and_their_status_comes_back(launch, tmp_path):
    started = launch(
        2,
        "trap 'touch stopped.$OMPI_COMM_WORLD_RANK; exit 75' USR1",
        "touch started.$OMPI_COMM_WORLD_RANK",
        "while :; do sleep 0.1; done",
    )
    wait_for([tmp_path / f"started.{rank}" for rank in range(2)])
    started.send_signal(signal.SIGUSR1)
    started.communicate(timeout=60)
    assert started.returncode == 75
    assert (tmp_path / "stopped.0").exists() and (tmp_path / "stopped.1").exists()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_ends_its_ranks(launch, tmp_path, sent):
    started = launch(2, "echo $$ >pid.$OMPI_COMM_WORLD_RANK", "exec sleep 60")
    files = [tmp_path / f"pid.{rank}" for rank in range(2)]
    wait_for(files)
    time.sleep(0.5)
    started.send_signal(sent)
    started.communicate(timeout=30)
    assert started.returncode != 0
    until(lambda: not any(is_running(int(file.read_text())) for file in files), "a rank went on")


def test_a_program_that_is_not_there_is_named(source):
    command = [source / "tools" / "launch.sh", "2", "/no/such/program"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 66 and "/no/such/program" in done.stderr
