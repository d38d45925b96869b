"""The sources and documents use standard terms. The expressions that they do not use are listed in words.txt."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import pytest

from lib import SOURCE, sources

READ = {".c", ".h", ".py", ".md", ".sh", ".build", ".in", ".yaml", ".sbatch", ".1", ".toml", ""}
# Not checked: data, the fuzz corpus, the list itself, and texts that are not rewritten.
SKIPPED = (
    "tests/data/",
    "tests/fuzz/corpus/",
    "tests/lint/words.txt",
    "tests/lint/test_words.py",
    "LICENSE",
    "CHANGELOG.md",
)

WORDS = [
    re.split(r"  +", line, maxsplit=1)
    for line in (SOURCE / "tests" / "lint" / "words.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
FILES = [str(path) for path in sources.matching("*") if not str(path).startswith(SKIPPED) and path.suffix in READ]


def test_the_list_is_complete_and_its_patterns_work():
    assert len(WORDS) >= 15
    assert all(len(pair) == 2 for pair in WORDS)
    assert re.search(WORDS[0][0], "be it")


@pytest.mark.parametrize("name", FILES)
def test_a_file_uses_none_of_the_listed_expressions(name):
    text = (SOURCE / name).read_text(errors="replace")
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: '{match[0]}': {instead}"
        for pattern, instead in WORDS
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert not found, "\n" + "\n".join(found)
