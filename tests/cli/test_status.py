"""moonsweep status: the progress of sweeps, read again each time."""

import re

import pytest

from lib import processes


def test_a_finished_and_a_stopped_file(moonsweep, sweep, stopped, rows):
    done = moonsweep("status", sweep, stopped)
    first, second = done.stdout.splitlines()
    every = iterations(rows(moonsweep("show", sweep, "--format", "csv").stdout))
    assert first.startswith(
        f"{sweep}: 36 of 36 done, 0 diverged, 0 pending; {every} of {every} iterations; best dev accuracy "
    )
    shown = rows(moonsweep("show", stopped, "--format", "csv").stdout)
    counts = [sum(row["status"] == status for row in shown) for status in ("done", "diverged", "pending")]
    assert second.startswith(f"{stopped}: {counts[0]} of 12 done, {counts[1]} diverged, {counts[2]} pending; ")
    kept, of_all = map(int, re.search(r"; (\d+) of (\d+) iterations;", second).groups())
    assert iterations(row for row in shown if row["status"] == "done") <= kept < of_all == iterations(shown)
    assert first.endswith(")") and second.endswith("; stopped")
    assert done.stderr == ""


def iterations(rows):
    """The number of iterations of all trajectories of these configurations."""
    last = {}
    for row in rows:
        trajectory = tuple(row[name] for name in ["n_h", "activation", "learning_rate", "seed"])
        last[trajectory] = max(int(row["iterations"]), last.get(trajectory, 0))
    return sum(last.values())


@pytest.mark.parametrize("seconds", ["1e300", "86401", "0.09", ""])
def test_an_invalid_interval_is_refused(moonsweep, sweep, seconds):
    refused = moonsweep("status", f"--watch={seconds}", sweep, status=64)
    assert refused.stderr == f"moonsweep: --watch is {seconds or 'empty'}; it must be a number from 0.1 to 86400\n"


def test_the_best_configuration_is_the_one_that_show_lists_first(moonsweep, sweep, rows):
    best = rows(moonsweep("show", sweep, "--sort", "-dev_accuracy", "-n", 1, "--format", "csv").stdout)[0]
    line = moonsweep("status", sweep).stdout
    accuracy, config = re.search(r"best dev accuracy (.*)% \(configuration (\d+)\)", line).groups()
    assert config == best["config"]
    assert accuracy == f"{float(best['dev_accuracy']):.2f}"


def test_the_exit_status_says_whether_work_is_left(moonsweep, sweep, stopped, diverged):
    assert moonsweep("status", stopped, status=0).stderr == ""
    assert moonsweep("status", "--exit-code", sweep, diverged, status=0).stderr == ""
    assert moonsweep("status", "--exit-code", stopped, status=75).stderr == ""
    assert moonsweep("status", "--exit-code", sweep, stopped, diverged, status=75).stdout.count("\n") == 3


def test_a_file_that_cannot_be_read_does_not_hide_the_others(moonsweep, sweep, tmp_path):
    done = moonsweep("status", "--exit-code", tmp_path / "missing.h5", sweep, status=66)
    assert done.stdout.startswith(f"{sweep}: 36 of 36 done")
    assert done.stderr.startswith("moonsweep: ") and "missing.h5" in done.stderr
    assert done.stderr.count("\n") == 1


def test_each_file_that_cannot_be_read_has_a_message(moonsweep, sweep, tmp_path):
    text = tmp_path / "text.h5"
    text.write_text("no result\n")
    done = moonsweep("status", text, sweep, tmp_path / "missing.h5", tmp_path, status=65)
    assert done.stdout.startswith(f"{sweep}: 36 of 36 done")
    assert done.stdout.count("\n") == 1
    names = [text, tmp_path / "missing.h5", tmp_path]
    sentences = done.stderr.splitlines()
    assert len(sentences) == len(names)
    for sentence, name in zip(sentences, names, strict=True):
        assert sentence.startswith(f"moonsweep: {name}")


def test_watching_ends_when_the_sweep_is_finished(start, wait_for_done, moonsweep, job, tmp_path):
    """In a pipe, it prints a plain line with the current state each time."""
    path, out = job(samples=5000, iterations="[10, 500, 1000000]"), tmp_path / "out.h5"
    running = start("run", path, "-o", out, "-q")
    wait_for_done(out, running)
    watch = moonsweep("status", "--watch=0.1", out)
    processes.end_of(running)
    lines = watch.stdout.splitlines()
    assert len(lines) > 1
    assert not re.search(r"[^\n\x20-\x7e]", watch.stdout)
    assert " 3 of 3 done" not in lines[0] and " 3 of 3 done, 0 diverged, 0 pending" in lines[-1]
