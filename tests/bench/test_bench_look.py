"""Tests how the costs of programs are measured, and the whole benchmark of large results with few rows."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys

import process_cost
import pytest

MEMORY, BYTES, WRITES = 200 << 20, 3_000_000, 3


def test_the_cost_of_a_program_is_its_time_its_memory_and_what_it_writes(tmp_path):
    script = f"""
import os, time
held = bytearray({MEMORY})
file = os.open("written", os.O_WRONLY | os.O_CREAT)
for _ in range({WRITES}):
    os.write(file, bytes({BYTES // WRITES}))
while time.process_time() < 0.5:
    pass
print("done")
"""
    # A shell that waits for it: what the programs did that a program started counts, too.
    command = ["sh", "-c", '"$0" -c "$1"; exit 3', sys.executable, script]
    cost, output = process_cost.measure(command, (3,), cwd=tmp_path)
    assert output == "done\n"
    assert 0.5 <= cost.core_s < 2
    assert cost.wall_s >= 0.5
    assert MEMORY <= cost.peak_bytes < 2 * MEMORY
    assert WRITES < cost.writes < WRITES + 20
    assert BYTES <= cost.written_bytes < BYTES + 1000


def test_a_program_that_ends_with_another_status_is_an_error():
    with pytest.raises(process_cost.ProgramFailed, match="sh -c .* ended with status 4:\nwhy"):
        process_cost.measure(["sh", "-c", "echo why >&2; exit 4"])


def test_the_benchmark_measures_every_command(source, build, tmp_path):
    command = [sys.executable, source / "tests/bench/bench_look.py", "--build", build, "--folder", tmp_path]
    done = subprocess.run([*command, "--rows", "2000", "--repeats", "1"], capture_output=True, text=True, check=True)
    table, sizes = done.stdout.split("\n\n")
    _, head, *lines = table.splitlines()
    assert head.startswith("2,000 rows") and "/ 20 rows" in head
    assert [line[:22].strip() for line in lines] == [
        "run, 2 ranks", "one read of the file", "status", "status, half finished", "show -n 3",
        "show --format csv", "best --top 3", "verify", "start, half finished", "run, finished",
        "run --from one file", "run --from two files",
    ]  # fmt: skip
    assert [line.split(" rows: ")[0] for line in sizes.splitlines()] == ["2,000", "20"]
    assert not list(tmp_path.glob("*.h5"))


@pytest.mark.parametrize("rows", ["0", "-1000", "1500", "many"])
def test_numbers_of_rows_that_cannot_be_made_are_refused(source, build, rows):
    command = [sys.executable, source / "tests/bench/bench_look.py", "--build", build, f"--rows={rows}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "--rows" in done.stderr
