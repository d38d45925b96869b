"""The man page is well-formed and complete."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import subprocess

import pytest


@pytest.fixture
def page(source):
    return (source / "docs" / "moonsweep.1").read_text()


def test_the_man_page_is_well_formed(source):
    lint = ["mandoc", "-Tlint", "-Wwarning", source / "docs" / "moonsweep.1"]
    done = subprocess.run(lint, capture_output=True, text=True)
    assert [line for line in done.stdout.splitlines() if "outdated mandoc.db" not in line] == []


@pytest.mark.parametrize("command", ["run", "show", "status", "verify", "predict", "data", "plan", "kernels"])
def test_the_man_page_has_exactly_the_options_of_help(moonsweep, page, command):
    section = re.search(rf"^\.Ss moonsweep {command}\n(.*?)^\.S[sh]", page, re.MULTILINE | re.DOTALL)[1]
    items = re.findall(r"^\.It (.*)", section, re.MULTILINE)
    described = {name for item in items for name in re.findall(r"Fl -([a-z-]+)", item)}
    options = moonsweep(command, "--help").stdout.split("Examples:")[0]
    offered = set(re.findall(r"^ .*?--([a-z-]+)", options, re.MULTILINE))
    assert described == offered - {"help", "usage"}


def test_help_and_man_page_have_exactly_the_columns_as_sort_keys(moonsweep, page, sweep):
    header = moonsweep("show", sweep, sweep, "--format", "csv").stdout.splitlines()[0].split(",")
    header[2:2] = ["dataset", "samples", "noise", "data_seed", "split_seed", "fold"]  # which only different data have
    header += ["train_auc", "dev_auc"]  # which are computed only if they are named
    assert f"Columns: {', '.join(header)}." in " ".join(moonsweep("show", "--help").stdout.split())
    keys = re.search(r"^The columns are\n(.*?)\.\nThe headings", page, re.MULTILINE | re.DOTALL)[1]
    assert re.findall(r"[a-z]\w+", keys.replace(".Cm", "").replace("\nand\n", "\n")) == header
