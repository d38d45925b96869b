"""Every command under valgrind, on two ranks where there are ranks: nothing is lost, nothing is used that is not there,
and no byte without a value gets into a file.

Valgrind knows no AVX-512: the program takes the best kernels that it does know, as on every machine.
"""

import subprocess

import pytest
from fault import judge, memcheck
from mpi import sweeps

JOB = {
    "samples": 100, "n_h": "[2, 5]", "activation": "[tanh, relu]", "learning_rate": "[0.5, 1.0e6]",
    "iterations": "[20, 4000]",
}  # fmt: skip


@pytest.fixture(scope="module")
def checked(program, source):
    """Runs a command under memcheck; it must find nothing and the command end with the status."""

    def run(*words, log, cwd, ranks=0, status=0, env=None):
        command = [*memcheck.command(log), program, *words]
        if ranks:
            command = [source / "tools" / "launch.sh", ranks, *command]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=cwd, env=env)
        assert memcheck.found(log) == ""
        assert done.returncode == status, done.stderr

    return run


@pytest.fixture(scope="module")
def folder(moonsweep, tmp_path_factory):
    """A job, its result, and a table of samples."""
    folder = tmp_path_factory.mktemp("memcheck")
    job = sweeps.job(folder, **JOB)
    moonsweep("run", job, "-o", folder / "whole.h5")
    (folder / "in.csv").write_text("x1,x2,label\n0.5,1,0\n-0.25,-1,1\n")
    return folder


@pytest.mark.parametrize("precision", ["float64", pytest.param("float32", marks=pytest.mark.long)])
def test_a_sweep_that_is_stopped_and_carried_on_is_clean(checked, program, moonsweep, tmp_path, precision):
    job = sweeps.job(tmp_path, precision=precision, **JOB)
    output, often, log = tmp_path / "out.h5", ["--checkpoint-seconds", 0.01], tmp_path / "stopped"
    sweep = sweeps.start(
        program, job, output, 2, *often, wrapper=memcheck.command(log), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    sweeps.wait_until(lambda: sweeps.finals(output) >= 2 or sweep.poll() is not None)
    status, _, errors = sweeps.stop(sweep)
    assert memcheck.found(log) == ""
    assert status == 75, errors
    assert judge.look(output).checkpoints
    checked("run", job, "-o", output, *often, ranks=2, cwd=tmp_path, log=tmp_path / "carried-on")
    moonsweep("run", job, "-o", tmp_path / "whole.h5")
    assert sweeps.differences(output, tmp_path / "whole.h5") == []


COMMANDS = {
    "show": "show whole.h5 --sort train_seconds --min-train 50",
    "show as CSV": "show whole.h5 --format csv",
    "show as JSON": "show whole.h5 --format json",
    "status": "status whole.h5",
    "stop": "stop whole.h5",
    "verify": "verify whole.h5 --retrain 2 --seed 0",
    "predict": "predict whole.h5 --config 1 --data in.csv -o predicted.csv",
    "data": "data job.yaml -o data.csv",
}


# They share most of what they do.
QUICK = ["show", "verify", "predict", "data"]


@pytest.mark.parametrize(
    "command", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in COMMANDS]
)
def test_a_command_is_clean(checked, folder, tmp_path, command):
    checked(*COMMANDS[command].split(), cwd=folder, log=tmp_path / "log")
