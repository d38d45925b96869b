"""The files and folders that the documents name are there."""

import re
from glob import glob

import pytest

from docs import documents

TOP = "src|include|tests|docs|jobs|slurm|analysis|tools"
# What is made when it is needed.
MADE = re.compile(r"analysis/\.venv\b")


def braces(pattern):
    """a{b,c} as [ab, ac]."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if not found:
        return [pattern]
    return [pattern[: found.start()] + part + pattern[found.end() :] for part in found[1].split(",")]


def named_paths(path):
    """The spans of code outside of blocks that are paths of the checkout, as patterns of glob."""
    _, rest = documents.blocks_and_paragraphs(path.name, path.read_text())
    for span in re.findall(r"(?<!`)`([^`\s]+)`(?!`)", "\n".join(rest)):
        if re.match(rf"({TOP})/", span) and not MADE.match(span):
            yield from braces(re.sub(r"<\w+>|\.\.\.$", "*", span))


@pytest.mark.parametrize(
    "path", list(documents.markdown_files()), ids=lambda path: str(path.relative_to(documents.SOURCE))
)
def test_a_path_that_a_document_names_is_there(path):
    missing = [name for name in named_paths(path) if not glob(name, root_dir=documents.SOURCE)]
    assert missing == []


def test_paths_are_found_in_markdown(tmp_path):
    document = tmp_path / "x.md"
    document.write_text("`src/a.c`, `tests/{a,b}.c`, `src/x_<isa>.h`, `no/a.c`, `src/a.c -o b`\n\n    `src/code.c`\n")
    assert list(named_paths(document)) == ["src/a.c", "tests/a.c", "tests/b.c", "src/x_*.h"]
