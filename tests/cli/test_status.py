"""moonsweep status: the progress of sweeps, read again each time."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import io
import json
import re
import socket

import h5py
import pytest

from lib import processes, waiting


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


def test_the_formats_for_programs_have_what_the_file_has(moonsweep, sweep, stopped, diverged):
    files = [sweep, stopped, diverged]
    objects = json.loads(moonsweep("status", "-f", "json", *files).stdout)
    table = csv.DictReader(io.StringIO(moonsweep("status", "--format", "csv", *files).stdout, newline=""))
    for path, state, found, row in zip(files, ["finished", "stopped", "finished"], objects, table, strict=True):
        assert row == {key: "" if value is None else str(value) for key, value in found.items()}
        with h5py.File(path) as file:
            status, accuracies = file["status"][:].tolist(), file["dev_accuracy"][:]
            ids, current = file["runs/id"][:].tolist(), file["runs/current"][()]
        names = ["pending", "done", "diverged", "stopped", "dropped"]
        assert [found[name] for name in names] == [status.count(value) for value in range(5)]
        done = [config for config, value in enumerate(status) if value == 1]
        assert found["best_config"] == max(done, key=lambda config: accuracies[config])
        assert found["best_dev_accuracy"] == accuracies[found["best_config"]]
        assert (found["configurations"], found["run"]) == (len(status), ids.index(current))
        kept, of_all = re.search(r"(\d+) of (\d+) iterations", moonsweep("status", path).stdout).groups()
        assert (found["iterations_done"], found["iterations"]) == (int(kept), int(of_all))
        assert found["percent"] == pytest.approx(100 * int(kept) / int(of_all))
        assert (found["state"], found["file"], found["asked_to_stop"]) == (state, str(path), 0)
        assert found["holder"] is found["seconds_left"] is found["iterations_per_second"] is None


def test_the_pace_of_a_run_follows_from_the_times_that_are_stored(start, moonsweep, job, tmp_path):
    """With one network size, so that every iteration is the same work."""
    path, out = job(samples=3000, learning_rate="[0.5, 0.25]", iterations="[2000, 100000000]"), tmp_path / "out.h5"
    running = start("run", path, "-o", out, "-q", "--checkpoint-seconds", "3600", ranks=2)

    def look():
        done = moonsweep("status", "--exit-code", "--format", "json", out, status=None)
        return (done.returncode, *(json.loads(done.stdout) or [{}]))

    waiting.until(lambda: look()[1].get("done") == 2, running=running)
    status, found = look()
    with h5py.File(out) as file:
        seconds = file["train_seconds"][::2]
    assert (status, found["state"]) == (69, "running")
    assert socket.gethostname() in found["holder"]
    assert found["iterations_done"] == 4000
    assert found["iterations_per_second"] == pytest.approx(2 * 4000 / seconds.sum(), rel=1e-12)
    left = 2 * (100000000 - 2000)
    assert found["seconds_left"] == pytest.approx(left / found["iterations_per_second"], rel=1e-12)
    processes.stop(running)
    status, stopped = look()
    assert (status, stopped["state"], stopped["iterations_per_second"]) == (75, "stopped", None)


def test_watching_is_for_people(refused, sweep):
    refused(64, "status", "--watch", "--format", "csv", sweep, words=["--watch", "--format csv"])
    refused(64, "status", "--format", "xml", sweep, words=["--format", "xml", "text, csv, json"])


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
    path, out = job(samples=5000, iterations="[10, 500, 300000]"), tmp_path / "out.h5"
    running = start("run", path, "-o", out, "-q")
    wait_for_done(out, running)
    watch = moonsweep("status", "--watch=0.1", out)
    processes.end_of(running)
    lines = watch.stdout.splitlines()
    assert len(lines) > 1
    assert not re.search(r"[^\n\x20-\x7e]", watch.stdout)
    assert " 3 of 3 done" not in lines[0] and " 3 of 3 done, 0 diverged, 0 pending" in lines[-1]
