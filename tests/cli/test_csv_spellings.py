"""The same samples, written as different programs write CSV files, give the same bits."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import h5py
import numpy as np
import pytest

JOB = """\
name: spelled
data: {file: points.csv, label: label, dev_fraction: 0.25, split_seed: 7}
grid: {n_h: [3], activation: [tanh], learning_rate: [0.5], iterations: [50]}
"""
RESULTS = ["X_train", "y_train", "X_dev", "y_dev", "W1", "b1", "W2", "b2", "cost", "dev_accuracy", "data_checksum"]


def lines(labels=("0", "1"), count=21):
    random = np.random.default_rng(5)
    y = np.arange(count) % 2
    X = random.normal(y[:, None], 1, (count, 2))
    return ["label,x1,x2", *(f"{labels[k]},{a!r},{b!r}" for k, (a, b) in zip(y, X.tolist(), strict=True))]


def quote_last_field(line):
    return re.sub(r"[^,]+$", r'"\g<0>"', line)


@pytest.fixture
def sweep(moonsweep, tmp_path):
    """Runs the job on the text of a CSV file: (its messages, {variable: bytes})."""

    def run(text):
        (tmp_path / "points.csv").write_bytes(text.encode())
        (tmp_path / "job.yaml").write_text(JOB)
        done = moonsweep("run", tmp_path / "job.yaml", "-o", tmp_path / "out.h5", "--force")
        with h5py.File(tmp_path / "out.h5") as file:
            return done.stderr, {name: file[name][:].tobytes() for name in RESULTS}

    return run


SPELLINGS = {
    "a byte order mark": "\ufeff" + "\n".join(lines()) + "\n",
    "no newline at the end": "\n".join(lines()),
    "the last field in quotes and no newline": "\n".join([*lines()[:-1], quote_last_field(lines()[-1])]),
    "CRLF": "\r\n".join(lines()) + "\r\n",
    "CRLF and no newline at the end": "\r\n".join(lines()),
    "every field in quotes": "\n".join(re.sub(r"[^,]+", r'"\g<0>"', line) for line in lines()) + "\n",
    "blanks around fields": "\n".join(line.replace(",", " , ") for line in lines()) + "\n",
    "a byte order mark, CRLF, quotes": "\ufeff" + "\r\n".join(map(quote_last_field, lines())),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_spelling_of_a_file_does_not_matter(sweep, spelling):
    """O05 and O06."""
    assert sweep(SPELLINGS[spelling])[1] == sweep("\n".join(lines()) + "\n")[1]


@pytest.mark.parametrize("labels", [("-1", "1"), ("1", "2"), ("no", "yes"), ("1", "-1"), ("yes", "no"), ("2.5", "10")])
def test_any_two_labels_are_mapped_in_the_documented_order(moonsweep, sweep, tmp_path, labels):
    """O07: the smaller number, or the first text, is label 0."""
    text = labels[0].isalpha()
    first, second = sorted(labels) if text else sorted(labels, key=float)
    messages, bits = sweep("\n".join(lines(labels)) + "\n")
    assert f"note: '{first}' is label 0, '{second}' is label 1\n" in messages
    same = ("0", "1") if (first, second) == labels else ("1", "0")
    assert bits == sweep("\n".join(lines(same)) + "\n")[1]
    sweep("\n".join(lines(labels)) + "\n")
    with h5py.File(tmp_path / "out.h5") as file:
        assert file.attrs["label_values"].tolist() == [first, second]
        assert (file["cost"][:] >= 0).all()
    predicted = moonsweep("predict", tmp_path / "out.h5", "-c", 0, "-d", tmp_path / "points.csv", "-o", "-").stdout
    read = [line.split(",") for line in predicted.splitlines()]
    at = {name: k for k, name in enumerate(read[0])}
    for row in read[1:]:
        assert row[at["prediction"]] == (second if float(row[at["probability"]]) > 0.5 else first)


def test_three_labels_are_refused_with_the_values(refused, tmp_path):
    (tmp_path / "job.yaml").write_text(JOB)
    (tmp_path / "points.csv").write_text("label,x1,x2\n0,1,2\n1,1,2\n2,1,2\n")
    words = ["three labels", "'0' (line 2)", "'1' (line 3)", "'2' (line 4)"]
    refused(65, "run", tmp_path / "job.yaml", "-o", tmp_path / "out.h5", words=words)
