"""moonsweep plan: what a job means, compared with the result of running it."""

import json

import h5py
import pytest


def planned(moonsweep, *arguments):
    return json.loads(moonsweep("plan", *arguments, "--format", "json").stdout)


def test_the_plan_is_what_the_run_does(moonsweep, job, tmp_path):
    path, more = tmp_path / "out.h5", ("--set", "data.moons.noise=0.3")
    text = job(n_h="[1, 3]", activation="[tanh, relu]", iterations="[5, 20, 10]", more="class_weight: balanced\n")
    plan = planned(moonsweep, text, *more)
    moonsweep("run", text, "-o", path, *more)
    with h5py.File(path) as file:
        assert plan["configurations"] == file["status"].size == 12
        assert plan["trajectories"] == file["cost_start"].size == 4
        assert plan["iterations"] == file["cost"].size == 80
        (data,) = plan["data_sets"]
        assert data["features"] == 2
        for part in ("train", "dev"):
            y = file[f"y_{part}"][:]
            assert data[f"{part}_samples"] == len(y)
            assert data[f"{part}_labels"] == [(y == 0).sum(), (y == 1).sum()]
        y = file["y_train"][:]
        assert data["class_weight"] == [len(y) / (2 * (y == 0).sum()), len(y) / (2 * (y == 1).sum())]
    assert 0 < plan["result_bytes"] - path.stat().st_size < 100_000


def test_the_text_has_one_figure_on_each_line(moonsweep, job):
    lines = dict(line.split(" ", 1) for line in moonsweep("plan", job()).stdout.splitlines())
    assert (lines["name"], lines["configurations"], lines["train_samples"]) == ("tiny", "1", "45")
    assert int(lines["result_bytes"]) == planned(moonsweep, job())["result_bytes"]
    assert "class_weight" not in lines


def test_a_plan_writes_no_files(moonsweep, job, tmp_path):
    moonsweep("plan", job(iterations="[9007199254740992]"))
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({}, "the dev set has 15 samples, each of which changes the dev accuracy by 6.7 points"),
        ({"n_h": "[30]"}, "networks of 30 hidden units have 121 parameters, more than the 45 training samples"),
        (
            {"learning_rate": "[0.5, 0.1, 0.1000000001]", "precision": "float32"},
            "the learning rates 0.1 and 0.1000000001 are the same number in float32",
        ),
        ({"samples": 4, "dev_fraction": 0.25}, "the only sample of the dev set is of class"),
    ],
)  # fmt: skip
def test_settings_that_may_be_mistakes_are_noted(moonsweep, job, changes, note):
    text = job(**changes)
    assert f"moonsweep: {text}: note: {note}" in moonsweep("plan", text).stderr
    assert any(line.startswith(note) for line in planned(moonsweep, text)["notes"])


def test_what_is_not_odd_is_not_noted(moonsweep, job):
    plain = job(samples=2000, learning_rate="[0.5, 0.1, 0.1000000001]")
    assert moonsweep("plan", plain).stderr == ""
    assert planned(moonsweep, plain)["notes"] == []


def test_a_rare_class_is_noted_unless_classes_are_weighted(moonsweep, tmp_path):
    rows = [f"{i % 7},{i % 11},{int(i % 20 == 0)}\n" for i in range(800)]
    (tmp_path / "points.csv").write_text("".join(rows))
    path = tmp_path / "own.yaml"
    path.write_text(
        "name: own\ndata: {file: points.csv, dev_fraction: 0.25, split_seed: 1}\n"
        "grid: {n_h: 3, activation: tanh, learning_rate: 0.5, iterations: 20}\n"
    )
    plan = planned(moonsweep, path)
    count = plan["data_sets"][0]["train_labels"][1]
    assert f"only {count} of the 600 training samples are of class 1" in " ".join(plan["notes"])
    weighted = planned(moonsweep, path, "--set", "class_weight=balanced")
    assert "training samples are of class" not in " ".join(weighted["notes"])


@pytest.mark.parametrize(
    ("setting", "meant"),
    [
        ("grid.n_hidden=3", "grid.n_h"), ("grid.hidden_units=3", "grid.n_h"), ("grid.lr=1", "grid.learning_rate"),
        ("grid.epochs=3", "grid.iterations"), ("grid.random_state=1", "grid.seed"),
        ("data.moons.random_state=1", "data.moons.seed"),
        ("data.test_size=0.2", "data.dev_fraction"), ("LR=1", "grid.learning_rate"),
        ("data.normalize=true", "data.standardize"),
    ],
)  # fmt: skip
def test_a_name_of_another_library_is_answered_with_the_key(moonsweep, job, setting, meant):
    refused = moonsweep("plan", job(), "--set", setting, status=65)
    assert f"did you mean {meant}?" in refused.stderr


def test_errors_of_the_job_and_of_the_command_line(moonsweep, job, tmp_path):
    assert "job file" in moonsweep("plan", status=64).stderr
    assert moonsweep("plan", tmp_path / "none.yaml", status=66).stderr != ""
    assert "grid.n_h[0]" in moonsweep("plan", job(n_h="[0]"), status=65).stderr
    assert "--ranks" in moonsweep("plan", job(), "--ranks", "0", status=64).stderr
