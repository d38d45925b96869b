"""The documented commands that need Slurm."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from docs import documented
from docs.place import Checkout, Place


@pytest.fixture(scope="session")
def checkout(source, build, tmp_path_factory):
    return Checkout(tmp_path_factory.mktemp("documents"), source, build)


@documented.commands_of("slurm")
def test_a_documented_command_works(command, slurm, checkout, tmp_path):
    documented.check(command, Place(checkout, tmp_path), slurm.environment)


def test_the_examples_of_the_help_texts_work(program, slurm, checkout, tmp_path):
    (example,) = documented.examples_of(program, "slurm")
    documented.check(example.text, Place(checkout, tmp_path), slurm.environment)
