"""The kept results of tests/data/results, and the values that tests/reference/results.py computed for them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import lzma

from lib import SOURCE

FOLDER = SOURCE / "tests" / "data" / "results"

# The job of all of them.
JOB = FOLDER / "job.yaml"

# The configurations and the trajectories of the job.
CONFIGS, TRAJECTORIES = 14, 7


def paths():
    """All of them, the newest last. Their names are format-F-numerics-N.h5.xz."""

    def numbers(path):
        _, version, _, numerics = path.name.removesuffix(".h5.xz").split("-")
        return int(version), int(numerics)

    return sorted(FOLDER.glob("format-*-numerics-*.h5.xz"), key=numbers)


def unpack(kept, path):
    """Writes one of them, uncompressed, to the path, and returns it."""
    path.write_bytes(lzma.decompress(kept.read_bytes()))
    return path


def table(name):
    """The rows of rows.csv, parameters.csv, costs.csv or samples.csv as mappings; numbers are int or float."""
    with open(FOLDER / name, newline="") as file:
        return [{key: _value(text) for key, text in row.items()} for row in csv.DictReader(file)]


def _value(text):
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
