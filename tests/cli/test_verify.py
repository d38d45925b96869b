"""`moonsweep verify` reports sound files as sound, and lists wrong values with their place and what they should be."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re
import resource
import shutil

import h5py
import numpy as np
import pytest

from lib import checksums, damage, result_file


@pytest.fixture
def copy(sweep, tmp_path):
    """A copy of a finished result, for tests that damage it."""
    return shutil.copy(sweep, tmp_path / "out.h5")


@pytest.fixture
def listed(moonsweep):
    """Returns what verify finds wrong in a file, as dictionaries, and checks that the exit status agrees."""

    def run(path, *options):
        done = moonsweep("verify", path, "--format", "json", *options, status=None)
        found = json.loads(done.stdout)
        assert done.returncode == (65 if found else 0), done.stderr
        return found

    return run


def write_nothing():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def write_text(path, name, place, text):
    """Writes into a text of the first run. It bypasses HDF5, which writes zeros to texts of one byte."""
    with h5py.File(path) as file:
        start, _ = result_file.place_of(file, f"runs/{name}")
    damage.write_bytes(path, start + place, text)


# ---- sound files --------------------------------------------------------------------------------------------------


def test_a_finished_file_is_sound(moonsweep, sweep):
    assert moonsweep("verify", sweep).stdout == f"{sweep}: sound: 36 of 36 configurations are final\n"


def test_diverged_configurations_are_sound(moonsweep, diverged):
    output = moonsweep("verify", diverged).stdout
    assert output == f"{diverged}: sound: 6 of 6 configurations are final, 2 of them diverged\n"


def test_an_incomplete_sweep_is_sound(moonsweep, stopped):
    with h5py.File(stopped) as file:
        pending = int((file["status"][...] == 0).sum())
    output = moonsweep("verify", stopped).stdout
    assert f"sound: {12 - pending} of 12 configurations are final; work is left: {pending} are pending" in output
    assert re.search(r", with \d+ checkpoints?\n", output)


def test_float32_is_sound_and_trains_to_the_same_bits(moonsweep, job, tmp_path):
    text = job(n_h="[1, 3]", activation="[tanh, relu]", iterations="[10, 300]", precision="float32")
    moonsweep("run", text, "-o", tmp_path / "out.h5")
    assert (
        "8 configurations trained again, 8 compared"
        in moonsweep("verify", tmp_path / "out.h5", "--retrain", "all").stdout
    )


def test_verify_writes_no_file(moonsweep, sweep):
    before, folder = sweep.read_bytes(), sorted(sweep.parent.iterdir())
    moonsweep("verify", sweep, "--retrain", "3", preexec_fn=write_nothing)
    assert (sweep.read_bytes(), sorted(sweep.parent.iterdir())) == (before, folder)


def test_a_file_that_is_being_written_is_always_sound(moonsweep, start, wait_for_done, long_job, tmp_path):
    (tmp_path / "job.yaml").write_text(long_job)
    out = tmp_path / "out.h5"
    running = start("run", tmp_path / "job.yaml", "-o", out, "--checkpoint-seconds", "0.01", ranks=2)
    try:
        wait_for_done(out, running)
        for _ in range(15):
            assert moonsweep("verify", out).stderr == ""
        assert running.poll() is None
    finally:
        running.terminate()
        running.communicate()


# ---- wrong values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, place, value",
    [
        ("n_h", 3, 7),
        ("learning_rate", 20, 0.25),
        ("X_train", (17, 1), -1.0),
        ("y_dev", 5, 3),
        ("data_checksum", 0, 1),
        ("cost_start", 2, 1),
        ("feature_scale", (0, 1), 2.0),
        ("config", 9, 8),
        ("runs/run", 1000, 0),
    ],
)
def test_a_value_that_follows_from_the_job_is_listed_with_the_right_value(listed, copy, name, place, value):
    with h5py.File(copy, "r+") as file:
        due = file[name][place]
        file[name][place] = value
    (found,) = listed(copy)
    where = ",".join(str(index) for index in np.atleast_1d(place))
    assert found["place"] == f"{name}[{where}]"
    assert found["config"] == (place if name in ("n_h", "learning_rate") else None)
    as_number = (lambda text: int(text, 16)) if name == "data_checksum" else float
    assert (as_number(found["stored"]), as_number(found["due"])) == (value, due)


@pytest.mark.parametrize(
    "name, place",
    [("W1", (20, 3, 1)), ("train_seconds", (35,)), ("dev_outcomes", (12, 2)), ("checksum", (0,)), ("run", (1,))],
)
def test_a_flipped_bit_of_a_result_is_listed_with_the_right_value(listed, copy, name, place):
    due, now = damage.flip_value(copy, name, place, mask=2)
    (found,) = listed(copy)
    assert found["place"] == f"{name}[{','.join(map(str, place))}]"
    assert found["config"] == place[0]
    as_number = (lambda text: int(text, 16)) if name == "checksum" else float
    stored = as_number(found["stored"]), as_number(found["due"])
    assert np.array_equal(stored, (now, due), equal_nan=True)


def test_costs_are_covered_by_the_checksums_of_their_configurations(listed, copy):
    with h5py.File(copy, "r+") as file:
        trajectory = 4
        start = file["cost_start"][trajectory]
        file["cost"][start + 300] = 0.0
    assert [found["place"] for found in listed(copy)] == ["checksum[13]", "checksum[14]"]  # of 500 and 2000 iterations


def test_a_row_whose_status_was_reset_to_pending_is_found(listed, copy):
    with h5py.File(copy, "r+") as file:
        file["status"][11] = 0
    (found,) = listed(copy)
    assert (found["place"], found["stored"], found["due"]) == ("status[11]", "0", "1")


def test_a_lost_row_before_a_final_one_of_its_trajectory_is_found(listed, copy):
    with h5py.File(copy, "r+") as file:
        file["status"][9] = 0
        file["checksum"][9] = 0
    (found,) = listed(copy)
    assert (found["place"], found["due"]) == ("status[9]", "final: configuration 10 comes after it")


def test_a_wrong_cost_count_of_a_finished_trajectory_is_found(listed, copy):
    with h5py.File(copy, "r+") as file:
        file["cost_count"][3] = 2001
    assert [(found["place"], found["due"]) for found in listed(copy)] == [("cost_count[3]", "2000")]


# ---- the structure of the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["job", "job_hash", "job_checksum", "date_created", "command", "git_commit", "hdf5_version"]
)
def test_a_changed_text_is_listed_with_its_offset(moonsweep, listed, sweep, copy, name):
    with h5py.File(copy) as file:
        text = file.attrs[name].encode()
    data = copy.read_bytes()
    place = data.index(text) + len(text) // 2
    assert data.count(text) >= 2, "it is in the structure and in its second copy"
    damage.write_bytes(copy, place, bytes([data[place] ^ 1]))
    (found,) = listed(copy)
    stored, due = f"0x{data[place] ^ 1:02x}", f"0x{data[place]:02x}"
    assert found == {"place": f"structure, byte {place}", "config": None, "stored": stored, "due": due}
    assert "`moonsweep run` with its job file repairs this" in moonsweep("verify", copy, status=65).stderr
    assert "1 corrupt byte was repaired: structure" in moonsweep("run", sweep.parent / "job.yaml", "-o", copy).stderr
    assert copy.read_bytes() == data


@pytest.mark.parametrize(
    "path, name, value",
    [
        ("/", "format_version", np.int32(2)),
        ("/", "numerics", np.int32(0)),
        ("status", "flag_values", np.array([0, 1, 2, 3, 5], "u1")),
        ("runs/how_ended", "flag_masks", np.array([1, 2, 4, 8, 32], "u1")),
    ],
)
def test_attributes_that_another_program_changed_are_found(listed, copy, path, name, value):
    size = copy.stat().st_size
    with h5py.File(copy, "r+") as file:
        file[path].attrs.modify(name, value)
    assert copy.stat().st_size == size, "HDF5 must change it in place; otherwise, verify reports a rewritten file"
    found = listed(copy)
    assert found and all(item["place"].startswith("structure, byte ") for item in found)


def test_a_file_to_which_another_program_added_something_is_reported_as_rewritten(moonsweep, refused, sweep, copy):
    with h5py.File(copy, "r+") as file:
        file.attrs["remark"] = "mine " * 1000
    output = moonsweep("verify", copy).stdout
    assert f"{copy}: sound: 36 of 36 configurations are final" in output
    assert "another program (h5repack, nccopy) has rewritten it: it can be read" in output
    before = copy.read_bytes()
    refused(65, "run", sweep.parent / "job.yaml", "-o", copy, words=["rewritten by another program", "--force"])
    assert copy.read_bytes() == before


def test_missing_dimension_scales_are_found(listed, copy):
    with h5py.File(copy, "r+") as file:
        file["W1"].dims[1].detach_scale(file["unit"])
        del file["cost"].attrs["DIMENSION_LIST"]
    assert len(listed(copy)) > 1


def test_a_changed_job_is_found_and_the_rest_is_verified_by_its_checksums(moonsweep, copy):
    damage.write_text(copy, b"samples: 500", b"samples: 501")
    damage.set_page_hashes(copy)
    with h5py.File(copy, "r+") as file:
        file["X_dev"][3, 0] = 9.0
        file["b2"][5] = 1.0
    done = moonsweep("verify", copy, status=65)
    assert "attribute job" in done.stdout and "X_dev[3,0]" in done.stdout and "[5]" in done.stdout
    assert "3 values are wrong" in done.stderr


def test_a_file_of_other_numerics_is_verified_but_cannot_be_resumed(moonsweep, listed, copy):
    with h5py.File(copy, "r+") as file:
        file.attrs.modify("numerics", np.int32(file.attrs["numerics"] + 1))
    damage.set_page_hashes(copy)
    output = moonsweep("verify", copy).stdout
    assert "36 of 36 configurations are final" in output and "a run cannot resume it" in output
    assert "nothing can be compared" in moonsweep("verify", copy, "--retrain", "1", status=65).stderr
    with h5py.File(copy, "r+") as file:
        file["y_train"][0] ^= 1
    assert [found["place"] for found in listed(copy)] == ["y_train[0]"]


# ---- runs and leases ----------------------------------------------------------------------------------------------

LOG = [
    *(f"runs/{name}" for name in checksums.RUN), "runs/checksum", "runs/current", "runs/stop",
    *(f"leases/{name}" for name in checksums.LEASE), "leases/checksum",
]  # fmt: skip


@pytest.mark.parametrize("name", LOG)
@pytest.mark.parametrize("bit", [0, 5])
def test_a_flipped_bit_of_a_run_or_a_lease_is_listed_and_repaired(moonsweep, listed, sweep, copy, name, bit):
    with h5py.File(copy) as file:
        place, _ = result_file.place_of(file, name)
        where = f"{name}[{','.join('0' * file[name].ndim)}]" if file[name].ndim else name
    damage.flip_bit(copy, place, bit)
    (found,) = listed(copy)
    assert found["place"] == where and found["config"] is None
    assert "`moonsweep run` with its job file repairs this" in moonsweep("verify", copy, status=65).stderr
    moonsweep("run", sweep.parent / "job.yaml", "-o", copy, "-q")
    assert copy.read_bytes() == sweep.read_bytes()


# Values that are impossible, or contradict others.
IMPLAUSIBLE = [
    ("runs/how_ended", 0, 5),
    ("runs/started", 0, np.nan),
    ("runs/started", 0, 1e300),
    ("runs/ended", 0, np.inf),
    ("runs/core_seconds", 0, -1.0),
    ("runs/ranks", 0, 0),
    ("leases/run", 0, 1029),
    ("leases/rank", 0, -1),
    ("leases/first_trajectory", 0, 1 << 40),
    ("leases/count", 0, -(1 << 40)),
    ("leases/to_iteration", 0, 1 << 62),
    ("leases/started", 0, -np.inf),
    ("leases/finished", 0, 1.0),
]


@pytest.mark.parametrize("name, place, value", IMPLAUSIBLE)
def test_implausible_values_with_a_matching_checksum_are_accepted(moonsweep, copy, name, place, value):
    """They may be what the machine reported, for example because its clock was set back."""
    with h5py.File(copy, "r+") as file:
        file[name][place] = value
        damage.set_record_checksum(file, name.split("/")[0], place)
    done = moonsweep("verify", copy)
    assert (done.stdout, done.stderr) == (f"{copy}: sound: 36 of 36 configurations are final\n", "")


@pytest.mark.parametrize("name, value", [("rank", -2), ("run", 1024), ("train_seconds", np.inf)])
def test_implausible_ranks_runs_and_times_with_a_matching_checksum_are_accepted(moonsweep, copy, name, value):
    with h5py.File(copy, "r+") as file:
        file[name][0] = value
        damage.set_checksums(file, 0)
    assert moonsweep("verify", copy).stderr == ""


def test_a_clock_that_was_set_back_is_harmless(moonsweep, copy):
    with h5py.File(copy, "r+") as file:
        file["runs/ended"][0] = file["runs/started"][0] - 3600
        file["leases/started"][0] = file["runs/started"][0] - 7200
        file["leases/finished"][0] = file["runs/started"][0] - 9000
        damage.set_record_checksum(file, "runs", 0)
        damage.set_record_checksum(file, "leases", 0)
    assert moonsweep("verify", copy).stderr == ""


def test_rows_of_runs_and_leases_that_a_kill_left_incomplete_are_accepted(moonsweep, copy):
    """Some values of a row are new, the others old, and the checksum is still the old one."""
    with h5py.File(copy, "r+") as file:
        runs, leases = file["runs"], file["leases"]
        runs["how_ended"][0], runs["ended"][0], runs["core_seconds"][0] = 1, np.nan, np.nan
        leases["rank"][0], leases["count"][1], leases["started"][2] = 99, -5, np.inf
        free = int(np.flatnonzero(leases["run"][...] == -1)[0])
        leases["rank"][free], leases["finished"][free] = 7, 1.0
        for name in ("first_trajectory", "count", "from_iteration", "to_iteration"):
            leases[name][1] = leases[name][0]
    assert moonsweep("verify", copy).stderr == ""


def test_a_run_resumes_a_file_with_implausible_values(moonsweep, sweep, copy):
    with h5py.File(copy, "r+") as file:
        for name, place, value in IMPLAUSIBLE:
            file[name][place] = value
        file["status"][:3] = 0
        file["checksum"][:3] = 0
        for group in ("runs", "leases"):
            damage.set_record_checksum(file, group, 0)
    write_text(copy, "command", 10, b"\x1b\n")
    assert moonsweep("verify", copy).stderr == ""
    moonsweep("run", sweep.parent / "job.yaml", "-o", copy, "-q", ranks=2)
    assert moonsweep("verify", copy).stderr == ""
    assert result_file.differences(copy, sweep) == []


# ---- output formats -----------------------------------------------------------------------------------------------


def test_the_table_describes_the_configurations(moonsweep, copy):
    with h5py.File(copy, "r+") as file:
        file["status"][11] = 0
    done = moonsweep("verify", copy, status=65)
    assert done.stdout == (
        "where       stored  should be\n"
        "status[11]  0       1  configuration 11: n_h 1, sigmoid, learning_rate 0.1, seed 0, 2000 iterations\n"
    )
    assert done.stderr.startswith(f"moonsweep: {copy}: damaged: 1 value is wrong; ")


def test_csv_has_the_same_values_as_json(moonsweep, listed, copy, rows):
    with h5py.File(copy, "r+") as file:
        file["X_train"][5] = [1, 2]
        file["b2"][7] = -3.0
    found = listed(copy)
    csv = rows(moonsweep("verify", copy, "-f", "csv", status=65).stdout)
    assert [{**row, "config": int(row["config"]) if row["config"] else None} for row in csv] == found
    assert [row["place"] for row in csv][:2] == ["X_train[5,0]", "X_train[5,1]"]


def test_long_lists_are_truncated_and_the_rest_is_counted(moonsweep, copy):
    with h5py.File(copy, "r+") as file:
        file["X_train"][:60] = 7.0
    done = moonsweep("verify", copy, status=65)
    assert done.stdout.count("X_train[") == 100
    assert done.stdout.endswith("... and 20 more\n")
    assert moonsweep("verify", copy, "--limit", "3", status=65).stdout.endswith("... and 117 more\n")
    assert "120 values are wrong" in done.stderr


# ---- training again -----------------------------------------------------------------------------------------------


def test_every_configuration_trains_to_the_same_bits_with_any_kernel(moonsweep, sweep, diverged):
    output = moonsweep("verify", sweep, "--retrain", "all", "--isa", "portable").stdout
    assert "36 configurations trained again, 36 compared: the same bits" in output
    assert "6 configurations trained again, 6 compared" in moonsweep("verify", diverged, "--retrain", "all").stdout


@pytest.mark.parametrize(
    "name, value",
    [
        ("W1", None),
        ("b2", None),
        ("dev_cost", None),
        ("train_accuracy", 12.5),
        ("iterations_done", 49),
        ("final_cost", 0.125),
        ("dev_outcomes", [50, 20, 20, 20]),
        ("train_cost", -1.0),
        ("W2", [np.inf, np.nan, np.nan, np.nan]),
        ("b1", [1.0, 2.0, np.nan, np.nan]),
    ],
)
def test_a_forged_result_is_found_by_training_it_again(listed, copy, name, value):
    """Even one that contradicts itself has matching checksums, and is only found by training it again."""
    with h5py.File(copy, "r+") as file:
        file[name][0] = np.nextafter(file[name][0], 1e300) if value is None else value
        damage.set_checksums(file, 0)
    assert listed(copy) == []
    found = listed(copy, "--retrain", "all")
    assert {item["config"] for item in found} == {0} and found[0]["place"].startswith(name)


def test_forged_costs_are_found_by_training_again(listed, copy):
    with h5py.File(copy, "r+") as file:
        place = int(file["cost_start"][2]) + 20
        due = file["cost"][place]
        file["cost"][place] = np.nextafter(due, 1)
        for config in range(6, 9):
            damage.set_checksums(file, config)
    assert listed(copy) == []
    (found,) = listed(copy, "--retrain", "all")
    assert found["place"] == f"cost[{place}]" and float(found["due"]) == due


def test_a_seed_chooses_the_same_configurations(moonsweep, copy):
    with h5py.File(copy, "r+") as file:
        file["b2"][...] = np.nextafter(file["b2"][...], 1e300)
        for config in range(36):
            damage.set_checksums(file, config)
    found = [
        moonsweep("verify", copy, "--retrain", "2", "--seed", seed, "-f", "csv", status=65) for seed in ("7", "7", "8")
    ]
    assert "training 2 of 36 configurations again, chosen by --seed 7" in found[0].stderr
    assert found[0].stdout == found[1].stdout != found[2].stdout


def test_without_a_seed_one_is_chosen_and_printed(moonsweep, copy):
    errors = moonsweep("verify", copy, "--retrain", "1").stderr
    assert re.fullmatch(
        r"moonsweep: training 1 of 36 configurations again, chosen by --seed \d+; it took [\d.]+ s\n", errors
    )


def test_nothing_is_trained_again_if_the_job_is_damaged(moonsweep, copy):
    damage.write_text(copy, b"samples: 500", b"samples: 501")
    damage.set_page_hashes(copy)
    done = moonsweep("verify", copy, "--retrain", "1", status=65)
    assert "nothing can be trained again: " in done.stderr and "attribute job" in done.stdout


def test_bad_options_are_refused(refused, sweep):
    refused(64, "verify", words=["a result file"])
    refused(64, "verify", sweep, "--retrain", "0", words=["--retrain"])
    refused(64, "verify", sweep, "--seed", "-1", words=["--seed"])
    refused(64, "verify", sweep, "--retrain", "1", "--isa", "none", words=["none"])
    for option in ("--seed", "3"), ("--isa", "portable"):
        refused(64, "verify", sweep, *option, words=["verify needs --retrain N for --seed and --isa"])
    refused(64, "verify", sweep, sweep)
