"""The documented commands for libFuzzer."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from docs import documented
from docs.place import Checkout, Place


@documented.commands_of("fuzz")
def test_a_documented_command_works(command, source, build, tmp_path_factory, tmp_path):
    checkout = Checkout(tmp_path_factory.mktemp("documents"), source, build)
    documented.check(command, Place(checkout, tmp_path))
