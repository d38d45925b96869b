"""The table in CONTRIBUTING.md that says where each module is tested is complete and up to date."""

import re

import pytest

from lib import SOURCE

TITLE = "## Where each module is tested"


@pytest.fixture(scope="module")
def rows():
    """The rows of the table: (folder, [file], [unit program], [kind]). Only the first row of a folder names it."""
    section = (SOURCE / "CONTRIBUTING.md").read_text().split(TITLE)[1].split("\n## ")[0]
    found, folder = [], None
    for line in re.findall(r"^\| *(.*?) *\|$", section, re.MULTILINE)[2:]:
        module, files, programs, kinds = (cell.strip() for cell in line.split("|"))
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
