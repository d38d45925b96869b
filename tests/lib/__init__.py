"""Modules for several kinds of Python tests: job files, processes, waiting, results, kept results, checksums, damage,
messages, terminals, textbook formulas.

Tests import them by name: `from lib import job_file, processes`.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from pathlib import Path

# The checkout.
SOURCE = Path(__file__).resolve().parents[2]

# The modules of src/; each includes only its own headers and those of the modules before it.
MODULES = ["base", "core", "train", "job", "store", "sweep", "cli"]
