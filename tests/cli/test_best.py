"""moonsweep best: the best configurations as a new job file."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil

import h5py
import numpy as np
import pytest

AXES = ("n_h", "activation", "learning_rate", "init_scale", "seed", "iterations")
TRAINED = ("W1", "b1", "W2", "b2", "dev_accuracy", "train_cost", "iterations_done")

# Rates that have no short decimal form.
RANDOM = (
    "{random: {count: 12, seed: 3, from: {learning_rate: {log_uniform: [0.001, 2]}, n_h: {uniform: [1, 9]}, "
    "activation: {choice: [tanh, relu]}, init_scale: {uniform: [0.001, 0.1]}}}, iterations: [10, 300]}"
)


@pytest.fixture(scope="module")
def random_sweep(moonsweep, small_job, tmp_path_factory):
    """The result of 24 random configurations with weights, of which tests must not change anything."""
    folder = tmp_path_factory.mktemp("random")
    (folder / "job.yaml").write_text(small_job(whole_grid=RANDOM, samples=400, more="class_weight: balanced\n"))
    moonsweep("run", folder / "job.yaml", "-o", folder / "out.h5", "--set", "data.moons.noise=0.3")
    return folder / "out.h5"


def chosen(path, order):
    """The first seven configurations in an order, by NumPy: a list of keys, the most important first."""
    with h5py.File(path) as file:
        keys = [-file[key[1:]][:] if key.startswith("-") else file[key][:] for key in order]
    return np.lexsort([np.arange(len(keys[0])), *keys[::-1]])[:7]


@pytest.mark.parametrize("order", [["-dev_accuracy"], ["train_cost"], ["-dev_accuracy", "n_h"]], ids=",".join)
def test_the_new_job_has_the_best_configurations_to_the_last_bit(moonsweep, random_sweep, tmp_path, order):
    new, out = tmp_path / "new.yaml", tmp_path / "new.h5"
    moonsweep("best", random_sweep, "--top", "7", f"--by={','.join(order)}", "--job", new)
    moonsweep("run", new, "-o", out, ranks=2)
    rows = chosen(random_sweep, order)
    with h5py.File(random_sweep) as old, h5py.File(out) as file:
        for name in (*AXES, *TRAINED):
            width = file[name].shape[1:]
            before = old[name][:][rows][(slice(None), *map(slice, width))]
            assert np.array_equal(file[name][:], before, equal_nan=True), name
        assert file.attrs["class_weight"] == "balanced" and file["noise"][0] == 0.3
        assert file["data_checksum"][0] == old["data_checksum"][0]


def test_an_existing_file_is_replaced_only_with_force(moonsweep, random_sweep, tmp_path):
    new = tmp_path / "new.yaml"
    new.write_text("mine")
    refused = moonsweep("best", random_sweep, "--top", "1", "--job", new, status=73)
    assert "already exists; choose another name, or replace it with --force" in refused.stderr
    assert new.read_text() == "mine"
    moonsweep("best", random_sweep, "--top", "1", "--job", new, "--force")
    assert new.read_text().startswith("# The best 1 configuration of ")
    assert [path.name for path in tmp_path.iterdir()] == ["new.yaml"]


def test_only_what_is_done_and_meets_the_conditions_is_chosen(moonsweep, diverged, random_sweep, tmp_path):
    new = tmp_path / "new.yaml"
    done = moonsweep("best", diverged, "--top", "6", "--by", "-learning_rate", "--job", new)
    assert "note: only 4 configurations are done or stopped and meet all conditions" in done.stderr
    assert new.read_text().count("learning_rate: 1000000,") == 1  # of three; the other two diverged
    moonsweep("best", random_sweep, "--top", "3", "--where", "activation=relu", "--job", new, "--force")
    assert new.read_text().count("activation: relu") == 3
    refused = moonsweep("best", diverged, "--top", "1", "--where", "n_h>100", "--job", tmp_path / "no.yaml", status=64)
    assert "there is no configuration that is done or stopped and meets all conditions" in refused.stderr
    assert not (tmp_path / "no.yaml").exists()


@pytest.mark.parametrize("place", ["result", "new", "option"])
def test_own_samples_are_found_from_the_new_job(moonsweep, source, tmp_path, place):
    names = ("first", "second", "third")
    first, second, third = folders = [tmp_path / name for name in names]
    for folder in folders:
        folder.mkdir()
    for name in ("flowers.yaml", "flowers.csv"):
        shutil.copy(source / "docs" / "examples" / name, first)
    moonsweep("run", first / "flowers.yaml", "-o", second / "out.h5")
    new = third / "new.yaml"
    words = ("best", second / "out.h5", "--top", "2", "--job", new)
    refused = moonsweep(*words, status=66)
    assert "flowers.csv: the samples of the job were not found" in refused.stderr
    assert not new.exists()
    if place != "option":
        shutil.copy(first / "flowers.csv", {"result": second, "new": third}[place])
    moonsweep(*words, *(("--data-folder", first) if place == "option" else ()))
    moonsweep("run", new, "-o", third / "out.h5")
    with h5py.File(second / "out.h5") as old, h5py.File(third / "out.h5") as file:
        assert file["data_checksum"][0] == old["data_checksum"][0]


def test_other_samples_of_the_same_name_are_refused(moonsweep, source, tmp_path):
    text = (source / "docs" / "examples" / "flowers.csv").read_text()
    shutil.copy(source / "docs" / "examples" / "flowers.yaml", tmp_path)
    (tmp_path / "flowers.csv").write_text(text)
    moonsweep("run", tmp_path / "flowers.yaml", "-o", tmp_path / "out.h5")
    (tmp_path / "flowers.csv").write_text(text.rstrip().rsplit("\n", 1)[0] + "\n")
    refused = moonsweep("best", tmp_path / "out.h5", "--top", "1", "--job", tmp_path / "new.yaml", status=65)
    assert "its samples are not those of" in refused.stderr
    assert not (tmp_path / "new.yaml").exists()


def test_titles_and_comments_of_any_kind_survive(moonsweep, job, tmp_path):
    text = '%YAML 1.1\n---\n# comment\nname: "a: b # c\\" é"\n' + job().read_text().split("\n", 1)[1]
    moonsweep("run", job(text=text), "-o", tmp_path / "out.h5")
    moonsweep("best", tmp_path / "out.h5", "--top", "1", "--job", tmp_path / "new.yaml")
    moonsweep("run", tmp_path / "new.yaml", "-o", tmp_path / "new.h5")
    with h5py.File(tmp_path / "new.h5") as file:
        assert file.attrs["title"] == 'a: b # c" é'


def test_the_new_job_trains_what_is_chosen_without_halving(moonsweep, job, tmp_path):
    old, new = tmp_path / "old.h5", tmp_path / "new.h5"
    halving = "halving: {keep: 1/2, by: train_cost}\n"
    moonsweep("run", job(learning_rate="[0.5, 0.1, 0.01, 0.001]", iterations="[10, 20, 40]", more=halving), "-o", old)
    moonsweep("best", old, "--top", "4", "--by=-iterations,train_cost", "--job", tmp_path / "new.yaml")
    assert "halving" not in (tmp_path / "new.yaml").read_text()
    moonsweep("run", tmp_path / "new.yaml", "-o", new)
    with h5py.File(new) as file:
        assert (file["status"][:] == 1).all() and file["status"].size == 4


def test_configurations_that_a_rule_has_stopped_are_chosen_and_end_as_before(moonsweep, job, tmp_path):
    old, new = tmp_path / "old.h5", tmp_path / "new.h5"
    rules = "stop: {target_dev_accuracy: 80, every: 10}\n"
    grid = {"learning_rate": "[1, 0.001]", "iterations": "[1000, 2000]"}
    moonsweep("run", job(samples=200, **grid, more=rules), "-o", old)
    moonsweep("best", old, "--top", "3", "--by=-dev_accuracy,-iterations", "--job", tmp_path / "new.yaml")
    moonsweep("run", tmp_path / "new.yaml", "-o", new)
    with h5py.File(old) as before, h5py.File(new) as file:
        assert before["status"][:].tolist() == [3, 3, 1, 1]
        assert file["status"][:].tolist() == [3, 3, 1]
        for name in TRAINED:
            assert np.array_equal(file[name][:], before[name][:][[1, 0, 3]], equal_nan=True), name


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--top", "0", "--job", "new.yaml"), "--top"),
        (("--job", "new.yaml"), "--top N"),
        (("--top", "1"), "--job NEW.yaml"),
        (("--top", "1", "--job", ""), "--job"),
        (("--top", "1", "--job", "new.yaml", "--by", "colour"), "--by: there is no column colour"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_on_the_command_line_is_named(moonsweep, random_sweep, words, message):
    assert message in moonsweep("best", random_sweep, *words, status=64).stderr
