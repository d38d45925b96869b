"""The tables in CONTRIBUTING.md are complete and up to date: where each module is tested, and what each kind runs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import pytest

from lib import SOURCE


def table(title, place=0):
    """The cells of a table in a section of CONTRIBUTING.md, one list for each row below the head."""
    section = (SOURCE / "CONTRIBUTING.md").read_text().split(f"\n## {title}\n")[1].split("\n## ")[0]
    found = re.findall(r"(?:^\|.*\|\n)+", section, re.MULTILINE)[place]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in found.splitlines()[2:]]


@pytest.fixture(scope="module")
def rows():
    """The rows of the table: (folder, [file], [unit program], [kind]). Only the first row of a folder names it."""
    found, folder = [], None
    for module, files, programs, kinds in table("Where each module is tested"):
        folder = module.strip("`") or folder
        found.append((folder, files.split(", "), words(programs), words(kinds)))
    return found


def words(cell):
    return re.findall(r"\w+", cell)


def test_every_folder_of_the_sources_has_a_row(rows):
    folders = {f"src/{path.name}/" for path in (SOURCE / "src").iterdir() if path.is_dir()}
    assert folders - {folder for folder, *_ in rows} == set()


def test_the_files_and_folders_of_a_row_exist(rows):
    missing = [
        f"{folder}{stem}"
        for folder, files, *_ in rows
        if folder.startswith("src/")
        for stem in files
        if not list((SOURCE / folder).rglob(f"{stem}.[ch]")) and not (SOURCE / folder / stem).is_dir()
    ]
    assert missing == []


def test_the_table_names_exactly_the_existing_unit_programs(rows):
    programs = {path.stem.removeprefix("test_") for path in (SOURCE / "tests" / "unit").glob("test_*.c")}
    assert {program for _, _, named, _ in rows for program in named} == programs


def test_the_table_names_exactly_the_existing_kinds(rows):
    """Kinds are the folders with Python tests, as in tests/run.sh."""
    kinds = {path.parent.name for path in (SOURCE / "tests").glob("*/test_*.py")}
    assert {kind for *_, named in rows for kind in named} == kinds


@pytest.fixture(scope="module")
def kinds():
    """What a whole run of tests/run.sh consists of: {kind: its folder}."""
    folders = {path.parent.name: path.parent for path in (SOURCE / "tests").glob("*/test_*.py")}
    return {**folders, "unit": SOURCE / "tests" / "unit", "analysis": SOURCE / "analysis" / "tests"}


def test_the_table_of_tiers_has_each_kind_and_says_whether_long_tests_are_added(kinds):
    stated = {name.strip("`"): more != "" for name, *_, more in table("The tiers of tests", 1)}
    long = re.compile(r"mark\.long\b|\bamount\(|getoption\(\"--long\"\)")
    sources = {name: "".join(path.read_text() for path in folder.glob("test_*.py")) for name, folder in kinds.items()}
    assert stated == {name: long.search(text) is not None for name, text in sources.items()}
