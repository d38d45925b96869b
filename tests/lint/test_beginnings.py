"""Every source begins with a comment or docstring that says what it is, and states its licence."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ast
import re
from itertools import takewhile

import pytest

from lib import SOURCE, sources

SUFFIXES = {".bash", ".c", ".css", ".example", ".fish", ".h", ".html", ".js", ".py", ".sbatch", ".sh"}
NAMES = {"Dockerfile", "_moonsweep", "meson.build", "meson_options.txt"}
DATA = ("tests/data/", "tests/fuzz/corpus/")

# What may precede the first sentence of a file.
NO_WORDS = re.compile(r"#!|# shellcheck |#compdef |<!DOCTYPE |<html|<head")

# As in LICENSE, in the form of the SPDX specification and of REUSE.
HOLDER = re.search(r"^Copyright \(c\) (.+)$", (SOURCE / "LICENSE").read_text(), re.MULTILINE)[1]
LINES = [f"SPDX-FileCopyrightText: {HOLDER}", "SPDX-License-Identifier: MIT"]


def is_source(path):
    """Whether a file is a source, a script or a template of a source (NAME.c.in)."""
    if str(path).startswith(DATA):
        return False
    if SUFFIXES & set(path.suffixes) or path.name in NAMES:
        return True
    with (SOURCE / path).open("rb") as opened:
        return opened.read(2) == b"#!"


def head(path):
    """The text before the first code of a file."""
    text = (SOURCE / path).read_text()
    lines = text.splitlines()
    if {".c", ".h", ".css"} & set(path.suffixes):
        return text[: text.find("*/") + 1]
    if path.suffix == ".html":
        return text.split("<html")[0]
    if path.suffix == ".py":
        code = ast.parse(text).body[1:]  # after the docstring
        return "\n".join(lines[: code[0].lineno - 1] if code else lines)
    return "\n".join(takewhile(lambda line: not line or line.startswith(("#", "//")), lines))


@pytest.fixture(scope="module")
def heads():
    """{path: the text before the first code} of all sources."""
    found = {str(path): head(path) for path in sources.matching("*") if is_source(path)}
    assert len(found) > 900
    return found


def description(text):
    """What the head of a file says before its copyright, without the marks of the comment or docstring."""
    before, stated, _ = text.partition(LINES[0])
    lines = before.splitlines() if stated else []
    return " ".join(" ".join(line.strip(' #/*"<!->{') for line in lines if not NO_WORDS.match(line)).split())


def test_every_source_begins_with_a_sentence_that_says_what_it_is(heads):
    sentence = re.compile(r"\S.{10,}?[.:](\s|$)")
    assert [path for path, text in heads.items() if not sentence.match(description(text))] == []


def test_every_source_states_its_copyright_and_licence_before_its_first_code(heads):
    stated = re.compile(r"\n\W*".join(map(re.escape, LINES)))
    assert [path for path, text in heads.items() if not stated.search(text)] == []
