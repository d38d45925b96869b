"""The kernel harness says what it found, and does as its options tell it."""

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
    """A copy of the table of hashes, as lines, and its path."""
    path = tmp_path / "hashes.csv"
    lines = (source / "tests" / "data" / "kernel-hashes.csv").read_text().splitlines()
    path.write_text("\n".join(lines) + "\n")
    return lines, path


def test_a_case_that_has_other_bits_than_the_table_is_wrong(harness, hashes):
    lines, path = hashes
    case, value, numerics = lines[5].split(",")
    assert harness("--case", case, "--hashes", path)[0] == 0
    changed = f"{int(value, 16) ^ 1:#018x}"
    path.write_text("\n".join([*lines[:5], f"{case},{changed},{numerics}", *lines[6:]]) + "\n")
    status, said = harness("--case", case, "--hashes", path)
    assert status == 1
    assert f"WRONG portable: the hash is {value}, other machines' {changed}; case {case}: " in said


def test_a_case_without_a_hash_is_wrong(harness, hashes):
    lines, path = hashes
    case = lines[5].split(",")[0]
    path.write_text("\n".join([*lines[:5], *lines[6:]]) + "\n")
    status, said = harness("--case", case, "--hashes", path)
    assert status == 1
    assert "the table of hashes has no row of this case" in said


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("0,0x12,0", "is not 'case,hash,numerics'"),
        ("0,0x12", "is not 'case,hash,numerics'"),
        ("0,0x12,99", "of numerics 99"),
    ],
)
def test_a_table_that_is_wrong_is_refused(harness, hashes, row, text):
    lines, path = hashes
    path.write_text(f"{lines[0]}\n{row}\n")
    status, said = harness("--hashes", path)
    assert status == 70
    assert text in said


def test_every_case_has_its_hash_and_every_hash_its_case(harness, hashes):
    status, said = harness("--long", "--list")
    assert status == 0
    listed = [line.split()[0] for line in said.splitlines()]
    assert listed == [line.split(",")[0] for line in hashes[0][1:]]


@pytest.mark.long
def test_hashes_are_written_as_they_are_read(harness, hashes, tmp_path):
    assert harness("--write-hashes", tmp_path / "written.csv")[0] == 0
    assert (tmp_path / "written.csv").read_text().splitlines() == hashes[0]


def test_another_seed_is_another_case(harness, hashes):
    status, said = harness("--case", "10000", "--seed", "5", "--hashes", hashes[1])
    assert status == 0
    assert "hashes not compared" in said


def test_one_instruction_set_alone(harness):
    status, said = harness("--case", "10000", "--isa", "portable")
    assert status == 0
    assert "float64: portable; " in said
    assert "1 cases, 1 comparisons" in said


@pytest.mark.parametrize("arguments", [("--isa", "sse9"), ("--case", "9999")])
def test_who_compared_nothing_says_so(harness, arguments):
    assert harness(*arguments)[0] == 77


@pytest.mark.parametrize("arguments", [("--fast",), ("--case",), ("--case", "x"), ("--seed", "-1"), ("--every", "0")])
def test_wrong_options_are_refused(harness, arguments):
    status, said = harness(*arguments)
    assert status == 64
    assert f"{arguments[0]} is no option, or its value is missing or wrong" in said
