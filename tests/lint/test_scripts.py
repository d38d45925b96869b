"""Shell and Python sources, and the links in the documents."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import sys

import pytest

from lib import SOURCE, processes, sources


def is_shell(file):
    with (SOURCE / file).open("rb") as opened:
        return re.match(rb"#!.*\b(ba)?sh\b", opened.readline()) is not None


def run(*command):
    return processes.run(*command, cwd=SOURCE, status=None)


@pytest.mark.parametrize("file", [*filter(is_shell, sources.matching("*"))], ids=str)
def test_shellcheck_finds_nothing(file):
    checked = run("shellcheck", "--external-sources", file)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("file", [*sources.matching("*.py")], ids=str)
def test_ruff_finds_nothing(file):
    checked = run(sys.executable, "-m", "ruff", "check", "--quiet", file)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("file", [*sources.matching("*.py")], ids=str)
def test_ruff_format_would_change_nothing(file):
    checked = run(sys.executable, "-m", "ruff", "format", "--diff", "--quiet", file)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("file", [*sources.matching("*.md")], ids=str)
def test_the_links_of_a_document_have_targets(file):
    text = re.sub(r"```.*?```", "", (SOURCE / file).read_text(), flags=re.DOTALL)
    targets = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [target for target in targets if target and not re.match(r"[a-z]+:", target)]
    missing = [target for target in local if not (SOURCE / file).parent.joinpath(target).exists()]
    assert not missing
