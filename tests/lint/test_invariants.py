"""Each invariant of the documents is stated in the source that ensures it, and cited in those that rely on it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import pytest

from lib import SOURCE

DOCUMENTS = {"I": "docs/protocol.md", "C": "docs/file-format.md"}
SOURCES = {path: path.read_text() for folder in ("src", "include") for path in (SOURCE / folder).rglob("*.[ch]")}


def stated(kind):
    return re.findall(rf"\*\*({kind}\d+)\*\*", (SOURCE / DOCUMENTS[kind]).read_text())


@pytest.mark.parametrize("invariant", [*stated("I"), *stated("C")])
def test_an_invariant_is_stated_in_one_source_and_cited(invariant):
    states = [path for path, text in SOURCES.items() if re.search(rf"^ \*   {invariant}  ", text, re.MULTILINE)]
    sentence = [path for path, text in SOURCES.items() if f"/* {invariant} of docs/" in text]
    assert len(states) + len(sentence) == 1, f"{invariant} is stated in {states + sentence}"
    cited = re.compile(rf"(?<!\* {{3}})\b{invariant}\b")
    assert sum(len(cited.findall(text)) for text in SOURCES.values()) > 0


def test_the_documents_have_fifteen_and_four_invariants():
    assert (len(stated("I")), len(stated("C"))) == (15, 4)
