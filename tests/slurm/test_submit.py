"""slurm/submit.sh and slurm/report.sbatch on the cluster of the tests."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re
import shlex
import shutil

import pytest

from lib import job_file, result_file
from slurm import cluster

JOB = {"samples": 60, "n_h": "[1, 2, 3, 4]", "learning_rate": "[0.5, 0.1]", "iterations": "[20, 200]"}
CORES = len(cluster.NODES) * cluster.CORES_PER_NODE


@pytest.fixture
def submit(slurm, source, program, tmp_path, monkeypatch):
    """Runs the script in tmp_path, which contains a job file, and returns the finished process."""
    job_file.write(tmp_path, **JOB)
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))

    def run(*arguments, **options):
        return slurm.run(source / "slurm" / "submit.sh", *arguments, cwd=tmp_path, **options)

    return run


def sbatch_line(text, script="sweep.sbatch"):
    """The words of the line that submits the script, without the program's place before it."""
    (line,) = (line for line in text.splitlines() if " sbatch " in line and script in line)
    words = shlex.split(line)
    return words[words.index("sbatch") + 1 :]


def options_of(words):
    return dict(word[2:].split("=") for word in words if word.startswith("--"))


def jobs(slurm):
    return slurm.run("squeue", "--noheader").stdout


def test_what_is_proposed_follows_from_the_plan(slurm, submit, moonsweep, tmp_path):
    done = submit("job.yaml", "--ranks", "3")
    plan = json.loads(moonsweep("plan", tmp_path / "job.yaml", "--ranks", "3", "--format", "json").stdout)
    words = sbatch_line(done.stdout)
    options = options_of(words)
    assert (options["ntasks"], options["nodes"]) == ("3", "2")
    needed = plan["first_rank_bytes"] + plan["rank_bytes"] + plan["samples_bytes"]
    assert int(options["mem"].removesuffix("M")) == needed * 3 // 2 // 2**20 + 1
    # The sweep takes less than a second; the reserve is ten minutes.
    assert options["time"] in ("0-00:11:00", "0-00:12:00")
    assert words[-2:] == ["job.yaml", "job.h5"]
    assert "Nothing has been submitted" in done.stdout
    assert jobs(slurm) == "" and not (tmp_path / "job.h5").exists()


def test_a_submitted_sweep_is_whole_and_names_may_contain_anything(slurm, submit, moonsweep, tmp_path):
    (tmp_path / "job.yaml").rename(tmp_path / "-my job's.yaml")
    done = submit("./-my job's.yaml", "out of it.h5", "--ranks=2", "--yes")
    job = re.search(r"^submitted job (\d+); follow", done.stdout, re.MULTILINE)[1]
    assert slurm.finished(job) == "COMPLETED", (tmp_path / f"slurm-{job}.out").read_text()
    moonsweep("run", "./-my job's.yaml", "-o", "alone.h5", cwd=tmp_path)
    assert result_file.differences(tmp_path / "out of it.h5", tmp_path / "alone.h5") == []


def test_figures_and_report_are_made_after_the_sweep(slurm, submit, program, tmp_path, monkeypatch):
    """Another program records what Python is asked to do, and whether the sweep is finished by then."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\n{program} status --exit-code job.h5 || exit 1\nprintf "%s\\n" "$*" >>asked\n')
    python.chmod(0o755)
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PYTHON", str(python))
    done = submit("job.yaml", "--ranks", "2", "--after", "--yes")
    report = re.search(r"^submitted job (\d+) for figures and report", done.stdout, re.MULTILINE)[1]
    assert slurm.finished(report) == "COMPLETED"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == [
        "-c import moonsweep",
        "-m moonsweep figures job.h5 -o job-figures",
        "-m moonsweep report job.h5 -o job-figures/report.html",
    ]
    assert "--dependency=afterok:JOBID" in sbatch_line(done.stdout, "report.sbatch")


def test_no_figures_are_drawn_of_a_sweep_that_failed(slurm, submit, tmp_path):
    (tmp_path / "job.h5").write_text("another file\n")
    done = submit("job.yaml", "--ranks", "2", "--after", "--yes")
    sweep, report = re.findall(r"^submitted job (\d+)", done.stdout, re.MULTILINE)
    assert slurm.finished(sweep) == "FAILED"
    assert slurm.finished(report) == "CANCELLED"
    assert (tmp_path / "job.h5").read_text() == "another file\n"


def test_a_report_says_what_is_missing(slurm, source, tmp_path, monkeypatch):
    script = source / "slurm" / "report.sbatch"
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PYTHON", "/bin/false")
    assert "no result none.h5" in slurm.run(script, "none.h5", "figures", status=66, cwd=tmp_path).stderr
    (tmp_path / "some.h5").touch()
    refused = slurm.run(script, "some.h5", "figures", status=66, cwd=tmp_path).stderr
    assert "/bin/false does not have the package moonsweep" in refused
    assert "a folder" in slurm.run(script, "some.h5", status=64, cwd=tmp_path).stderr


def test_no_more_ranks_are_proposed_than_there_are_cores(submit, tmp_path):
    # Far more than a millisecond of work for each of twenty networks.
    job_file.write(tmp_path, seed=f"[{', '.join(map(str, range(20)))}]", iterations="[100000]")
    done = submit("job.yaml", "--within", "0.001")
    assert "no number of ranks is enough for 0.001" in done.stderr
    assert f"all nodes together have {CORES} cores" in done.stderr
    assert done.stderr.count("note: the dev set") == 1
    options = options_of(sbatch_line(done.stdout))
    assert (options["ntasks"], options["nodes"]) == (str(CORES), str(len(cluster.NODES)))
    job_file.write(tmp_path, iterations="[9007199254740992]")
    assert "which is too long" in submit("job.yaml", "--ranks", "1", status=64).stderr


def test_the_limit_of_the_partition_is_kept(slurm, submit):
    slurm.run("scontrol", "update", "PartitionName=all", "MaxTime=7")
    try:
        done = submit("job.yaml")
    finally:
        slurm.run("scontrol", "update", "PartitionName=all", "MaxTime=INFINITE")
    assert options_of(sbatch_line(done.stdout))["time"] == "0-00:07:00"
    assert "jobs of the partition end after 0-00:07:00" in done.stderr


def test_settings_of_the_site_and_options_of_sbatch(slurm, submit, tmp_path, monkeypatch):
    (tmp_path / "our site.conf").write_text("MOONSWEEP_PARTITION=all\nMOONSWEEP_ACCOUNT='some project'\n")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_SITE_CONF", str(tmp_path / "our site.conf"))
    words = sbatch_line(submit("job.yaml", "--", "--time=1:00:00", "--comment=a b").stdout)
    options = options_of(words)
    assert (options["partition"], options["account"]) == ("all", "some project")
    assert words[-5:-3] == ["--time=1:00:00", "--comment=a b"]
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PARTITION", "other")
    assert "sinfo names no nodes of other" in submit("job.yaml", status=69).stderr
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_SITE_CONF", str(tmp_path / "none.conf"))
    assert "none.conf" in submit("job.yaml", status=78).stderr


def test_wrong_arguments_are_refused_before_anything_is_submitted(slurm, submit, tmp_path, monkeypatch):
    assert submit("--help").stdout.startswith("Submits a sweep")
    for arguments, status, message in [
        (["none.yaml", "--yes"], 66, "none.yaml"),
        (["job.yaml", "no-folder/out.h5", "--yes"], 66, "no folder no-folder"),
        (["job.yaml", "--rank", "3", "--yes"], 64, "unknown option --rank"),
        (["job.yaml", "--ranks", "--yes"], 64, "--ranks"),
        (["job.yaml", "--ranks", "0", "--yes"], 64, "--ranks"),
        (["job.yaml", "--within", "soon", "--yes"], 64, "--within"),
        (["job.yaml", "--within", "1h", "--ranks", "3", "--yes"], 64, "exclude each other"),
        (["--yes"], 64, "a job file is needed"),
        (["job.yaml", "a.h5", "b.h5", "--yes"], 64, "at most one result"),
    ]:
        assert message in submit(*arguments, status=status).stderr
    (tmp_path / "job.yaml").write_text("name: 3\n")
    assert "job.yaml" in submit("job.yaml", "--yes", status=65).stderr
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(tmp_path / "none"))
    assert "no program" in submit("job.yaml", "--yes", status=66).stderr
    assert jobs(slurm) == ""


def test_without_slurm_the_script_says_where_it_belongs(submit, slurm, tmp_path, monkeypatch):
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "env", "dirname", "basename", "readlink", "sed"):
        (tools / tool).symlink_to(shutil.which(tool))
    monkeypatch.setitem(slurm.environment, "PATH", str(tools))
    assert "there is no sinfo on the PATH" in submit("job.yaml", "--yes", status=69).stderr
