"""One cluster for all tests here, and what they run on it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import tempfile

import pytest

from lib import result_file, waiting
from slurm import cluster

# Each of the three trajectories takes a second or two, so that a sweep can be interrupted once it is under way.
LONG = {"samples": 2000, "n_h": "[50, 49, 48]", "activation": "[tanh]", "iterations": "[200, 25000]"}


@pytest.fixture(scope="session")
def slurm():
    # A folder with a short path, because the paths of sockets are limited.
    with cluster.Cluster(tempfile.mkdtemp(prefix="ms-slurm.", dir="/tmp")) as started:
        yield started


@pytest.fixture(scope="session")
def script(source):
    return source / "slurm" / "sweep.sbatch"


@pytest.fixture
def substitute(tmp_path, slurm, source, monkeypatch):
    """Makes a shell script replace the program moonsweep; each rank runs it in tmp_path."""

    def make(*lines):
        file = tmp_path / "substitute"
        file.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
        file.chmod(0o755)
        monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(file))
        monkeypatch.setitem(slurm.environment, "MOONSWEEP_TOOLS", str(source / "tools"))

    return make


@pytest.fixture(scope="session")
def long_sweep(undisturbed):
    """(job.yaml, its result), made by one process without Slurm."""
    return undisturbed(**LONG)


class Sweep:
    """A job of sweep.sbatch for the long sweep, whose result must have the bits of the undisturbed one."""

    def __init__(self, slurm, script, folder, long_sweep):
        self.slurm, self.script, self.folder = slurm, script, folder
        self.job_file, self.undisturbed = long_sweep
        self.result = folder / "out.h5"

    def submit(self, *options):
        """Submits the job. Checkpoints are frequent, so that every interruption finds some."""
        arguments = [self.job_file, "out.h5", "--", "--checkpoint-seconds", "0.3"]
        self.job = self.slurm.submit(self.script, *arguments, options=options, cwd=self.folder)
        return self.job

    def wait_until_under_way(self):
        waiting.until(lambda: self.under_way() or self._ended(), "the sweep did not begin")
        assert self.under_way(), self.log()

    def under_way(self):
        return result_file.is_under_way(self.result)

    def _ended(self):
        return self.slurm.show(self.job)["JobState"] not in cluster.NOT_ENDED

    def log(self):
        return cluster.log_of(self.folder, self.job)

    def has_the_right_result(self):
        """Waits for the end of the job, and compares its result."""
        assert self.slurm.finished(self.job) == "COMPLETED", self.log()
        assert result_file.differences(self.result, self.undisturbed) == []


@pytest.fixture
def sweep(slurm, script, program, tmp_path, long_sweep, monkeypatch):
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    # For mpirun; clusters do not run jobs as root.
    for name in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]:
        monkeypatch.setitem(slurm.environment, name, "1")
    return Sweep(slurm, script, tmp_path, long_sweep)
