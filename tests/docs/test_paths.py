"""The files, folders and functions that the documents name exist."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
from glob import glob

import pytest

from docs import documents

TOP = "src|include|tests|docs|jobs|slurm|analysis|tools"
# Created when needed.
MADE = re.compile(r"analysis/\.venv\b")


def braces(pattern):
    """Expands a{b,c} to [ab, ac]."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if not found:
        return [pattern]
    return [pattern[: found.start()] + part + pattern[found.end() :] for part in found[1].split(",")]


def named_paths(path):
    """The code spans outside blocks that are paths in the checkout, as glob patterns."""
    _, rest = documents.blocks_and_paragraphs(path.name, path.read_text())
    for span in re.findall(r"(?<!`)`([^`\s]+)`(?!`)", "\n".join(rest)):
        if re.match(rf"({TOP})/", span) and not MADE.match(span):
            yield from braces(re.sub(r"<\w+>|\.\.\.$", "*", span))


@pytest.mark.parametrize(
    "path", list(documents.markdown_files()), ids=lambda path: str(path.relative_to(documents.SOURCE))
)
def test_the_paths_that_a_document_names_exist(path):
    missing = [name for name in named_paths(path) if not glob(name, root_dir=documents.SOURCE)]
    assert missing == []


def named_functions(text):
    """The code spans in the last column of the tables whose last heading is `function`."""
    is_in_table = False
    for line in text.splitlines():
        is_in_table = line.endswith("| function |") or (is_in_table and line.startswith("|"))
        if is_in_table:
            yield from re.findall(r"`(\w+)`", line.split("|")[-2])


def test_the_functions_that_the_protocol_names_exist(source):
    names = list(named_functions((source / "docs" / "protocol.md").read_text()))
    code = "".join(path.read_text() for path in (source / "src").rglob("*.c"))
    assert len(names) > 30
    assert [name for name in names if not re.search(rf"^\w[^;]*\b{name}\(", code, re.MULTILINE)] == []


def test_functions_are_found_in_tables():
    table = "| who | function |\n|---|---|\n| a `b` | `c`, `d` |\n\n| `e` | `f` |\n"
    assert list(named_functions(table)) == ["c", "d"]


def test_paths_are_found_in_markdown(tmp_path):
    document = tmp_path / "x.md"
    document.write_text("`src/a.c`, `tests/{a,b}.c`, `src/x_<isa>.h`, `no/a.c`, `src/a.c -o b`\n\n    `src/code.c`\n")
    assert list(named_paths(document)) == ["src/a.c", "tests/a.c", "tests/b.c", "src/x_*.h"]
