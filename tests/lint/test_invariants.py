"""The invariants of the documents are stated in the sources that keep them, and cited where they are relied on."""

import re

import pytest

from lib import SOURCE

DOCUMENTS = {"I": "docs/protocol.md", "C": "docs/file-format.md"}
SOURCES = {path: path.read_text() for folder in ("src", "include") for path in (SOURCE / folder).rglob("*.[ch]")}


def stated(kind):
    return re.findall(rf"\*\*({kind}\d+)\*\*", (SOURCE / DOCUMENTS[kind]).read_text())


@pytest.mark.parametrize("invariant", [*stated("I"), *stated("C")])
def test_an_invariant_stands_in_a_source_and_is_cited(invariant):
    states = [path for path, text in SOURCES.items() if re.search(rf"^ \*   {invariant}  ", text, re.MULTILINE)]
    sentence = [path for path, text in SOURCES.items() if f"/* {invariant} of docs/" in text]
    assert len(states) + len(sentence) == 1, f"{invariant} stands in {states + sentence}"
    cited = re.compile(rf"(?<!\* {{3}})\b{invariant}\b")
    assert sum(len(cited.findall(text)) for text in SOURCES.values()) > 0


def test_there_are_twelve_and_four():
    assert (len(stated("I")), len(stated("C"))) == (12, 4)
