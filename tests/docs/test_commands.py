"""Every command in the documents is run, or its substitute in docs/table.py."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import pytest

from docs import documented, documents, table
from docs.place import Checkout, Place
from lib import sources


@pytest.fixture(scope="session")
def checkout(source, build, tmp_path_factory):
    return Checkout(tmp_path_factory.mktemp("documents"), source, build)


@pytest.fixture
def place(checkout, tmp_path):
    return Place(checkout, tmp_path)


@documented.commands_of("docs")
def test_a_documented_command_works(command, place):
    documented.check(command, place)


def test_the_examples_of_the_help_texts_work(program, checkout, tmp_path):
    examples = list(documented.examples_of(program, "docs"))
    assert {str(example).rpartition(":")[0] for example in examples} == {
        f"moonsweep {name} --help".replace("  ", " ") for name in documents.HELPS
    }
    for number, example in enumerate(examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        documented.check(example.text, Place(checkout, folder))


def test_the_table_has_no_obsolete_entries(program):
    examples = {example.text for name in documents.HELPS for example in documents.in_help(program, name)}
    assert sorted(table.TABLE.keys() - documented.collected().keys() - examples) == []
    blocks = {(block.document, block.lines[0]) for block in documents.blocks_of_markdown()}
    stale = [
        (document, first)
        for document, firsts in table.OTHER_BLOCKS.items()
        for first in firsts
        if not any(name == document and line.startswith(first) for name, line in blocks)
    ]
    assert stale == []
    documents_text = "\n".join([*documented.collected(), *examples])
    assert [word for word in table.PLACEHOLDERS if word not in documents_text] == []


def test_every_kind_that_the_table_names_runs_its_commands(source):
    for kind in {instead.kind for instead in table.TABLE.values()}:
        sources = "".join(path.read_text() for path in (source / "tests" / kind).glob("test_*.py"))
        assert f'@documented.commands_of("{kind}")' in sources
        # Only these two kinds run examples of help texts.
        assert (f'documented.examples_of(program, "{kind}")' in sources) == (kind in ("docs", "slurm"))


@pytest.mark.parametrize("document", ["README.md", "analysis/README.md", "docs/analysis.md"])
def test_the_python_examples_of_a_document_run(document, source, checkout, tmp_path):
    """tests/store/test_examples.py tests the example of docs/file-format.md."""
    examples = re.findall(r"```python\n(.*?)```", (source / document).read_text(), re.DOTALL)
    assert examples
    for number, code in enumerate(examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "example.py").write_text(code)
        # Matplotlib warns that it has no display for the figure. The files named in the comment are provided by Place.
        command = "analysis/.venv/bin/python -W error -W ignore:FigureCanvasAgg example.py  # out.h5 moons420.h5"
        done = Place(checkout, folder).run(command)
        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.parametrize(
    ("lines", "commands"),
    [
        (
            ["Text:", "", "    jobs/local.sh A.yaml      # why", "    tests/run.sh"],
            ["jobs/local.sh A.yaml", "tests/run.sh"],
        ),
        (["- a list", "    with a second line"], []),
        (["```", "make it", "```"], ["make it"]),
        (["```python", "import this", "```"], []),
        (
            ["", "    $ moonsweep show x", "    output", "    $ moonsweep stop x"],
            ["moonsweep show x", "moonsweep stop x"],
        ),
        (["", "    A=1 b \\", "        c"], ["A=1 b c"]),
        (["Text with `moonsweep show", "x` and `show --reverse`, `tools/cores.sh` alone."], ["moonsweep show x"]),
        (["`A=1 tests/run.sh unit`, `build/x y`, `meson`"], ["A=1 tests/run.sh unit", "build/x y"]),
        (["text", "    with an indented second line"], []),
    ],
)
def test_commands_are_found_in_markdown(lines, commands):
    blocks, rest = documents.blocks_and_paragraphs("x.md", "\n".join(lines))
    found = [
        c.text
        for block in blocks
        if block.language in {None, *documents.SHELLS}
        for c in documents.commands_of_block(block)
    ]
    found += [c.text for c in documents.commands_of_paragraphs("x.md", rest)]
    assert found == commands


def test_every_document_is_read(source):
    existing = set(sources.matching("*.md"))
    read = {path.relative_to(source) for path in documents.markdown_files()}
    assert len(existing) > 10
    assert {str(path) for path in existing - read} <= {"CHANGELOG.md"}
