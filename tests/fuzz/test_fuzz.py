"""Runs the readers of job files, CSV files, HDF5 files and results under libFuzzer, AddressSanitizer and UBSan.

A finding is a file build-test/fuzz/finding-<target>-*; `build-test/fuzz/tests/fuzz/fuzz_<target> FILE` repeats it. It
becomes a file of tests/fuzz/corpus/<target> with a line in its cases.txt.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import pytest

from lib import processes

TARGETS = ["arrays", "csv", "job", "result"]
SEEDS = {"job": ["tests/data/jobs"]}  # in addition to the corpus
WORDS = {"job": "tests/fuzz/job.dict"}
LARGEST = {"arrays": 16384, "csv": 4096, "job": 4096, "result": 1024}  # the maximum size of a case in bytes


@pytest.mark.parametrize("target", TARGETS)
def test_the_corpus_is_clean(replay, source, target):
    replay(target, source / "tests" / "fuzz" / "corpus" / target)


def fuzz(source, fuzz_build, tmp_path, target, seconds):
    """Runs libFuzzer for some seconds, and returns how many cases it tried."""
    found = tmp_path / "found"
    found.mkdir()
    done = processes.run(
        fuzz_build / f"fuzz_{target}",
        f"-max_total_time={seconds}",
        f"-max_len={LARGEST[target]}",
        *([f"-dict={source / WORDS[target]}"] if target in WORDS else []),
        "-timeout=3600",  # for a case that hangs
        "-rss_limit_mb=2048",
        "-malloc_limit_mb=256",
        f"-artifact_prefix={source / 'build-test' / 'fuzz' / f'finding-{target}-'}",
        found,
        source / "tests" / "fuzz" / "corpus" / target,
        *(source / folder for folder in SEEDS.get(target, [])),
        status=None,
        env={"TMPDIR": tmp_path},
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return int(re.search(r"^Done (\d+) runs", done.stderr, re.MULTILINE)[1])


def test_the_words_for_job_files_include_every_key(source):
    table = (source / "docs" / "jobs.md").read_text().split("## The keys")[1].split("\n**Axes.**")[0]
    names = {name for path in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE) for name in path.split(".")} - {
        "KEY"
    }
    assert len(names) > 40
    assert names <= set(re.findall(r'^"(\w+): "$', (source / WORDS["job"]).read_text(), re.MULTILINE))


@pytest.mark.parametrize("target, seconds", [("arrays", 6), ("csv", 6), ("job", 8), ("result", 10)])
def test_a_short_run_finds_nothing(source, fuzz_build, tmp_path, target, seconds):
    corpus = list((source / "tests" / "fuzz" / "corpus" / target).iterdir())
    assert fuzz(source, fuzz_build, tmp_path, target, seconds) > len(corpus)


@pytest.mark.long
@pytest.mark.parametrize("target, seconds", [("arrays", 900), ("csv", 600), ("job", 1200), ("result", 1800)])
def test_a_long_run_finds_nothing(source, fuzz_build, tmp_path, target, seconds):
    assert fuzz(source, fuzz_build, tmp_path, target, seconds) > 1000
