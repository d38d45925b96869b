"""Batch jobs that Slurm signals before their time limit, with the scripts of docs/cluster.md."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re

import pytest

from lib import job_file
from lib.result_file import begun_at, how_ended, was_stopped_with_checkpoints
from slurm.cluster import log_of

# Takes longer than the time limit.
ENDLESS = {"samples": 2000, "n_h": "[20, 18, 2, 1]", "activation": "[tanh]", "iterations": "[100, 10000000]"}


@pytest.fixture(scope="module")
def environment(slurm, program):
    """The variables of the jobs: moonsweep is on the PATH, and mpirun starts as root."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        path = os.pathsep.join([str(program.parent), slurm.environment["PATH"]])
        for name, value in {
            "PATH": path,
            "MOONSWEEP_PROGRAM": str(program),
            "OMPI_ALLOW_RUN_AS_ROOT": "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        }.items():
            monkeypatch.setitem(slurm.environment, name, value)
        yield


def documented_scripts(source):
    """The batch scripts of docs/cluster.md: indented blocks that begin with #!/bin/bash."""
    text = (source / "docs" / "cluster.md").read_text()
    for block in re.findall(r"^    #!/bin/bash\n(?:    .*\n)+", text, re.MULTILINE):
        yield re.sub("^    ", "", block, flags=re.MULTILINE)


def submit(slurm, folder, script, *arguments, to):
    """Submits a script that gets USR1 before its time limit of one minute.

    Slurm checks every half minute which jobs are near their limit. With USR1@50 the signal arrived at most 10 s after
    the start, and sometimes before there was a step to receive it.
    """
    options = ["--time=1", f"--signal={to}USR1@20", "--nodes=1", "--ntasks=2"]
    return slurm.submit(script, *arguments, options=options, cwd=folder)


@pytest.fixture(scope="module")
def jobs(slurm, source, environment, tmp_path_factory):
    """The jobs of these tests, which wait at the same time: {name: (number, folder)}."""
    scripts = list(documented_scripts(source))
    assert len(scripts) == 2
    jobs = {}
    for name in ("sweep.sbatch", 0, 1):
        folder = tmp_path_factory.mktemp("limit")
        job_file.write(folder, "JOB", **ENDLESS)
        if name == "sweep.sbatch":
            script = source / "slurm" / "sweep.sbatch"
            job = submit(slurm, folder, script, "--max-restarts=0", "JOB.yaml", "OUT.h5", to="")
        else:
            script = folder / "script"
            script.write_text(scripts[name])
            job = submit(slurm, folder, script, to="B:")
        jobs[name] = (job, folder)
    return jobs


@pytest.mark.parametrize("name", ["sweep.sbatch", 0, 1])
def test_ranks_stop_before_the_time_limit(slurm, jobs, name):
    """The steps of sweep.sbatch get the signal, and the scripts of the documents forward it to mpirun."""
    job, folder = jobs[name]
    assert slurm.finished(job) == "FAILED", log_of(folder, job)
    assert slurm.show(job)["ExitCode"] == "75:0"
    assert was_stopped_with_checkpoints(folder / "OUT.h5")


@pytest.mark.long
def test_a_job_is_requeued_before_its_time_limit(slurm, source, environment, tmp_path):
    job_file.write(tmp_path, "JOB", **ENDLESS)
    job = submit(slurm, tmp_path, source / "slurm" / "sweep.sbatch", "--max-restarts=1", "JOB.yaml", "OUT.h5", to="B:")
    assert slurm.finished(job) == "FAILED"
    assert (slurm.show(job)["ExitCode"], slurm.show(job)["Restarts"]) == ("75:0", "1")
    assert how_ended(tmp_path / "OUT.h5") == ["stopped", "stopped"]
    begun = begun_at(tmp_path / "OUT.h5", run=1)
    assert begun and all(iteration > 0 for iteration in begun.values())
