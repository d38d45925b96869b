"""moonsweep run: from job file to result file. A refused command changes no files."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest

from lib import damage, processes
from lib.folder import names
from lib.result_file import differences, how_ended

# ---- results and messages ----------------------------------------------------------------------------------------


def test_a_small_job_is_completed_with_a_summary(moonsweep, job, tmp_path):
    path, out = job(iterations="[20, 40]"), tmp_path / "out.h5"
    done = moonsweep("run", path, "-o", out)
    assert done.stdout == ""
    assert "2 of 2 configurations done, 0 diverged, 0 pending" in done.stderr
    assert "core-seconds of training" in done.stderr
    assert "Best on the dev set:" in done.stderr
    assert names(tmp_path) == ["job.yaml", "out.h5"]


@pytest.mark.parametrize("ranks", [1, 3])
def test_the_number_of_ranks_does_not_affect_the_result(moonsweep, sweep, tmp_path, ranks):
    moonsweep("run", sweep.parent / "job.yaml", "-o", tmp_path / "out.h5", ranks=ranks)
    assert differences(tmp_path / "out.h5", sweep) == []


def test_a_dedicated_coordinator_does_not_affect_the_result(moonsweep, sweep, tmp_path):
    job = sweep.parent / "job.yaml"
    moonsweep("run", job, "-o", tmp_path / "out.h5", "--coordinator", "dedicated", ranks=2)
    assert differences(tmp_path / "out.h5", sweep) == []


def test_the_instruction_set_does_not_affect_the_result(moonsweep, sweep, tmp_path):
    moonsweep("run", sweep.parent / "job.yaml", "-o", tmp_path / "out.h5", "--isa", "portable")
    assert differences(tmp_path / "out.h5", sweep) == []


def test_quiet_prints_nothing(moonsweep, job, tmp_path):
    done = moonsweep("run", job(), "-o", tmp_path / "out.h5", "-q")
    assert done.stdout + done.stderr == ""
    done = moonsweep("run", tmp_path / "job.yaml", "-o", tmp_path / "out.h5", "--quiet")
    assert done.stdout + done.stderr == ""


def test_the_file_contains_its_command_and_job(moonsweep, tmp_path, small_job):
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    (folder / "job.yaml").write_text(small_job())
    moonsweep("run", "job.yaml", "-o", "out put.h5", cwd=folder)
    with h5py.File(folder / "out put.h5") as file:
        assert file.attrs["command"] == "moonsweep run job.yaml -o 'out put.h5'"
        assert file.attrs["job"] == small_job()
        assert file.attrs["title"] == "tiny"


def test_a_command_line_with_control_characters_is_stored_quoted_for_the_shell(moonsweep, job, tmp_path):
    output = tmp_path / "a\tb\n'\x1b]0;mine\x07\x9b\udcff\\\u00f6 \U0001f642.h5"
    words = ["run", str(job()), "-q", "-o", str(output)]
    moonsweep(*words)
    with h5py.File(output) as file:
        command = file.attrs["command"]
        row = b"".join(file["runs/command"][0]).decode()
    assert command == row and command.isprintable()
    read = subprocess.run(["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True, check=True).stdout
    assert read.split(b"\0")[:-1] == [os.fsencode(word) for word in ["moonsweep", *words]]
    done = moonsweep("verify", output.rename(tmp_path / "out.h5"))
    assert "sound" in done.stdout and done.stderr == ""


def test_a_symbolic_link_is_followed_so_that_a_result_has_one_lock(moonsweep, job, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    moonsweep("run", job(), "-o", tmp_path / "elsewhere" / "out.h5")
    (tmp_path / "link.h5").symlink_to(tmp_path / "elsewhere" / "out.h5")
    assert "nothing to do" in moonsweep("run", job(), "-o", tmp_path / "link.h5").stderr
    moonsweep("run", job(), "-o", tmp_path / "link.h5", "--force")
    assert (tmp_path / "link.h5").is_symlink()


# ---- job files ---------------------------------------------------------------------------------------------------


def test_numbers_with_exponents_are_numbers(moonsweep, refused, job, tmp_path):
    """O01: 1e3 iterations mean 1000 or are refused, but never mean 1. Learning rates may be spelled in any way."""
    path, out = job(iterations="[1e3]"), tmp_path / "out.h5"
    done = moonsweep("run", path, "-o", out, status=None)
    if done.returncode == 0:
        with h5py.File(out) as file:
            assert file["iterations"][:].tolist() == [1000]
    else:
        assert done.returncode == 65
        assert f"{path}:9:" in done.stderr and "1000" in done.stderr
    moonsweep("run", job(learning_rate="[5e-3, 2E-1, .5]"), "-o", tmp_path / "rates.h5")
    with h5py.File(tmp_path / "rates.h5") as file:
        assert file["learning_rate"][:].tolist() == [0.005, 0.2, 0.5]


def test_padded_counts_are_decimal_or_refused(moonsweep, job, tmp_path):
    """O02: they are never read as octal."""
    for key, text, value in [("iterations", "010", 10), ("n_h", "08", 8)]:
        out = tmp_path / f"{key}.h5"
        done = moonsweep("run", job(**{key: f"[{text}]"}), "-o", out, status=None)
        if done.returncode == 0:
            with h5py.File(out) as file:
                assert file[key][:].tolist() == [value]
        else:
            assert done.returncode == 65 and text in done.stderr and not out.exists()


def test_a_duplicate_key_is_refused_with_both_lines(refused, job, small_job, tmp_path):
    """O03."""
    twice = small_job().replace("  activation", "  n_h: [50]\n  activation")
    refused(65, "run", job(text=twice), "-o", tmp_path / "out.h5", words=["n_h", "7", "8"])
    again = small_job(more="grid: {n_h: [3]}\n")
    refused(65, "run", job(text=again), "-o", tmp_path / "out.h5", words=["grid", "6", "11"])
    assert names(tmp_path) == ["job.yaml"]


def test_byte_order_mark_and_line_ends_do_not_matter(moonsweep, job, small_job, tmp_path):
    """O04."""
    out = tmp_path / "out.h5"
    windows = b"\xef\xbb\xbf" + small_job().replace("\n", "\r\n").encode()
    moonsweep("run", job("windows.yaml", text=windows), "-o", out)
    before = out.read_bytes()
    assert "nothing to do" in moonsweep("run", job("plain.yaml"), "-o", out).stderr
    assert out.read_bytes() == before
    moonsweep("run", tmp_path / "plain.yaml", "-o", tmp_path / "plain.h5")
    assert differences(tmp_path / "plain.h5", out) == []


def test_a_seed_beyond_31_bits_is_kept(moonsweep, job, rows, tmp_path):
    """O13: results with such seeds are also read in R."""
    path = job(seed="[0, 3000000000]", data_seed=3000000000)
    moonsweep("run", path, "-o", tmp_path / "out.h5")
    with h5py.File(tmp_path / "out.h5") as file:
        assert file["seed"][:].tolist() == [0, 3000000000]
        assert file["data_seed"][:].tolist() == [3000000000]
    shown = rows(moonsweep("show", tmp_path / "out.h5", "--format", "csv").stdout)
    assert [row["seed"] for row in shown] == ["0", "3000000000"]


# ---- existing results --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 2])
def test_a_stopped_sweep_is_resumed_and_keeps_what_is_done(start, wait_for_done, moonsweep, job, tmp_path, ranks):
    lengths = "[10, 500, 400000]"
    path, out = job(samples=500, iterations=lengths, learning_rate="[0.5, 0.25, 0.1]"), tmp_path / "out.h5"
    running = start("run", path, "-o", out, ranks=ranks)
    wait_for_done(out, running)
    errors = processes.stop(running)
    assert re.search(r"stopped by a signal, \d+ configurations left; run the same command again to resume\n$", errors)
    with h5py.File(out) as file:
        first_status = file["status"][:]
    assert 0 < (first_status == 1).sum() < 9

    moonsweep("run", path, "-o", out, ranks=3 if ranks == 0 else 1)
    with h5py.File(out) as file:
        assert file["status"][:].tolist() == [1] * 9
        assert ((file["run"][:] == 0) == (first_status == 1)).all()
    assert how_ended(out) == ["stopped", "finished"]
    moonsweep("run", path, "-o", tmp_path / "whole.h5")
    assert differences(tmp_path / "whole.h5", out) == []


def test_sigkill_at_any_time_loses_nothing_and_the_same_command_resumes(start, moonsweep, job, tmp_path):
    path, out = job(samples=500, iterations="[10, 1000, 20000]", n_h="[1, 2, 3, 4]"), tmp_path / "out.h5"
    for delay in [0.05, 0.15, 0.3, 0.5]:
        running = start("run", path, "-o", out, "-q")
        time.sleep(delay)
        running.kill()
        running.communicate()
    moonsweep("run", path, "-o", out)
    moonsweep("run", path, "-o", tmp_path / "whole.h5")
    assert differences(tmp_path / "whole.h5", out) == []


def test_a_run_on_a_finished_sweep_has_nothing_to_do(moonsweep, sweep):
    before = sweep.read_bytes()
    done = moonsweep("run", sweep.parent / "job.yaml", "-o", sweep, ranks=2)
    assert done.stderr.count("\n") == 1
    assert "nothing to do: all 36 configurations are final (36 done, 0 diverged)" in done.stderr
    assert sweep.read_bytes() == before


def test_other_comments_and_spellings_are_the_same_job(moonsweep, job, small_job, tmp_path):
    """O19 (a)."""
    out = tmp_path / "out.h5"
    moonsweep("run", job(), "-o", out)
    before = out.read_bytes()
    other = "# a comment\n\n" + small_job(learning_rate="[0.50]", name="another name")
    assert "nothing to do" in moonsweep("run", job("other.yaml", text=other), "-o", out).stderr
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    "change, words",
    [
        ({"noise": 0.21}, ["noise", "0.2", "0.21"]),
        ({"iterations": "[20, 40]"}, ["iterations", "20", "40"]),
        ({"learning_rate": "[0.25, 0.5]"}, ["learning_rate", "0.5, 0.25", "0.25, 0.5"]),
        ({"samples": 61, "split_seed": 2}, ["samples", "60", "61", "split_seed", "1", "2"]),
        ({"precision": "float32"}, ["precision", "float64", "float32"]),
    ],
)
@pytest.mark.parametrize("ranks", [0, 2])
def test_another_job_is_refused_with_the_differences(moonsweep, refused, job, tmp_path, change, words, ranks):
    """O19 (b) to (d): the message contains key, old and new value, and the file is not changed."""
    out = tmp_path / "out.h5"
    moonsweep("run", job(learning_rate="[0.5, 0.25]"), "-o", out)
    before, stamp = out.read_bytes(), out.stat().st_mtime_ns
    other = job("other.yaml", **{"learning_rate": "[0.5, 0.25]", **change})
    refused(78, "run", other, "-o", out, words=[out, *words], ranks=ranks)
    assert out.read_bytes() == before
    assert out.stat().st_mtime_ns == stamp
    assert names(tmp_path) == ["job.yaml", "other.yaml", "out.h5"]


def test_force_starts_over_even_with_another_job(moonsweep, job, tmp_path):
    out = tmp_path / "out.h5"
    moonsweep("run", job(), "-o", out)
    moonsweep("run", job(noise=0.21, iterations="[20, 40]"), "-o", out, "--force")
    with h5py.File(out) as file:
        assert file["noise"][:].tolist() == [0.21]
        assert file["status"][:].tolist() == [1, 1]
    assert how_ended(out) == ["finished"]
    assert names(tmp_path) == ["job.yaml", "out.h5"]


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_write_protected_result_is_not_changed(moonsweep, refused, job, tmp_path, force, ranks):
    """Even by root, who may write everywhere, and even with --force, although replacing a file needs no permission on
    the file itself."""
    path, out, link = job(), tmp_path / "out.h5", tmp_path / "link.h5"
    moonsweep("run", path, "-o", out)
    link.symlink_to(out)
    out.chmod(0o444)
    before, stamp = out.read_bytes(), out.stat().st_mtime_ns
    for name in [out, link]:
        refused(77, "run", path, "-o", name, *force, words=[out, "write-protected", "0444"], ranks=ranks)
    refused(77, "run", job("other.yaml", noise=0.21), "-o", out, "--force", words=[out, "write-protected"])
    assert (out.read_bytes(), out.stat().st_mtime_ns, out.stat().st_mode & 0o777) == (before, stamp, 0o444)
    assert names(tmp_path) == ["job.yaml", "link.h5", "other.yaml", "out.h5"]
    out.chmod(0o600)
    assert "nothing to do" in moonsweep("run", path, "-o", out).stderr
    moonsweep("run", path, "-o", out, "--force")


def test_other_numerics_are_refused(moonsweep, refused, job, tmp_path):
    out = tmp_path / "out.h5"
    moonsweep("run", job(), "-o", out)
    with h5py.File(out, "r+") as file:
        file.attrs.modify("numerics", np.int32(file.attrs["numerics"] + 1))
    damage.set_page_hashes(out)
    before = out.read_bytes()
    refused(78, "run", job(), "-o", out, words=["numerics"])
    assert out.read_bytes() == before
    moonsweep("run", job(), "-o", out, "--force")


def test_a_second_run_on_the_same_file_is_refused(start, wait_for_done, refused, job, long_job, tmp_path):
    path, out = job(text=long_job), tmp_path / "out.h5"
    running = start("run", path, "-o", out, "-q")
    wait_for_done(out, running)
    (tmp_path / "link.h5").symlink_to(out)
    for arguments in [[out], [tmp_path / "link.h5"], [out, "--force"]]:
        refused(69, "run", path, "-o", *arguments, words=[out, running.pid])
    running.send_signal(signal.SIGTERM)
    running.communicate()
    assert running.returncode == 75
    assert names(tmp_path) == ["job.yaml", "link.h5", "out.h5"]


def test_readers_do_not_disturb_a_run(start, wait_for_done, moonsweep, job, tmp_path):
    """O09: a reader keeps the file open while the run is killed and resumed. A second reader sees more."""
    path, out = job(samples=5000, iterations="[10, 500, 200000]"), tmp_path / "out.h5"
    running = start("run", path, "-o", out, "-q")
    wait_for_done(out, running)
    with h5py.File(out) as first:
        before = (first["status"][:] != 0).sum()
        running.kill()
        running.communicate()
        done = moonsweep("run", path, "-o", out)
        assert "3 of 3 configurations done" in done.stderr
        with h5py.File(out) as second:
            assert (second["status"][:] != 0).sum() == 3 > before


def test_a_diverging_configuration_does_not_end_the_sweep(moonsweep, diverged):
    """O20: it is counted in the summary and in status, and what was computed is kept."""
    assert "4 of 6 done, 2 diverged, 0 pending" in moonsweep("status", diverged).stdout
    done = moonsweep("run", diverged.parent / "job.yaml", "-o", diverged)
    assert "4 done, 2 diverged" in done.stderr
    with h5py.File(diverged) as file:
        assert file["status"][:].tolist() == [1, 1, 1, 1, 2, 2]
        for config in range(6):
            assert np.isfinite(file["W1"][config]).all()
            start, count = file["cost_start"][config // 3], file["cost_count"][config // 3]
            assert np.isfinite(file["cost"][start : start + count]).all()
        assert file["iterations_done"][4] == file["iterations_done"][5] in (32, 33, 34)


# ---- refused commands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [0, 3])
def test_wrong_jobs_are_refused_before_any_file_is_created(refused, job, tmp_path, ranks):
    out = tmp_path / "out.h5"
    refused(66, "run", tmp_path / "missing.yaml", "-o", out, words=["missing.yaml"], ranks=ranks)
    refused(65, "run", job(learning_rate="[0]"), "-o", out, words=["job.yaml:9:", "learning_rate", "0"], ranks=ranks)
    refused(65, "run", job(activation="[tahn]"), "-o", out, words=["tahn", "tanh"], ranks=ranks)
    refused(65, "run", job(n_h="[2, 2]"), "-o", out, words=["n_h", "2"], ranks=ranks)
    assert names(tmp_path) == ["job.yaml"]


def test_impossible_outputs_are_refused(refused, job, tmp_path):
    path = job()
    refused(73, "run", path, "-o", tmp_path, words=["folder"])
    refused(73, "run", path, "-o", f"{tmp_path}/new/", words=["new/"])
    refused(73, "run", path, "-o", tmp_path / "nowhere" / "out.h5", words=[tmp_path / "nowhere"])
    refused(73, "run", path, "-o", path / "out.h5", words=["out.h5"])
    refused(73, "run", path, "-o", "/dev/null", words=["/dev/null"])
    refused(64, "run", path, "-o", "", words=["--output is empty", "name"])
    refused(64, "run", path, "-o", path, words=["job file itself"])
    refused(66, "run", tmp_path, "-o", tmp_path / "out.h5", words=[tmp_path])
    (tmp_path / "link.h5").symlink_to(tmp_path / "nothing.h5")
    refused(66, "run", path, "-o", tmp_path / "link.h5", words=["link.h5"])
    assert names(tmp_path) == ["job.yaml", "link.h5"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(refused, job, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    refused(77, "run", job(), "-o", locked / "out.h5", words=[locked])


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_files_that_are_not_results_are_never_replaced(refused, job, tmp_path, force):
    path = job()
    (tmp_path / "thesis.txt").write_text("all my work\n")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    (tmp_path / "empty").touch()
    for name in ["thesis.txt", "other.h5", "empty"]:
        before = (tmp_path / name).read_bytes()
        refused(65, "run", path, "-o", tmp_path / name, *force, words=[name])
        assert (tmp_path / name).read_bytes() == before
    assert names(tmp_path) == ["empty", "job.yaml", "other.h5", "thesis.txt"]


@pytest.mark.parametrize(
    "status, words, change",
    [
        (73, ["needs 8.0 TB", "free"], {"iterations": "[1000000000000]"}),
        (73, ["needs ", "free"], {"iterations": "[9000000000000000]"}),
        (65, ["iterations", "9007199254740992"], {"iterations": "[9000000000000000000]"}),
        (65, ["n_h", "1000000"], {"n_h": "[2000000000]"}),
        (65, ["samples", "2147483647"], {"samples": 1000000000000000}),
    ],
)
@pytest.mark.parametrize("ranks", [0, 2])
def test_excessive_sizes_are_refused_at_once_with_the_size(
    refused, processor_seconds, job, tmp_path, status, words, change, ranks
):
    before = processor_seconds()
    refused(status, "run", job(**change), "-o", tmp_path / "out.h5", words=words, ranks=ranks)
    assert processor_seconds() - before < 10
    assert names(tmp_path) == ["job.yaml"]


def test_an_unknown_instruction_set_is_refused(refused, job, tmp_path):
    refused(64, "run", job(), "-o", tmp_path / "out.h5", "--isa", "mmx", words=["mmx", "portable"])
    assert names(tmp_path) == ["job.yaml"]


def test_one_process_of_a_launcher_that_started_several_is_refused(refused, job, tmp_path):
    """O14 without Slurm: the environment is that of a process under `srun -n 4 --mpi=none`."""
    slurm = {"NTASKS": 4, "STEP_NUM_TASKS": 4, "PROCID": 0, "STEP_ID": 0, "JOB_ID": 7}
    env = {f"SLURM_{name}": str(value) for name, value in slurm.items()}
    refused(76, "run", job(), "-o", tmp_path / "out.h5", env=env, words=["4", "1", "--mpi=pmix"])
    assert names(tmp_path) == ["job.yaml"]


def test_a_process_of_prterun_that_mpi_does_not_recognise_is_refused(refused, moonsweep, job, tmp_path):
    """The environment is that of `prterun -n 2` from Open MPI 5.0.11, which a program with Open MPI 4 does not use."""
    if "Open MPI v4" not in moonsweep("--version").stdout:
        pytest.skip("the program's MPI is not Open MPI 4")
    pmix = {"NAMESPACE": "prterun-vm-7369@1", "RANK": "0", "VERSION": "5.0.11rc1", "HOSTNAME": "vm"}
    env = {"PRTE_LAUNCHED": "1", **{f"PMIX_{name}": value for name, value in pmix.items()}}
    env["PMIX_SERVER_URI4"] = "prterun-vm-7369@0.0;tcp4://127.0.0.1:51269"
    refused(76, "run", job(), "-o", tmp_path / "out.h5", env=env, words=["prterun", "mpirun"])
    assert names(tmp_path) == ["job.yaml"]


def test_force_does_not_replace_the_file_of_another_user_in_a_sticky_folder(moonsweep, refused, job, tmp_path):
    """Only the owner of a file may remove it there. The tests run as root, so root loses the right to do so."""
    folder = tmp_path / "shared"
    folder.mkdir()
    out = folder / "out.h5"
    moonsweep("run", job(), "-o", out)
    before = out.read_bytes()
    out.chmod(0o666)
    for path in (folder, out):
        os.chown(path, 1234, 1234)
    folder.chmod(0o1777)
    bound = ["setpriv", "--bounding-set=-fowner"]
    message = refused(77, "run", job(), "-o", out, "--force", wrapper=bound, words=[out, "another user"])
    assert "free" not in message
    assert names(folder) == ["out.h5"] and out.read_bytes() == before


# ---- progress ----------------------------------------------------------------------------------------------------


def test_a_sweep_continues_when_the_reader_of_its_log_is_gone(start, job, tmp_path):
    path = job(samples=500, iterations="[10, 200000]")
    running = start("run", path, "-o", tmp_path / "out.h5", env={"MOONSWEEP_PROGRESS": "live"})
    running.stderr.close()
    assert running.wait() == 0


def test_messages_about_one_thing_use_the_singular(moonsweep, job, tmp_path):
    """One configuration with one iteration, on one rank."""
    path, out = job(iterations="[1]"), tmp_path / "out.h5"
    first, second = [moonsweep("run", path, "-o", out).stderr for _ in range(2)]
    assert f"{out}: 1 of 1 configuration done, 0 diverged, 0 pending\n" in first
    assert " s on 1 rank: 1 iteration, " in first
    assert "nothing to do: 1 configuration is final (1 done, 0 diverged)" in second
    assert " pending; 1 of 1 iteration; " in moonsweep("status", out).stdout
    verified = moonsweep("verify", out, "--retrain", 1)
    assert f"{out}: sound: 1 of 1 configuration is final\n" in verified.stdout
    assert f"{out}: 1 configuration trained again, 1 compared: " in verified.stdout
    assert "training 1 of 1 configuration again, " in verified.stderr and "; it took " in verified.stderr


def test_an_empty_environment_variable_is_ignored(moonsweep, job, tmp_path, monkeypatch):
    for name in ("MOONSWEEP_ISA", "MOONSWEEP_PROGRESS"):
        monkeypatch.setenv(name, "")
    assert "MOONSWEEP" not in moonsweep("run", job(), "-o", tmp_path / "out.h5").stderr
