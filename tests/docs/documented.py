"""The documented commands as tests: each is collected once, with all the places that document it.

A kind of tests that provides what some commands need (Slurm, libFuzzer) runs those, which it selects by its name:

    @documented.commands_of("slurm")
    def test_a_documented_command_works(command, ...):
        documented.check(command, place, environment)
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from docs import documents, table
from docs.place import uses_build


def collected():
    """{command: [place]}, without the commands of help texts, which only the program knows."""
    found = {}
    for commands in (in_blocks(), documents.in_paragraphs(), documents.in_manual_page()):
        for command in commands:
            found.setdefault(command.text, []).append(str(command))
    return found


def in_blocks():
    for block in documents.blocks_of_markdown():
        if not is_other(block):
            yield from documents.commands_of_block(block)


def is_other(block):
    firsts = table.OTHER_BLOCKS.get(block.document, [])
    return block.lines[0].startswith(tuple(firsts))


def kind_of(text):
    return table.TABLE[text].kind if text in table.TABLE else "docs"


def commands_of(kind):
    """Parametrizes a test with the commands that a kind of tests runs."""
    found = {text: places for text, places in collected().items() if kind_of(text) == kind}
    return pytest.mark.parametrize("command", found, ids=[places[0] for places in found.values()])


def examples_of(program, kind):
    """The examples of the help texts that a kind of tests runs, in the order of the texts."""
    for subcommand in documents.HELPS:
        yield from (example for example in documents.in_help(program, subcommand) if kind_of(example.text) == kind)


def check(command, place, environment=None):
    """Runs a documented command, or its substitute in the table, and checks the exit status."""
    instead = table.TABLE.get(command, table.Instead(command, "unchanged"))
    text = table.with_placeholders(instead.command)
    done = place.run(text, environment)
    report = f"{command}\nrun as: {text}\n{done.stdout}\n{done.stderr}"
    assert done.returncode == instead.status, report
    # jobs/local.sh must not build in the folder `build`.
    assert uses_build(text) or not (place.folder / "build").exists(), report
    if " | " in command:
        # The exit status is that of the last program.
        assert not [line for line in done.stderr.splitlines() if line.startswith("moonsweep: ")], report
