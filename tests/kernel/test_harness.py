"""The kernel harness reports differences, and follows its options."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import processes


@pytest.fixture(scope="module")
def harness(build):
    """Runs the harness and returns its exit status and output."""

    def run(*arguments):
        done = processes.run(build / "tests" / "kernel" / "kernel_harness", *arguments, status=None)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture
def hashes(source, tmp_path):
    """The lines of a copy of the table of hashes, and its path."""
    path = tmp_path / "hashes.csv"
    lines = (source / "tests" / "data" / "kernel-hashes.csv").read_text().splitlines()
    path.write_text("\n".join(lines) + "\n")
    return lines, path


def test_the_document_states_the_numbers_of_cases(harness, source):
    ordinary, long = (len(harness("--list", *option)[1].splitlines()) for option in ([], ["--long"]))
    document = " ".join((source / "docs" / "numerics.md").read_text().split())
    assert f"{ordinary:,} numbered cases of both precisions and all activations ({long:,} with `--long`)" in document


def test_a_case_whose_hash_differs_from_the_table_is_reported(harness, hashes):
    lines, path = hashes
    case, value, numerics = lines[5].split(",")
    assert harness("--case", case, "--hashes", path)[0] == 0
    changed = f"{int(value, 16) ^ 1:#018x}"
    path.write_text("\n".join([*lines[:5], f"{case},{changed},{numerics}", *lines[6:]]) + "\n")
    status, output = harness("--case", case, "--hashes", path)
    assert status == 1
    assert f"WRONG portable: the hash is {value}, but the table's is {changed}; case {case}: " in output


def test_a_case_without_a_hash_is_reported(harness, hashes):
    lines, path = hashes
    case = lines[5].split(",")[0]
    path.write_text("\n".join([*lines[:5], *lines[6:]]) + "\n")
    status, output = harness("--case", case, "--hashes", path)
    assert status == 1
    assert "the table of hashes has no row for this case" in output


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("0,0x12,0", "is not 'case,hash,numerics'"),
        ("0,0x12", "is not 'case,hash,numerics'"),
        ("0,0x12,99", "of numerics 99"),
    ],
)
def test_an_invalid_table_is_rejected(harness, hashes, row, text):
    lines, path = hashes
    path.write_text(f"{lines[0]}\n{row}\n")
    status, output = harness("--hashes", path)
    assert status == 70
    assert text in output


def test_the_table_has_a_hash_for_every_case_and_no_others(harness, hashes):
    status, output = harness("--long", "--list")
    assert status == 0
    listed = [line.split()[0] for line in output.splitlines()]
    assert listed == [line.split(",")[0] for line in hashes[0][1:]]


@pytest.mark.long
def test_writing_the_hashes_reproduces_the_table(harness, hashes, tmp_path):
    assert harness("--write-hashes", tmp_path / "written.csv")[0] == 0
    assert (tmp_path / "written.csv").read_text().splitlines() == hashes[0]


def test_hashes_are_not_compared_with_another_seed(harness, hashes):
    status, output = harness("--case", "10000", "--seed", "5", "--hashes", hashes[1])
    assert status == 0
    assert "hashes not compared" in output


def test_isa_selects_one_instruction_set(harness):
    status, output = harness("--case", "10000", "--isa", "portable")
    assert status == 0
    assert "float64: portable; " in output
    assert "1 cases, 1 comparisons" in output


@pytest.mark.parametrize("arguments", [("--isa", "sse9"), ("--case", "9999")])
def test_comparing_nothing_has_its_own_exit_status(harness, arguments):
    assert harness(*arguments)[0] == 77


@pytest.mark.parametrize("arguments", [("--fast",), ("--case",), ("--case", "x"), ("--seed", "-1"), ("--every", "0")])
def test_invalid_options_are_rejected(harness, arguments):
    status, output = harness(*arguments)
    assert status == 64
    assert f"{arguments[0]} is not an option, or its value is missing or wrong" in output
