"""Shell and Python sources, and the links in the documents."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import sys
from functools import cache

import pytest

from lib import SOURCE, processes, sources

PYTHON = [*sources.matching("*.py")]


def is_shell(file):
    with (SOURCE / file).open("rb") as opened:
        return re.match(rb"#!.*\b(ba)?sh\b", opened.readline()) is not None


def run(*command):
    return processes.run(*command, cwd=SOURCE, status=None)


@pytest.mark.parametrize("file", [*filter(is_shell, sources.matching("*"))], ids=str)
def test_shellcheck_finds_nothing(file):
    checked = run("shellcheck", "--external-sources", file)
    assert checked.returncode == 0, checked.stdout


@cache
def ruff(*words):
    return run(sys.executable, "-m", "ruff", *words)


def found_by_ruff(file, *words):
    """What ruff prints about a file. It examines all at once, and each alone only if it finds something."""
    return ruff(*words, file).stdout if ruff(*words, *PYTHON).returncode != 0 else ""


@pytest.mark.parametrize("file", PYTHON, ids=str)
def test_ruff_finds_nothing(file):
    assert found_by_ruff(file, "check", "--quiet") == ""


@pytest.mark.parametrize("file", PYTHON, ids=str)
def test_ruff_format_would_change_nothing(file):
    assert found_by_ruff(file, "format", "--diff", "--quiet") == ""


@pytest.mark.parametrize("file", [*sources.matching("*.md")], ids=str)
def test_the_links_of_a_document_have_targets(file):
    text = re.sub(r"```.*?```", "", (SOURCE / file).read_text(), flags=re.DOTALL)
    targets = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [target for target in targets if target and not re.match(r"[a-z]+:", target)]
    missing = [target for target in local if not (SOURCE / file).parent.joinpath(target).exists()]
    assert not missing
