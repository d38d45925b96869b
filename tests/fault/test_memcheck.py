"""Runs every command under valgrind, sweeps on two ranks: no leaks, no invalid accesses, and no uninitialized bytes are
written to a file.

Valgrind does not support AVX-512. As on every machine, the program uses the best kernels that are supported.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from fault import judge, memcheck
from lib import processes, result_file, waiting

JOB = {
    "samples": 100, "n_h": "[2, 5]", "activation": "[tanh, relu]", "learning_rate": "[0.5, 1.0e6]",
    "iterations": "[20, 2000]",
}  # fmt: skip


@pytest.fixture(scope="module")
def checked(moonsweep):
    """Runs a command under memcheck, which must find no errors. The command must end with the status."""

    def run(*words, log, status=0, **options):
        done = moonsweep(*words, wrapper=memcheck.command(log), status=None, **options)
        assert memcheck.found(log) == ""
        assert done.returncode == status, done.stderr

    return run


@pytest.fixture(scope="module")
def folder(undisturbed):
    """A folder with a job, its result, and a table of samples."""
    folder = undisturbed(**JOB)[0].parent
    (folder / "in.csv").write_text("x1,x2,label\n0.5,1,0\n-0.25,-1,1\n")
    return folder


@pytest.mark.parametrize("precision", ["float64", pytest.param("float32", marks=pytest.mark.long)])
def test_a_sweep_that_is_stopped_and_resumed_is_clean(checked, start, undisturbed, tmp_path, precision):
    job, whole = undisturbed(precision=precision, **JOB)
    output, often, log = tmp_path / "out.h5", ["--checkpoint-seconds", 0.01], tmp_path / "stopped"
    sweep = start("run", job, "-o", output, *often, ranks=2, wrapper=memcheck.command(log))
    waiting.until(lambda: result_file.finals(output) >= 2, running=sweep)
    errors = processes.stop(sweep, status=None)
    assert memcheck.found(log) == ""
    assert sweep.returncode == processes.STOPPED, errors
    assert judge.look(output).checkpoints
    checked("run", job, "-o", output, *often, ranks=2, cwd=tmp_path, log=tmp_path / "resumed")
    assert result_file.differences(output, whole) == []


COMMANDS = {
    "show": "show out.h5 --sort train_seconds --min-train 50",
    "show as CSV": "show out.h5 --format csv",
    "show as JSON": "show out.h5 --format json",
    "status": "status out.h5",
    "stop": "stop out.h5",
    "verify": "verify out.h5 --retrain 2 --seed 0",
    "predict": "predict out.h5 --config 1 --data in.csv -o predicted.csv",
    "data": "data job.yaml -o data.csv",
}


# The others share most of their code with these.
QUICK = ["show", "verify", "predict", "data"]


@pytest.mark.parametrize(
    "command", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in COMMANDS]
)
def test_a_command_is_clean(checked, folder, tmp_path, command):
    status = 69 if command == "stop" else 0  # no sweep is running
    checked(*COMMANDS[command].split(), cwd=folder, log=tmp_path / "log", status=status)
