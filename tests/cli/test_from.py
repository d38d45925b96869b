"""run --from: which older results are refused, with what reason, and that nothing is created or changed then; what a
damaged or rewritten older result still gives."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import shutil
import subprocess

import h5py
import pytest

from lib import damage, job_file, result_file, waiting


@pytest.fixture
def copy(old, tmp_path):
    path = tmp_path / "old.h5"
    shutil.copyfile(old[1], path)
    return path


@pytest.fixture
def refused_from(refused, new, tmp_path):
    """Asserts that an older result is refused, and that nothing is created or changed in its folder."""

    def check(status, *words, job=new[0], output="new.h5", options=(), path):
        before = contents(tmp_path)
        refused(status, "run", job, "-o", tmp_path / output, "--from", path, *options, words=words)
        assert contents(tmp_path) == before

    return check


def contents(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


# ---- files that are refused ------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_opened(refused_from, tmp_path, old):
    refused_from(66, "nothing.h5", path=tmp_path / "nothing.h5")
    refused_from(66, "is not a regular file", path=tmp_path)
    refused_from(65, "cannot be opened as an HDF5 file", path=old[0])
    refused_from(64, "--from is empty", path="")


def test_the_output_itself_by_any_name(refused_from, copy, tmp_path, old):
    (tmp_path / "link.h5").symlink_to(copy)
    os.link(copy, tmp_path / "other-name.h5")
    for name in ("old.h5", "link.h5", "other-name.h5", "./old.h5"):
        refused_from(64, "is the output", path=os.path.join(tmp_path, name), output="old.h5", job=old[0])
    refused_from(64, "is the output", path=copy, output="link.h5", job=old[0])
    refused_from(64, "is the output", path=copy, output="old.h5", job=old[0], options=["--force"])


def test_a_file_that_ends_in_the_middle(refused_from, copy):
    with open(copy, "r+b") as file:
        file.truncate(copy.stat().st_size // 3)
    refused_from(65, str(copy), path=copy)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"precision": "float32"}, ["its precision is float32, but that of this job is float64"]),
        ({"noise": 0.21}, ["it has 8 final configurations, 8 of other samples"]),
        ({"samples": 202}, ["8 of other samples"]),
        ({"split_seed": 43}, ["8 of other samples"]),
        ({"learning_rate": "[0.25]"}, ["8 with settings that this job does not have"]),
        ({"seed": "[5]"}, ["8 with settings that this job does not have"]),
        ({"iterations": "[300, 400]"}, ["this job needs smaller iteration counts than it has"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_result_that_has_nothing_for_the_job(refused_from, undisturbed, change, words):
    _, other = undisturbed(**{**job_file.OLD, **change})
    refused_from(78, "nothing can be taken over from it", *words, path=other)


def test_a_result_of_another_cost(refused_from, undisturbed):
    _, other = undisturbed(**job_file.OLD, more="class_weight: balanced\n")
    refused_from(78, "was trained in another way", "class_weight", path=other)


def test_a_job_whose_rule_needs_accuracies_that_the_older_result_does_not_have(refused, undisturbed, old, tmp_path):
    job, _ = undisturbed(**job_file.NEW, more="stop: {target_dev_accuracy: 60, every: 5}\n")
    words = [old[1], "it has 8 final configurations", "need accuracies that it does not have"]
    refused(78, "run", job, "-o", tmp_path / "new.h5", "--from", old[1], words=words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "rule", ["halving: {keep: 0.5, by: dev_accuracy}", "stop: {target_dev_accuracy: 60, every: 5}"]
)
def test_a_sweep_that_ended_trajectories_early(moonsweep, undisturbed, new, tmp_path, rule):
    """Its done configurations are taken over, and the states in which rules ended the others are continued."""
    _, other = undisturbed(**job_file.OLD, more=f"{rule}\n")
    with h5py.File(other) as file:
        done = int((file["status"][:] == 1).sum())
        ended = len(set(file["config_trajectory"][:][file["status"][:] == 3]))
    assert done < 8
    shown = moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", other).stderr
    assert f": {done} configurations were taken over" in shown
    if "stop" in rule:
        assert f"from which {ended} trajector" in shown
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []


def test_other_numerics(refused_from, copy):
    with h5py.File(copy, "r+") as file:
        file.attrs.modify("numerics", file.attrs["numerics"] - 1)
    refused_from(78, "was computed with numerics ", path=copy)


def test_another_format_version(refused_from, copy):
    with h5py.File(copy, "r+") as file:
        file.attrs.modify("format_version", 2)
    refused_from(65, "has format version 2", path=copy)


def test_a_stored_job_that_is_not_that_of_the_rows(refused_from, copy):
    with h5py.File(copy, "r+") as file:
        file.attrs["job"] = file.attrs["job"].replace("0.5", "0.4")
    refused_from(65, "does not match its job_hash", path=copy)


def test_samples_that_do_not_match_their_checksum(refused_from, copy):
    damage.flip_value(copy, "X_train", (3, 1))
    refused_from(65, "data set 0 does not match its checksum", path=copy)


def test_a_result_without_a_final_row(refused_from, moonsweep, old, tmp_path):
    moonsweep("run", old[0], "-o", tmp_path / "old.h5", "--time-limit", "0.0001s", "-q", status=75)
    with h5py.File(tmp_path / "old.h5", "r+") as file:
        file["status"][:] = 0
        file["checkpoint/trajectory"][:] = -1
    refused_from(78, "none of its configurations is final", path=tmp_path / "old.h5")


def test_a_result_with_damaged_rows_only(refused_from, copy):
    with h5py.File(copy, "r+") as file:
        file["W2"][:, 0] += 1
    refused_from(65, "8 final configurations, 8 that do not match their checksums", path=copy)


def test_one_of_several_files_is_refused(refused, new, old, undisturbed, tmp_path):
    _, other = undisturbed(**job_file.OLD, noise=0.3)
    words = [other, "8 of other samples"]
    refused(78, "run", new[0], "-o", tmp_path / "new.h5", "--from", old[1], "--from", other, words=words)
    assert list(tmp_path.iterdir()) == []


def test_an_output_of_another_job_is_still_refused(refused_from, copy, tmp_path, undisturbed):
    _, other = undisturbed(n_h="[4]")
    shutil.copyfile(other, tmp_path / "other.h5")
    refused_from(78, "is the result of another job", path=copy, output="other.h5")


# ---- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["W1", "dev_outcomes", "checksum", "times_checksum", "final_cost", "status"])
def test_a_damaged_row_is_not_taken(moonsweep, new, copy, tmp_path, name):
    """Rows 0 and 1 are 20 and 200 iterations of one trajectory, so that row 1 gives what is needed after row 0."""
    place = (1, 0, 0) if name == "W1" else (1, 0) if name == "dev_outcomes" else 1
    damage.flip_value(copy, name, place)
    done = moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", copy)
    assert ": 7 configurations were taken over" in done.stderr
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []
    if name != "status":  # a row that is pending is not damaged
        assert "1 that do not match their checksums" in done.stderr


def test_damaged_costs_are_not_taken(moonsweep, new, copy, tmp_path):
    damage.flip_value(copy, "cost", 30, mask=4)
    done = moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", copy)
    assert ": 7 configurations were taken over" in done.stderr
    assert "1 that do not match their checksums" in done.stderr
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []


def test_a_row_that_claims_other_settings_is_not_taken(moonsweep, new, copy, tmp_path):
    """Even with matching checksums."""
    with h5py.File(copy, "r+") as file:
        file["learning_rate"][2] = 0.25
        damage.set_checksums(file, 2)
    done = moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", copy)
    assert "1 that do not match their checksums" in done.stderr
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []


def test_a_damaged_row_of_runs_does_not_matter(moonsweep, new, copy, tmp_path):
    damage.flip_value(copy, "runs/started", 0)
    moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", copy)
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []
    with h5py.File(tmp_path / "new.h5") as file:
        assert bytes(file["runs/command"][1]).rstrip(b"\0").decode() == f"{copy}, run 0: "


# ---- use -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [["-l", "CONTI", "-f", "NONE"]], ids=["contiguous"])
def test_a_file_that_h5repack_has_rewritten_is_continued_in_another(refused, moonsweep, old, tmp_path, options):
    subprocess.run(["h5repack", *options, old[1], tmp_path / "repacked.h5"], check=True)
    refused(65, "run", old[0], "-o", tmp_path / "repacked.h5", words=["rewritten by another program"])
    done = moonsweep("run", old[0], "-o", tmp_path / "new.h5", "--from", tmp_path / "repacked.h5")
    assert "8 of 8 configurations done" in done.stderr and " 0 iterations" in done.stderr
    assert result_file.differences(tmp_path / "new.h5", old[1]) == []


def test_the_same_command_resumes_and_may_leave_the_option_out(moonsweep, new, old, tmp_path):
    output = tmp_path / "new.h5"
    moonsweep("run", new[0], "-o", output, "--time-limit", "0.0001s", "-q", status=75)
    done = moonsweep("run", new[0], "-o", output, "--from", old[1])
    assert "configurations were taken over" in done.stderr
    assert result_file.differences(output, new[1]) == []
    again = moonsweep("run", new[0], "-o", output, "--from", old[1])
    assert "nothing to do: all 18 configurations are final" in again.stderr
    assert "taken over" not in again.stderr
    assert "nothing to do" in moonsweep("run", new[0], "-o", output).stderr


def test_it_is_said_once_what_is_taken_over_after_smaller_counts_are_trained(moonsweep, old, tmp_path):
    job = job_file.write(tmp_path, **{**job_file.OLD, "iterations": "[10, 20, 200]"})
    said = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", old[1]).stderr
    lines = [line for line in said.splitlines() if "taken over" in line]
    assert lines == [f"moonsweep: {tmp_path}/new.h5: 8 configurations were taken over from {old[1]}"]


def test_quiet_prints_nothing(moonsweep, new, old, tmp_path):
    done = moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", old[1], "-q")
    assert (done.stdout, done.stderr) == ("", "")


def test_anonymous_stores_no_names(moonsweep, new, old, tmp_path):
    moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", old[1], "--anonymous", "-q")
    with h5py.File(tmp_path / "new.h5") as file:
        assert bytes(file["runs/command"][1]).rstrip(b"\0") == b"an older result, run 0"
        assert not file["runs/hosts"][1].tobytes().strip(b"\0")
    assert str(old[1]).encode() not in (tmp_path / "new.h5").read_bytes()


def test_a_name_of_the_older_file_with_control_characters_is_stored_on_one_line(moonsweep, new, old, tmp_path):
    strange = tmp_path / "old \n\x1b[31m.h5"
    shutil.copyfile(old[1], strange)
    moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", strange, "-q")
    with h5py.File(tmp_path / "new.h5") as file:
        text = bytes(file["runs/command"][1]).rstrip(b"\0").decode()
    assert r"old \x0a\x1b[31m.h5', run 0: moonsweep run" in text


def test_an_older_file_that_may_only_be_read(moonsweep, new, copy, tmp_path):
    copy.chmod(0o444)
    moonsweep("run", new[0], "-o", tmp_path / "new.h5", "--from", copy, "-q")
    assert result_file.differences(tmp_path / "new.h5", new[1]) == []


def test_a_running_sweep_may_be_taken_over_from(start, moonsweep, undisturbed, tmp_path):
    grid = {"samples": 2000, "n_h": "[2, 3, 50]", "iterations": "[100, 300]"}
    expected_job, expected = undisturbed(**grid)
    running_job = job_file.write(tmp_path, name="running", **{**grid, "iterations": "[100, 300, 100000000]"})
    sweep = start("run", running_job, "-o", tmp_path / "old.h5", "-q")
    waiting.until(lambda: result_file.finals(tmp_path / "old.h5") > 0, running=sweep)
    done = moonsweep("run", expected_job, "-o", tmp_path / "new.h5", "--from", tmp_path / "old.h5")
    assert re.search(r": [1-9]\d* configurations? w", done.stderr)
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert sweep.poll() is None


def test_other_commands_read_rows_that_were_taken_over(moonsweep, new, old, tmp_path):
    output = tmp_path / "new.h5"
    moonsweep("run", new[0], "-o", output, "--from", old[1], "-q")
    assert "18 of 18 configurations are final" in moonsweep("verify", output).stdout
    assert "18 of 18 configurations are final" in moonsweep("verify", "--retrain", 18, output).stdout
    assert "18 of 18 done" in moonsweep("status", "--exit-code", output).stdout
    assert moonsweep("show", output).stdout.count("done") == 18
    moonsweep("predict", output, "--config", 0, "--moons", "20,0.2,1")
