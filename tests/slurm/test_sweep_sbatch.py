"""slurm/sweep.sbatch on the cluster of the tests."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import shutil

import h5py
import numpy as np
import pytest

from lib import job_file, own_data, processes, result_file
from slurm.cluster import log_of

JOB = {
    "samples": 60, "n_h": "[1, 2, 3, 4]", "activation": "[tanh, sigmoid, relu]", "learning_rate": "[0.5, 0.1]",
    "iterations": "[20, 200]",
}  # fmt: skip


def test_a_sweep_on_two_nodes_gives_the_results_of_one_process(
    slurm, script, program, moonsweep, tmp_path, monkeypatch
):
    job_file.write(tmp_path, **JOB)
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    job = slurm.submit(script, "job.yaml", "out.h5", options=["--nodes=2", "--ntasks-per-node=2"], cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    moonsweep("run", "job.yaml", "-o", "alone.h5", cwd=tmp_path)
    with h5py.File(tmp_path / "out.h5") as spread, h5py.File(tmp_path / "alone.h5") as alone:
        assert spread["runs/ranks"][0] == 4
        assert np.all(spread["status"][:] == 1)
        assert np.array_equal(spread["checksum"][:], alone["checksum"][:])


def test_long_trajectories_begin_on_different_nodes(slurm, script, source, program, tmp_path, monkeypatch):
    """So that the other ranks of each node can help. Each of the five takes longer than the mean load of six ranks, and
    the node with the least of this work gets the next one."""
    if not slurm.own_names:
        pytest.skip("without root the nodes have no host names, so that MPI takes them for one")
    job_file.write(tmp_path, samples=2000, n_h="[22, 17, 16, 15, 14]", activation="[tanh]", iterations="[300]")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_TOOLS", str(source / "tools"))
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_TEAM_CORES", "64")  # the nodes share the cores of one machine
    job = slurm.submit(script, "job.yaml", "out.h5", options=["--nodes=3", "--ntasks-per-node=2"], cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    with h5py.File(tmp_path / "out.h5") as file:
        sizes, nodes = file["n_h"][:], file["rank"][:] // 2
        assert sorted(sorted(sizes[nodes == node]) for node in range(3)) == [[14, 17], [15, 16], [22]]


def test_the_script_works_outside_the_checkout(slurm, script, program, tmp_path, monkeypatch):
    """It finds what it needs by the program."""
    job_file.write(tmp_path, **JOB)
    copy = shutil.copy(script, tmp_path / "my-sweep.sbatch")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    job = slurm.submit(copy, "job.yaml", "out.h5", options=["--ntasks=2"], cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    alone = shutil.copy(program, tmp_path / "moonsweep")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(alone))
    job = slurm.submit(copy, "job.yaml", "out.h5", options=["--ntasks=2"], cwd=tmp_path)
    assert slurm.finished(job) == "FAILED"
    assert "installed without its scripts" in log_of(tmp_path, job) and "MOONSWEEP_TOOLS" in log_of(tmp_path, job)


def test_submitting_a_finished_sweep_again_succeeds(slurm, script, program, moonsweep, tmp_path, monkeypatch):
    job_file.write(tmp_path, **JOB)
    moonsweep("run", "job.yaml", "-o", "out.h5", cwd=tmp_path)
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    job = slurm.submit(script, "job.yaml", "out.h5", options=["--ntasks=2"], cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)


def test_own_samples_are_found_beside_the_job_file_and_only_once_needed(
    slurm, script, program, moonsweep, tmp_path, monkeypatch
):
    """O26: the job is submitted from another folder, and resumed when the samples are gone."""
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "points.csv").write_text("".join(f"{i % 7},{i % 11},{i // 20}\n" for i in range(40)))
    own_data.write_job(folder)
    moonsweep("run", folder / "own.yaml", "-o", tmp_path / "alone.h5")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    job = slurm.submit(script, "jobs/own.yaml", "out.h5", options=["--ntasks=2"], cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    with h5py.File(tmp_path / "out.h5", "r+") as file:  # as if it had been killed before its last row
        file["status"][-1] = file["checksum"][-1] = 0
    (folder / "points.csv").unlink()
    job = slurm.submit(script, "jobs/own.yaml", "out.h5", options=["--ntasks=2"], cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    assert result_file.differences(tmp_path / "out.h5", tmp_path / "alone.h5") == []


def test_tasks_that_mpi_does_not_know_are_rejected(slurm, program, tmp_path):
    job_file.write(tmp_path, **JOB)
    rejected = slurm.run(
        "srun",
        "--ntasks=4",
        "--mpi=none",
        program,
        "run",
        "job.yaml",
        "-o",
        "out.h5",
        status=None,
        cwd=tmp_path,
    )
    assert rejected.returncode == 76
    lines = [line for line in rejected.stderr.splitlines() if not line.startswith("srun:")]
    assert len(lines) == 1 and "Slurm started 4 tasks" in lines[0] and "--mpi=pmix" in lines[0]
    assert not list(tmp_path.glob("out.h5*"))


def test_tasks_that_mpi_does_not_know_do_not_change_a_result(slurm, program, moonsweep, tmp_path):
    job_file.write(tmp_path, **JOB)
    moonsweep("run", "job.yaml", "-o", "out.h5", cwd=tmp_path)
    before = (tmp_path / "out.h5").read_bytes()
    command = ["srun", "--ntasks=4", "--mpi=none", program, "run", "job.yaml", "-o", "out.h5"]
    assert slurm.run(*command, status=None, cwd=tmp_path).returncode == 76
    assert (tmp_path / "out.h5").read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "ranks"),
    [
        (["--ntasks=3"], 3),
        (["--nodes=2", "--exclusive"], 4),
        (["--cpus-per-task=2"], 2),
        (["--ntasks=2", "--cpus-per-task=2"], 4),
        (["--nodes=2", "--ntasks-per-node=1", "--cpus-per-task=2"], 4),
    ],
    ids=str,
)
def test_every_granted_core_gets_a_rank(slurm, script, substitute, tmp_path, asked, ranks):
    substitute('echo "rank $SLURM_PROCID"')
    job = slurm.submit(script, "job.yaml", "out.h5", options=asked, cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    lines = [line for line in log_of(tmp_path, job).splitlines() if line.startswith("rank ")]
    assert sorted(lines) == [f"rank {rank}" for rank in range(ranks)]
    assert f"with {ranks} ranks on the {ranks} cores granted" in log_of(tmp_path, job)


def test_every_rank_has_a_core_of_its_node(slurm, script, substitute, tmp_path):
    if not slurm.binds:
        pytest.skip("the nodes cannot bind tasks to cores, because this process may not run on processors 0 and 1")
    substitute('echo "rank $SLURM_PROCID: $SLURMD_NODENAME" $(sed -n s/Cpus_allowed_list://p /proc/self/status)')
    job = slurm.submit(script, "job.yaml", "out.h5", options=["--nodes=2", "--cpus-per-task=2"], cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    places = re.findall(r"^rank \d: (.*)", log_of(tmp_path, job), re.MULTILINE)
    assert sorted(places) == ["n1 0", "n1 1", "n2 0", "n2 1"]


def test_a_failed_start_is_repeated(slurm, script, substitute, tmp_path):
    substitute("[ -e started ] || { touch started; exit 1; }")
    job = slurm.submit(script, "job.yaml", "out.h5", cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED"
    assert "start 1 of 3 ended with status 1" in log_of(tmp_path, job)


@pytest.mark.parametrize("status", [65, 75])
def test_the_exit_status_of_the_program_is_that_of_the_job(slurm, script, substitute, tmp_path, status):
    substitute("echo started >>starts", f"exit {status}")
    job = slurm.submit(script, "job.yaml", "out.h5", cwd=tmp_path)
    assert slurm.finished(job) == "FAILED"
    assert f"ExitCode={status}:0" in slurm.run("scontrol", "--oneliner", "show", "job", job).stdout
    assert (tmp_path / "starts").read_text() == "started\n"
    assert ("not requeued, because there is no out.h5 yet" in log_of(tmp_path, job)) == (status == 75)


@pytest.mark.parametrize(
    ("arguments", "task", "message"),
    [
        (["a.yaml"], None, "a job file and a result are needed, and there are 1 arguments; usage: "),
        ([], None, "there are 0 arguments; usage: "),
        (["a.yaml", "--", "a.h5"], None, "there are 1 arguments; usage: "),
        (["a.yaml", "a.h5", "b.yaml", "b.h5"], None, "need a job array: sbatch --array=1-2; usage: "),
        (["a.yaml", "a.h5", "b.yaml", "b.h5"], "0", "task 0 of the array has no job file; 2 of them need --array=1-2"),
        (["a.yaml", "a.h5"], "2", "task 2 of the array has no job file; 1 of them need --array=1-1"),
        (["--max-restarts", "x", "a.yaml", "a.h5"], None, "--max-restarts is 'x'; it must be a number of restarts"),
        (["--max-restarts=-1", "a.yaml", "a.h5"], None, "--max-restarts is '-1'; it must be"),
        (["a.yaml", "a.h5", "--max-restarts"], None, "--max-restarts is 'missing'; it must be"),
    ],
)
def test_wrong_arguments_are_refused(script, tmp_path, arguments, task, message):
    job = {
        "SLURM_JOB_ID": "7",
        "SLURM_SUBMIT_DIR": tmp_path,
        "SLURM_JOB_CPUS_PER_NODE": "2",
        "SLURM_ARRAY_TASK_ID": task,
    }
    refused = processes.run("bash", script, *arguments, env=job, status=64, cwd=tmp_path).stderr
    assert refused.startswith("sweep.sbatch: ") and message in refused and refused.count("\n") == 1


def test_names_may_begin_with_a_dash(slurm, script, substitute, tmp_path):
    substitute('echo "$*"')
    job = slurm.submit(script, "-job.yaml", "-out.h5", cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    assert log_of(tmp_path, job).splitlines()[-1] == "run ./-job.yaml -o ./-out.h5"


@pytest.mark.parametrize("missing", ["SLURM_JOB_ID", "SLURM_SUBMIT_DIR", "SLURM_JOB_CPUS_PER_NODE"])
def test_outside_a_job_the_script_says_how_to_submit_it(script, tmp_path, missing):
    job = {"SLURM_JOB_ID": "7", "SLURM_SUBMIT_DIR": tmp_path, "SLURM_JOB_CPUS_PER_NODE": "2", missing: None}
    done = processes.run("bash", script, "job.yaml", "out.h5", env=job, status=64, cwd=tmp_path)
    assert done.stderr == (
        f"sweep.sbatch: this is not a Slurm job, since {missing} is not set; submit it by"
        " 'sbatch [OPTIONS] slurm/sweep.sbatch job.yaml out.h5', or use jobs/local.sh on a machine without Slurm\n"
    )


def test_inside_an_allocation_the_script_can_run_itself(slurm, script, substitute, tmp_path):
    substitute('echo "rank $SLURM_PROCID"')
    command = ["salloc", "--ntasks=2", "--quiet", "bash", script, "job.yaml", "out.h5"]
    lines = slurm.run(*command, cwd=tmp_path).stdout.splitlines()
    assert sorted(lines) == ["rank 0", "rank 1"]


def test_a_rank_that_is_killed_does_not_end_the_job(slurm, script, substitute, program, moonsweep, tmp_path):
    job_file.write(tmp_path, **JOB)
    moonsweep("run", "job.yaml", "-o", "out.h5", "--time-limit", "0.001", status=75, cwd=tmp_path)
    substitute(
        f"[ $1 = run ] || exec '{program}' \"$@\"",
        "[ -e killed ] || { touch killed; kill -KILL $$; }",
        f"exec '{program}' \"$@\"",
    )
    job = slurm.submit(script, "job.yaml", "out.h5", cwd=tmp_path)
    assert slurm.finished(job) == "COMPLETED", log_of(tmp_path, job)
    assert re.search(r"the sweep ended with status \d+.*; restart 1 of 5", log_of(tmp_path, job))
    with h5py.File(tmp_path / "out.h5") as file:
        assert np.all(file["status"][:] == 1)
