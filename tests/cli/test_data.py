"""moonsweep data: the samples, and how they are split, are those of NumPy and scikit-learn."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import json
import socket
import subprocess

import h5py
import pytest


def reference(source, samples, noise, seed, split_seed):
    """(x1, x2, label, set) as scikit-learn returns them. tests/data has the points and the split in separate files."""
    with open(source / "tests/data/moons.csv", newline="") as file:
        points = {
            int(row["row"]): (float(row["x1"]), float(row["x2"]), row["label"])
            for row in csv.DictReader(file)
            if (int(row["samples"]), float(row["noise"]), int(row["seed"])) == (samples, noise, seed)
        }
    with open(source / "tests/data/split.csv", newline="") as file:
        return [
            (*points[int(row["row"])], row["part"])
            for row in csv.DictReader(file)
            if (int(row["rows"]), float(row["dev_fraction"]), int(row["seed"])) == (samples, 0.2, split_seed)
        ]


def written(rows, text):
    return [(float(row["x1"]), float(row["x2"]), row["label"], row["set"]) for row in rows(text)]


@pytest.mark.parametrize("noise", [0.0, 0.25])
@pytest.mark.parametrize("samples, dev", [(5, 1), (7, 2), (11, 3)])
def test_small_data_sets_equal_those_of_scikit_learn(moonsweep, job, rows, source, samples, dev, noise):
    """O24: order and labels are equal, coordinates agree to 1e-15, and the number of dev rows is rounded up."""
    path = job(samples=samples, noise=noise, dev_fraction=0.2, split_seed=42)
    ours = written(rows, moonsweep("data", path, "-o", "-").stdout)
    theirs = reference(source, samples, noise, 0, 42)
    assert len(ours) == len(theirs) == samples
    assert sum(row[3] == "dev" for row in ours) == dev
    for a, b in zip(ours, theirs):
        assert a[2:] == b[2:]
        assert a[:2] == pytest.approx(b[:2], rel=0, abs=1e-15)


def test_the_2000_samples_of_the_article_equal_those_of_scikit_learn(moonsweep, job, rows, source):
    path = job(samples=2000, noise=0.25, dev_fraction=0.2, split_seed=42)
    ours = written(rows, moonsweep("data", path, "-o", "-").stdout)
    facts = json.loads((source / "tests/data/moons.json").read_text())
    train = [row for row in ours if row[3] == "train"]
    dev = [row for row in ours if row[3] == "dev"]
    assert (len(train), len(dev)) == (1600, 400)
    assert [int(row[2]) for row in train[:20]] == facts["y_train_first20"]
    for name, part in [("X_train_first5", train), ("X_dev_first5", dev)]:
        assert len(facts[name]) == 5
        for row, expected in zip(part, facts[name]):
            assert row[:2] == pytest.approx([float(x) for x in expected], rel=0, abs=1e-15)


def test_a_file_gets_the_same_text_as_standard_output(moonsweep, job, tmp_path):
    path, out = job(), tmp_path / "data.csv"
    shown = moonsweep("data", path, "-o", "-")
    assert shown.stderr == ""
    assert shown.stdout.startswith("x1,x2,label,set\n")
    assert moonsweep("data", path, "-o", out).stdout == ""
    assert out.read_text() == shown.stdout
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data.csv", "job.yaml"]


def test_dev_stdout_is_standard_output_in_a_pipe_and_as_a_socket(program, moonsweep, job):
    path = job()
    expected = moonsweep("data", path, "-o", "-").stdout
    assert moonsweep("data", path, "-o", "/dev/stdout").stdout == expected
    ours, theirs = socket.socketpair()
    with ours, ours.makefile("r") as output:
        with theirs:
            writing = subprocess.Popen([program, "data", path, "-o", "/dev/stdout"], stdout=theirs)
        assert output.read() == expected
        assert writing.wait() == 0


def test_files_whose_size_is_unknown_are_read_to_their_end(refused):
    """Files in /proc have size 0, whatever they contain."""
    sentence = refused(65, "data", "/proc/self/mountinfo", "-o", "-", words=["/proc/self/mountinfo:1:"])
    assert "changed while it was read" not in sentence


def test_the_data_are_those_of_the_sweep(moonsweep, job, rows, tmp_path):
    path, out = job(), tmp_path / "out.h5"
    moonsweep("run", path, "-o", out)
    ours = written(rows, moonsweep("data", path, "-o", "-").stdout)
    with h5py.File(out) as file:
        for name in ["train", "dev"]:
            part = [row for row in ours if row[3] == name]
            assert [list(row[:2]) for row in part] == file[f"X_{name}"][:].tolist()
            assert [int(row[2]) for row in part] == file[f"y_{name}"][:].tolist()


def test_a_file_that_cannot_be_written_completely_is_not_left(refused, job, tmp_path):
    path = job()
    refused(74, "data", path, "-o", "/dev/full", words=["No space left on device"])
    refused(73, "data", path, "-o", tmp_path / "nowhere" / "data.csv", words=["No such file"])
    refused(73, "data", path, "-o", tmp_path, words=["folder"])
    assert list(tmp_path.iterdir()) == [path]


def test_inputs_and_results_are_never_replaced(refused, job, tmp_path):
    path, result = job(), tmp_path / "out.h5"
    before = path.read_bytes()
    refused(64, "data", path, "-o", path, words=["job file itself"])
    assert path.read_bytes() == before
    result.write_bytes(b"\x89HDF\r\n\x1a\n and more")
    refused(73, "data", path, "-o", result, words=["HDF5"])
    assert result.read_bytes() == b"\x89HDF\r\n\x1a\n and more"


@pytest.mark.parametrize("key", ["file", "dev_file"])
def test_the_samples_of_a_job_are_never_replaced(refused, job, tmp_path, key):
    """Under whatever name."""
    for name in ["file", "dev_file"]:
        (tmp_path / f"{name}.csv").write_text("x1,x2,label\n1,2,0\n3,4,1\n")
    samples, link = tmp_path / f"{key}.csv", tmp_path / "link.csv"
    grid = "{n_h: 2, activation: tanh, learning_rate: 0.5, iterations: 20}"
    path = job(text=f"name: own\ndata: {{file: file.csv, dev_file: dev_file.csv}}\ngrid: {grid}\n")
    link.symlink_to(samples)
    before, stamp = samples.read_bytes(), samples.stat().st_mtime_ns
    for output in [samples, link]:
        refused(64, "data", path, "-o", output, words=[output, f"is data.{key} of the job", "name another file"])
    assert (samples.read_bytes(), samples.stat().st_mtime_ns) == (before, stamp)


def test_a_data_set_that_the_job_lacks_is_refused(refused, job):
    path = job()
    refused(64, "data", path, "-o", "-", "--dataset", 1, words=["no data set 1", "its only one is data set 0"])


def test_a_write_protected_file_is_not_changed(moonsweep, refused, job, sweep, tmp_path):
    path, out = job(), tmp_path / "data.csv"
    moonsweep("data", path, "-o", out)
    out.chmod(0o444)
    before, stamp = out.read_bytes(), out.stat().st_mtime_ns
    refused(77, "data", path, "-o", out, words=[out, "write-protected", "0444"])
    refused(77, "predict", sweep, "-c", 0, "--moons", "5,0,0", "-o", out, words=[out, "write-protected"])
    assert (out.read_bytes(), out.stat().st_mtime_ns, out.stat().st_mode & 0o777) == (before, stamp, 0o444)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data.csv", "job.yaml"]


def expected_note(path, labels):
    """The beginning of the note about a dev set with these labels, or None if it has both classes."""
    if len(set(labels)) > 1:
        return None
    only = int(labels[0])
    count = "the only sample of the dev set is" if len(labels) == 1 else f"all {len(labels)} samples of the dev set are"
    return f"moonsweep: {path}: note: {count} of class {only}, so accuracies on it say nothing about class {1 - only};"


@pytest.mark.parametrize("samples", [5, 10])
def test_a_dev_set_of_one_class_is_noted(moonsweep, job, rows, tmp_path, samples):
    """The note says how many samples are of which class. `run` prints the same note, once for all ranks."""
    classes = set()
    for split_seed in range(12):
        path = job(samples=samples, dev_fraction=0.2, split_seed=split_seed, iterations="[1]")
        done = moonsweep("data", path, "-o", "-")
        labels = [row["label"] for row in rows(done.stdout) if row["set"] == "dev"]
        note = expected_note(path, labels)
        if note is None:
            assert done.stderr == ""
            continue
        assert done.stderr.startswith(note) and done.stderr.count("\n") == 1
        if labels[0] not in classes:
            run = ["run", path, "-o", tmp_path / "out.h5", "--force"]
            assert moonsweep(*run, ranks=2).stderr.startswith(done.stderr)
            assert moonsweep(*run, "--quiet").stderr == ""
        classes.add(labels[0])
    assert classes == {"0", "1"}


def test_a_training_set_of_one_class_is_refused(refused, job, tmp_path):
    """A constant prediction would be right for all of its samples."""
    path = job(samples=2, noise=0, dev_fraction=0.5)
    for command, out in [("data", "data.csv"), ("run", "out.h5")]:
        refused(65, command, path, "-o", tmp_path / out, words=["all rows of the training set (1) are of class"])
    assert list(tmp_path.iterdir()) == [path]


def test_wrong_jobs_are_refused(refused, job, tmp_path):
    refused(66, "data", tmp_path / "missing.yaml", "-o", "-", words=["missing.yaml"])
    refused(65, "data", job(noise=-1), "-o", "-", words=["noise", "-1"])
