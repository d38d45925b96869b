"""slurm/sweep.sbatch and slurm/submit.sh on a cluster whose cores have two hyperthreads each, by its configuration."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import tempfile

import pytest

from lib import job_file
from slurm import cluster
from slurm.cluster import log_of

CORES = cluster.CORES_PER_NODE  # of a node, each with two hyperthreads


@pytest.fixture(scope="module")
def slurm():
    with cluster.Cluster(tempfile.mkdtemp(prefix="ms-slurm.", dir="/tmp"), threads=2) as started:
        yield started


@pytest.fixture
def nodes_of_ranks(slurm, script, substitute, tmp_path, monkeypatch):
    """Runs a job whose ranks say on which nodes they are: (the nodes, the log)."""

    def run(*options, threads=None, launcher="srun", by=None):
        substitute('echo "rank on ${SLURMD_NODENAME:-$(hostname)}"')
        monkeypatch.setitem(slurm.environment, "MOONSWEEP_LAUNCHER", launcher)
        for name in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]:
            monkeypatch.setitem(slurm.environment, name, "1")
        if threads is not None:
            monkeypatch.setitem(slurm.environment, "MOONSWEEP_THREADS_PER_CORE", threads)
        if by == "salloc":
            done = slurm.run("salloc", *options, "bash", script, "job.yaml", "out.h5", status=None, cwd=tmp_path)
            log = done.stdout + done.stderr
        else:
            job = slurm.submit(script, "job.yaml", "out.h5", options=options, cwd=tmp_path)
            slurm.finished(job)
            log = log_of(tmp_path, job)
        return sorted(re.findall(r"^rank on (\w+)$", log, re.MULTILINE)), log

    return run


@pytest.mark.parametrize("launcher", ["srun", "mpirun"])
def test_by_default_there_is_one_rank_on_each_core(nodes_of_ranks, launcher):
    nodes, log = nodes_of_ranks("--nodes=2", "--exclusive", launcher=launcher)
    assert nodes == CORES * ["n1"] + CORES * ["n2"], log
    assert "with 4 ranks on the 4 cores granted" in log


@pytest.mark.parametrize(
    "options", [["--nodes=2", "--exclusive"], ["--nodes=2", "--exclusive", "--threads-per-core=2"]], ids=str
)
def test_an_allocation_of_hyperthreads_has_one_rank_on_each_core(nodes_of_ranks, options):
    nodes, log = nodes_of_ranks(*options, by="salloc")
    assert nodes == CORES * ["n1"] + CORES * ["n2"], log


def test_a_job_with_hyperthreads_has_one_rank_on_each_core(nodes_of_ranks):
    nodes, log = nodes_of_ranks("--ntasks=3", "--hint=multithread")
    assert nodes == CORES * ["n1"], log
    assert "with 2 ranks on the 2 cores granted" in log


@pytest.mark.parametrize("launcher", ["srun", "mpirun"])
def test_two_threads_per_core_are_two_ranks_on_each(nodes_of_ranks, launcher):
    nodes, log = nodes_of_ranks("--nodes=2", "--exclusive", "--hint=multithread", threads="2", launcher=launcher)
    assert nodes == 2 * CORES * ["n1"] + 2 * CORES * ["n2"], log
    assert "with 8 ranks on the 4 cores granted" in log


def test_what_two_ranks_on_a_core_need_is_said(nodes_of_ranks):
    nodes, log = nodes_of_ranks("--ntasks=2", threads="2")
    assert nodes == [] and "sweep.sbatch: MOONSWEEP_THREADS_PER_CORE is 2" in log
    assert "sbatch --hint=multithread" in log
    nodes, log = nodes_of_ranks("--ntasks=2", threads="3")
    assert nodes == [] and "sweep.sbatch: MOONSWEEP_THREADS_PER_CORE is '3'; it must be 1 or 2" in log


def test_a_proposal_counts_the_hyperthreads_that_are_asked_for(slurm, source, program, tmp_path, monkeypatch):
    job_file.write(tmp_path)
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))

    def submit(**options):
        return slurm.run(source / "slurm" / "submit.sh", "job.yaml", "--ranks", "6", cwd=tmp_path, **options)

    assert "--nodes=3 --ntasks=6 " in submit().stdout
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_THREADS_PER_CORE", "2")
    proposed = submit().stdout
    assert "--nodes=2 --ntasks=6 " in proposed and " --hint=multithread " in proposed
    assert "MOONSWEEP_THREADS_PER_CORE=2 sbatch " in proposed and "(2 x 4 hyperthreads)" in proposed
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_THREADS_PER_CORE", "4")
    assert "submit.sh: MOONSWEEP_THREADS_PER_CORE is '4'; it must be 1 or 2" in submit(status=64).stderr
