"""The settings of a site, and the launchers that it may prefer."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import shutil

import pytest

from lib import job_file, processes
from slurm.cluster import log_of


@pytest.fixture
def copied(script, tmp_path):
    """A copy of the script in its own folder."""
    (tmp_path / "site").mkdir()
    return shutil.copy(script, tmp_path / "site" / "my sweep.sbatch")


@pytest.fixture
def log(slurm, copied, tmp_path):
    """Runs the copied script on a small job file and returns its log. status: the exit status of the job."""
    job_file.write(tmp_path)

    def run(status=0, options=("--ntasks=2",)):
        job = slurm.submit(copied, "job.yaml", "out.h5", options=options, cwd=tmp_path)
        assert slurm.finished(job) == ("COMPLETED" if status == 0 else "FAILED"), log_of(tmp_path, job)
        assert slurm.show(job)["ExitCode"] == f"{status}:0"
        assert slurm.show(job)["Restarts"] == "0"
        return log_of(tmp_path, job)

    return run


def settings(folder, **variables):
    """Writes a site.conf to a folder and returns its path."""
    path = folder / "site.conf"
    path.write_text("".join(f'MOONSWEEP_{name}="{value}"\n' for name, value in variables.items()))
    return path


def test_settings_are_found_beside_the_script_which_slurm_copies(slurm, log, program, copied, tmp_path):
    path = settings(tmp_path / "site", PROGRAM=program)
    assert f"settings of {path}" in log()


def test_settings_are_found_where_the_program_was_installed(slurm, log, build, tmp_path, monkeypatch, moonsweep):
    processes.run("meson", "install", "--quiet", "--no-rebuild", "-C", build, "--destdir", tmp_path / "root")
    installed = next(tmp_path.glob("root/**/bin/moonsweep"))
    share = next(tmp_path.glob("root/**/share/moonsweep/slurm"))
    assert (share / "site.conf.example").exists()
    settings(share, LAUNCHER="neither")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(installed))
    assert "MOONSWEEP_LAUNCHER is 'neither'; it must be srun or mpirun" in log(status=78)


def test_variables_of_the_user_take_precedence_over_settings(slurm, log, substitute, tmp_path, monkeypatch):
    substitute('echo "rank $SLURM_PROCID of $OMP_NUM_THREADS"')
    path = settings(tmp_path, LAUNCHER="neither", PROGRAM="neither")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_SITE_CONF", str(path))
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_LAUNCHER", "srun")
    lines = log().splitlines()
    assert {"rank 0 of 1", "rank 1 of 1"} <= set(lines)


def test_wrong_settings_end_the_job(slurm, log, tmp_path, monkeypatch):
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_SITE_CONF", str(tmp_path / "missing.conf"))
    assert "missing.conf, could not be read" in log(status=78)


def test_both_scripts_read_settings_by_the_same_function(source):
    """What one of them accepts the other accepts, too."""
    functions = [
        re.findall(
            r"^read_site_settings\(\) \{\n.*?^\}\n", (source / "slurm" / name).read_text(), re.MULTILINE | re.DOTALL
        )
        for name in ("sweep.sbatch", "submit.sh")
    ]
    assert len(functions[0]) == 1
    assert functions[0] == functions[1]


def test_the_example_settings_are_valid(slurm, log, program, source, tmp_path, monkeypatch):
    text = (source / "slurm" / "site.conf.example").read_text()
    path = tmp_path / "site" / "site.conf"
    path.write_text(text)
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    assert f"settings of {path}" in log()
    # Without the comments all of them are set.
    path.write_text(text.replace("\n#MOONSWEEP_", "\nMOONSWEEP_"))
    assert "MOONSWEEP_MODULES) cannot be loaded" in log(status=69)


def test_modules_are_loaded_before_the_program_is_looked_for(slurm, log, program, tmp_path, monkeypatch):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "moonsweep-test").write_text(f"#%Module\nprepend-path PATH {program.parent}\n")
    monkeypatch.setitem(slurm.environment, "MODULEPATH", str(tmp_path / "modules"))
    settings(tmp_path / "site", MODULES="moonsweep-test")
    log()
    settings(tmp_path / "site", MODULES="moonsweep-test no-such-module")
    assert "modules moonsweep-test no-such-module (MOONSWEEP_MODULES) cannot be loaded" in log(status=69)


def test_a_launcher_whose_ranks_do_not_know_each_other_is_refused_once(slurm, log, program, tmp_path, monkeypatch):
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    monkeypatch.setitem(slurm.environment, "SLURM_MPI_TYPE", "none")
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_LAUNCHER", "srun")
    text = log(status=76, options=["--ntasks=4"])
    assert text.count("Slurm started 4 tasks") == 1
    assert not list(tmp_path.glob("out.h5*"))


@pytest.mark.parametrize("asked", [["--ntasks=3"], ["--cpus-per-task=2"], ["--nodes=2", "--cpus-per-task=2"]], ids=str)
def test_mpirun_gives_every_granted_core_a_rank(slurm, log, substitute, monkeypatch, asked):
    substitute('echo "rank $OMPI_COMM_WORLD_RANK of $OMPI_COMM_WORLD_SIZE on $(hostname)"')
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_LAUNCHER", "mpirun")
    for name in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]:
        monkeypatch.setitem(slurm.environment, name, "1")
    ranks = {"--ntasks=3": 3, "--cpus-per-task=2": 2, "--nodes=2": 4}[asked[0]]
    lines = [line for line in log(options=asked).splitlines() if line.startswith("rank ")]
    assert {line.partition(" on ")[0] for line in lines} == {f"rank {rank} of {ranks}" for rank in range(ranks)}
    if slurm.own_names:
        # No node has more ranks than cores.
        nodes = [line.partition(" on ")[2] for line in lines]
        assert max(map(nodes.count, nodes)) <= 2


def test_a_wrong_job_file_fails_once_with_a_message_in_the_log(slurm, log, program, tmp_path, monkeypatch):
    monkeypatch.setitem(slurm.environment, "MOONSWEEP_PROGRAM", str(program))
    job_file.write(tmp_path, n_h="[0]")
    text = log(status=65)
    messages = [line for line in text.splitlines() if line.startswith("moonsweep: ")]
    assert len(messages) == 1 and "job.yaml:" in messages[0] and "n_h" in messages[0]
    assert text.count("attempt 1 of job") == 1 and "requeued" not in text.split("\n", 2)[2]
