"""Batch jobs that Slurm signals before their time limit, with the scripts of docs/cluster.md."""

import os
import re

import pytest

from lib import job_file
from lib.result_file import was_stopped_with_checkpoints

# Takes longer than the time limit.
ENDLESS = {"samples": 2000, "n_h": "[20, 18, 2, 1]", "activation": "[tanh]", "iterations": "[100, 10000000]"}


@pytest.fixture
def endless(slurm, program, tmp_path, monkeypatch):
    """A job file JOB.yaml in tmp_path, and moonsweep on the PATH of the jobs."""
    job_file.write(tmp_path, "JOB", **ENDLESS)
    monkeypatch.setitem(slurm.environment, "PATH", os.pathsep.join([str(program.parent), slurm.environment["PATH"]]))
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    for name in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]:
        monkeypatch.setitem(slurm.environment, name, "1")


def documented_scripts(source):
    """The batch scripts of docs/cluster.md: indented blocks that begin with #!/bin/bash."""
    text = (source / "docs" / "cluster.md").read_text()
    for block in re.findall(r"^    #!/bin/bash\n(?:    .*\n)+", text, re.MULTILINE):
        yield re.sub("^    ", "", block, flags=re.MULTILINE)


def finished_before_its_limit(slurm, folder, script, *arguments, to):
    """Submits a script that gets USR1 before its time limit of one minute, and returns its exit status.

    Slurm checks every half minute which jobs are near their limit. With USR1@50 the signal arrived at most 10 s after
    the start, and sometimes before there was a step to receive it.
    """
    options = ["--time=1", f"--signal={to}USR1@20", "--nodes=1", "--ntasks=2"]
    job = slurm.submit(script, *arguments, options=options, cwd=folder)
    assert slurm.finished(job) == "FAILED", (folder / f"slurm-{job}.out").read_text()
    shown = slurm.run("scontrol", "--oneliner", "show", "job", job).stdout
    return int(re.search(r"ExitCode=(\d+):", shown)[1])


def test_the_steps_of_sweep_sbatch_get_the_signal(slurm, source, endless, tmp_path):
    script = source / "slurm" / "sweep.sbatch"
    assert finished_before_its_limit(slurm, tmp_path, script, "JOB.yaml", "OUT.h5", to="") == 75
    assert was_stopped_with_checkpoints(tmp_path / "OUT.h5")


@pytest.mark.parametrize("nth", [0, 1])
def test_the_documented_scripts_forward_the_signal_to_mpirun(slurm, source, endless, tmp_path, nth):
    scripts = list(documented_scripts(source))
    assert len(scripts) == 2
    script = tmp_path / "script"
    script.write_text(scripts[nth])
    assert finished_before_its_limit(slurm, tmp_path, script, to="B:") == 75
    assert was_stopped_with_checkpoints(tmp_path / "OUT.h5")
