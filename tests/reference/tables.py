"""Writes the tables of the reference programs to tests/data."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import pathlib
import sys


def folder():
    """The folder named on the command line, or tests/data."""
    default = pathlib.Path(__file__).resolve().parent.parent / "data"
    return pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default


def write(path, header, rows):
    """Writes a comma-separated header and rows to the CSV file path."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
