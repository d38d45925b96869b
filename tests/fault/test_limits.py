"""A process may have few resources: open files, file size, memory, stack, standard descriptors, a reader of its output.
Then a command works, or says why it does not, and does not damage a result."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import resource
import shutil
import signal
import subprocess

import h5py
import pytest

from fault import stop_at
from fault.write_log import Kind
from lib import job_file, processes, result_file, waiting
from lib.folder import names

JOB = {"samples": 60, "n_h": "[2, 3]", "iterations": "[20, 1000]"}

# The exit statuses for a lack of resources. They differ from those for a damaged file, a wrong job or an incomplete
# sweep.
LACKS = {71, 73, 74}


@pytest.fixture(scope="module")
def whole(undisturbed):
    """A job and its result, in one folder."""
    return undisturbed(**JOB)


def limit(kind, value):
    """A preexec_fn for subprocess that sets a resource limit for the program only."""
    return lambda: resource.setrlimit(kind, (value, value))


def assert_not_crashed(done):
    assert done.returncode >= 0, signal.strsignal(-done.returncode)
    assert done.returncode < 128, done.stderr
    return done


COMMANDS = [
    "show out.h5",
    "status out.h5",
    "predict out.h5 --config 1 --moons 9,0.2,1 -o new.csv",
    "data job.yaml -o new.csv",
]


# With three, not even the shared libraries can be loaded.
@pytest.mark.parametrize("files", range(4, 7))
@pytest.mark.parametrize("command", COMMANDS)
def test_with_few_open_files_a_command_works_or_reports_the_limit(moonsweep, whole, command, files):
    folder = whole[0].parent
    done = moonsweep(
        *command.split(), cwd=folder, status=None, preexec_fn=limit(resource.RLIMIT_NOFILE, files),
    )  # fmt: skip
    if assert_not_crashed(done).returncode != 0:
        assert done.returncode in LACKS
        assert "Too many open files" in done.stderr


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_result_above_the_file_size_limit_is_refused_before_it_is_created(moonsweep, tmp_path, ranks):
    job = job_file.write(tmp_path, n_h="[1, 2]", samples=60, iterations="[4000000]")
    done = moonsweep(
        "run", job, "-o", tmp_path / "out.h5", ranks=ranks, status=73,
        preexec_fn=limit(resource.RLIMIT_FSIZE, 30_000_000),
    )  # fmt: skip
    needed = re.search(r"needs ([\d.]+) MB, but the file size is limited to 30\.0 MB \(ulimit -f\)", done.stderr)
    assert 64 < float(needed[1]) < 70  # 64 MB are two histories
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]


@pytest.mark.parametrize("ranks", [0, 2])
def test_an_existing_result_above_the_file_size_limit_is_not_damaged(moonsweep, tmp_path, ranks):
    job = job_file.write(tmp_path, n_h="[1, 2]", samples=60, iterations="[4000000]")
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output, "--time-limit", 0.001, status=75)
    done = moonsweep(
        "run", job, "-o", output, ranks=ranks, status=None, preexec_fn=limit(resource.RLIMIT_FSIZE, 30_000_000)
    )
    assert assert_not_crashed(done).returncode == 74
    assert "File too large" in done.stderr
    moonsweep("run", job, "-o", output, "--time-limit", 0.001, status=75)


@pytest.mark.parametrize("kibibytes", [0, 1, 4095])
def test_a_file_size_limit_below_what_mpi_needs_is_refused_before_mpi_starts(refused, tmp_path, kibibytes):
    job = job_file.write(tmp_path, **JOB)
    bound = limit(resource.RLIMIT_FSIZE, kibibytes << 10)
    refused(
        73, "run", job, "-o", tmp_path / "out.h5", preexec_fn=bound,
        words=[f"limited to {kibibytes} KiB (ulimit -f)", "MPI needs files of 4096 KiB"],
    )  # fmt: skip
    assert names(tmp_path) == ["job.yaml"]


@pytest.mark.parametrize("command", ["show out.h5", "data job.yaml -o new.csv"])
def test_output_above_the_file_size_limit_is_an_error(program, whole, tmp_path, command):
    with (tmp_path / "list.txt").open("w") as output:
        done = subprocess.run(
            [program, *command.split()], cwd=whole[0].parent, stdout=output, stderr=subprocess.PIPE, text=True,
            preexec_fn=limit(resource.RLIMIT_FSIZE, 0),
        )  # fmt: skip
    assert assert_not_crashed(done).returncode == 74
    assert "File too large" in done.stderr


@pytest.mark.parametrize(
    ("command", "due"), [*((command, 0) for command in COMMANDS[:3]), ("verify out.h5", 0), ("stop out.h5", 69)]
)
def test_in_a_short_address_space_a_command_works_or_reports_the_limit(moonsweep, whole, command, due):
    """Although HDF5 1.10 crashes when it runs out of memory: it does so in a separate process."""

    def run(*words, kilobytes):
        bound = limit(resource.RLIMIT_AS, kilobytes << 10)
        return moonsweep(*words, cwd=whole[0].parent, status=None, preexec_fn=bound)

    # With less than this, the program and its libraries cannot be loaded.
    least = next(size for size in range(16000, 200000, 1000) if run("--version", kilobytes=size).returncode == 0)
    before, lacks = whole[1].read_bytes(), 0
    for size in range(least, least + 10000, 500):
        done = run(*command.split(), kilobytes=size)
        assert whole[1].read_bytes() == before
        if done.returncode != due:
            assert assert_not_crashed(done).returncode == 71, done.stderr
            limited = f"moonsweep: out.h5: not enough address space .*: it is limited to {size} KiB \\(ulimit -v\\)\n"
            assert re.fullmatch(limited, done.stderr)
            lacks += 1
    assert lacks > 0
    assert done.returncode == due


@pytest.mark.parametrize("kibibytes", [256, 128, 96, 80, 64, 48, 32])
def test_a_small_stack_is_not_reported_as_a_damaged_file(moonsweep, whole, tmp_path, kibibytes):
    bound = limit(resource.RLIMIT_STACK, kibibytes << 10)
    damaged = shutil.copy(whole[1], tmp_path / "damaged.h5")
    with h5py.File(damaged, "r+") as file:
        file["train_seconds"][0] += 1
    for words, due in (
        (["verify", whole[1]], 0),
        (["verify", whole[1], "--retrain", "all"], 0),
        (["verify", damaged], 65),
    ):
        # The environment is empty, because it is also on the stack.
        done = moonsweep(*words, status=None, preexec_fn=bound, env=dict.fromkeys(os.environ, ""))
        if assert_not_crashed(done).returncode != due:
            assert done.returncode == 71, done.stderr
            assert f"it is limited to {kibibytes} KiB (ulimit -s)" in done.stderr


@pytest.mark.parametrize(
    ("seconds", "status", "reason"),
    [
        (None, 65, "its structure is corrupt: HDF5 did not finish reading it within 5 s of processor time"),
        (2, 71, "the processor time is limited to 2 s (ulimit -t), too little to tell whether the file is corrupt"),
    ],
)
def test_an_endless_reading_is_ended(build, moonsweep, whole, seconds, status, reason):
    """The limit for the program, at which the system kills it, does not end it first."""
    done = moonsweep(
        "verify", whole[1], status=status, env={"LD_PRELOAD": build / "tests" / "fault" / "libendless_hdf5.so"},
        preexec_fn=limit(resource.RLIMIT_CPU, seconds) if seconds else None,
    )  # fmt: skip
    assert done.stderr.startswith(f"moonsweep: {whole[1]}: {reason}")


CLOSED = [(1,), (2,), (0, 1, 2)]


def close(descriptors):
    return lambda: [os.close(descriptor) for descriptor in descriptors]


@pytest.mark.parametrize("closed", CLOSED)
def test_no_opened_file_becomes_a_standard_descriptor(start, build, undisturbed, tmp_path, closed):
    """The run is suspended while it trains, when it has opened all files."""
    job, whole = undisturbed(n_h="[10, 11]", iterations="[100, 2000]")
    output = tmp_path / "out.h5"
    sweep = start(
        "run", job, "-o", output, preexec_fn=close(closed),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"MOONSWEEP_PROGRESS": "live", **stop_at.environment(build, output, stop_at.call(Kind.WRITE, 40))},
    )  # fmt: skip
    waiting.until(lambda: processes.is_stopped(sweep.pid), pause=0.01, running=sweep)
    assert {os.readlink(f"/proc/{sweep.pid}/fd/{descriptor}") for descriptor in range(3)} == {"/dev/null"}
    sweep.send_signal(signal.SIGCONT)
    assert sweep.wait() == 0
    assert result_file.differences(output, whole) == []


@pytest.mark.parametrize("closed", CLOSED)
def test_closed_standard_output_is_an_error_and_the_stored_file_is_complete(
    program, moonsweep, whole, tmp_path, closed
):
    command = ["predict", whole[1], "--config", "1", "--moons", "9,0.2,1", "-o"]
    moonsweep(*command, tmp_path / "open.csv")
    done = subprocess.run([program, *command, tmp_path / "closed.csv"], preexec_fn=close(closed))
    assert done.returncode == (74 if 1 in closed else 0)
    assert (tmp_path / "closed.csv").read_bytes() == (tmp_path / "open.csv").read_bytes()


def test_a_sweep_continues_when_the_reader_of_its_messages_is_gone(program, whole, tmp_path):
    """Without mpirun, which forwards the output and is ended by SIGPIPE (docs/cluster.md)."""
    reader, writer = os.pipe()
    os.close(reader)
    with open("/dev/full", "w") as full:
        for number, stream in enumerate([writer, full]):
            output = tmp_path / f"{number}.h5"
            done = subprocess.run([program, "run", whole[0], "-o", output], stderr=stream)
            assert done.returncode == 0
            assert result_file.differences(output, whole[1]) == []
    os.close(writer)
