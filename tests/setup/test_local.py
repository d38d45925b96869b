"""jobs/local.sh while a sweep runs: its output to logs and terminals, and how it is stopped."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import os
import re
import shutil
import signal
import subprocess
from itertools import pairwise

import pytest

from lib import job_file, processes, result_file, waiting
from lib.terminal import Printer, Terminal

LINES = 2  # of progress in each log when the sweeps are stopped
DRAWN = 25  # times that the live line has been drawn by then


def lines_of(text):
    """The lines of progress in a log: [(minutes, seconds)]."""
    return re.findall(rb"^(\d+):(\d\d) .*configurations", text, re.MULTILINE)


@pytest.fixture(scope="module")
def output(source, tmp_path_factory):
    """The standard error in each environment, of sweeps that were stopped: {name: bytes}."""
    folder = tmp_path_factory.mktemp("local")
    job = job_file.write(folder, samples=20000, n_h="[50]", seed="{range: [0, 30]}", iterations="[10, 200000]")
    logs = {"file": folder / "file.log", "file without colour": folder / "no-color.log"}
    printers = {"pipe": Printer(os.pipe), "dumb terminal": Printer(), "terminal": Printer()}
    variables = {"file without colour": {"NO_COLOR": "1"}, "dumb terminal": {"TERM": "dumb"}}
    started = {}
    for name in [*logs, *printers]:
        with logs[name].open("wb") if name in logs else contextlib.nullcontext(printers[name].slave) as to:
            started[name] = subprocess.Popen(
                [source / "jobs" / "local.sh", job, folder / f"{name}.h5"],
                cwd=folder,
                env={**os.environ, "TERM": "xterm", **variables.get(name, {})},
                stdout=subprocess.DEVNULL,
                stderr=to,
            )

    def written(name):
        return logs[name].read_bytes() if name in logs else printers[name].written

    def have_progress():
        assert all(process.poll() is None for process in started.values()), {name: written(name) for name in started}
        return all(
            written(name).count(b"\r") > DRAWN if name == "terminal" else len(lines_of(written(name))) >= LINES
            for name in started
        )

    waiting.until(have_progress)
    for name, sent in zip(started, [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1]):
        started[name].send_signal(sent)
    assert [process.wait() for process in started.values()] == [75] * len(started), {n: written(n) for n in started}
    texts = {name: printer.text().encode() for name, printer in printers.items()}
    return texts | {name: log.read_bytes() for name, log in logs.items()}


PLAIN = ["file", "file without colour", "pipe", "dumb terminal"]


@pytest.mark.parametrize("name", PLAIN)
def test_a_log_has_no_control_characters(output, name):
    # Terminals replace each LF by CR LF.
    assert not re.search(rb"[\x00-\x08\x0b-\x1f]", output[name].replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("name", PLAIN)
def test_a_log_has_a_line_every_ten_seconds(output, name):
    times = [int(minutes) * 60 + int(seconds) for minutes, seconds in lines_of(output[name])]
    assert len(times) >= LINES
    assert all(later - earlier >= 9 for earlier, later in pairwise(times))  # times are rounded


@pytest.mark.parametrize("name", [*PLAIN, "terminal"])
def test_a_stopped_sweep_prints_its_summary_and_how_to_resume(output, name):
    assert re.search(rb"of 60 configurations done.*pending", output[name])
    assert b"run the same command again to resume: " in output[name].splitlines()[-1]


def test_a_sweep_whose_rank_is_killed_restarts_until_it_is_told_to_stop(source, tmp_path):
    result, log = tmp_path / "out.h5", tmp_path / "log"
    with log.open("wb") as to:
        script = subprocess.Popen(
            [source / "jobs" / "local.sh", source / "jobs" / "moons420.yaml", result],
            cwd=tmp_path,
            stdout=to,
            stderr=subprocess.STDOUT,
        )
    waiting.until(lambda: result_file.finals(result) > 0, running=script)
    ranks = processes.ranks_of(script)
    os.kill(ranks[max(ranks)], signal.SIGKILL)
    waiting.until(lambda: result_file.runs(result) == 2, running=script)
    script.send_signal(signal.SIGTERM)
    script.wait()
    output = log.read_text()
    assert script.returncode == 75, output
    assert output.count("; restart") == 1
    assert "local.sh: the sweep ended with status 137 (SIGKILL); restart 1 of 5" in output
    assert output.splitlines()[-1].startswith("stopped with work left; run the same command again to resume: ")
    assert result_file.how_ended(result) == ["running", "stopped"]


def test_usr1_before_the_sweep_ends_with_status_75(source, tmp_path):
    """It comes while packages are installed, here by a program in the place of tools/setup.sh."""
    checkout = copy_of_scripts(source, tmp_path)
    (checkout / "tools" / "setup.sh").write_text("#!/bin/sh\nkill -USR1 $PPID\n")
    done = processes.run(checkout / "jobs" / "local.sh", "job.yaml", cwd=tmp_path, status=75)
    assert done.stderr == (
        "stopped with work left; run the same command again to resume: jobs/local.sh job.yaml job.h5\n"
    )


def test_closing_the_terminal_stops_the_sweep_with_checkpoints(source, tmp_path):
    result = tmp_path / "out.h5"
    opened = Terminal([source / "jobs" / "local.sh", source / "jobs" / "moons420.yaml", result], cwd=tmp_path)
    opened.until(lambda: result_file.finals(result) > 0 or opened.process.poll() is not None)
    opened.close()
    assert opened.process.wait() == 75
    assert result_file.was_stopped_with_checkpoints(result)


def test_a_terminal_has_one_live_line(output):
    assert output["terminal"].replace(b"\r\n", b"").count(b"\r") >= DRAWN


# ---- names and permissions ---------------------------------------------------------------------------------------


def test_names_may_begin_with_a_dash(source, tmp_path):
    (tmp_path / "-x.yaml").write_bytes((source / "jobs" / "smoke.yaml").read_bytes())
    done = processes.run(source / "jobs" / "local.sh", "./-x.yaml", cwd=tmp_path)
    assert done.stdout.endswith("result: ./-x.h5   figures: ./-x-figures/   report: ./-x-report.html\n")
    assert result_file.finals(tmp_path / "-x.h5") > 0
    assert any((tmp_path / "-x-figures").iterdir())
    assert "<title>smoke - moonsweep report</title>" in (tmp_path / "-x-report.html").read_text()


def test_the_report_can_be_left_out(source, tmp_path):
    job = source / "jobs" / "smoke.yaml"
    done = processes.run(source / "jobs" / "local.sh", "--no-report", job, "out.h5", cwd=tmp_path)
    assert done.stdout.endswith("\nresult: out.h5\n")
    assert [file.name for file in tmp_path.iterdir()] == ["out.h5"]


def test_a_job_file_that_looks_like_an_option_is_not_taken_for_one(source, tmp_path):
    (tmp_path / "-x.yaml").write_bytes((source / "jobs" / "smoke.yaml").read_bytes())
    done = processes.run(source / "jobs" / "local.sh", "-x.yaml", cwd=tmp_path, status=64)
    assert done.stderr.endswith("jobs/local.sh: name the job file ./-x.yaml, because -x.yaml may be an option\n")
    assert not (tmp_path / "-x.h5").exists()


@pytest.mark.parametrize("more", [["-o", "out.h5"], ["--force"], ["out.h5", "more.h5"]])
def test_more_than_the_name_of_a_result_is_refused(source, tmp_path, more):
    """The options of the program are not those of the script, and a sweep must not be written to a file named -o."""
    done = processes.run(source / "jobs" / "local.sh", "job.yaml", *more, cwd=tmp_path, status=64)
    assert done.stderr.endswith("followed by the name of the result only: jobs/local.sh JOB.yaml OUT.h5\n")
    assert list(tmp_path.iterdir()) == []


def copy_of_scripts(source, folder):
    """A checkout in which nothing can be built, but everything before that works."""
    checkout = folder / "checkout"
    for name in ("jobs", "tools"):
        shutil.copytree(source / name, checkout / name)
    return checkout


@pytest.mark.parametrize("closed", [".", "build-local", "build-local/.lock"])
def test_a_build_folder_that_cannot_be_written_is_named_with_a_remedy(source, tmp_path, closed):
    """The tests run as root, so root loses the capabilities that ignore permissions."""
    checkout = copy_of_scripts(source, tmp_path)
    place = checkout / closed
    if closed.endswith(".lock"):
        place.parent.mkdir()
        place.touch()
    else:
        place.mkdir(exist_ok=True)
    place.chmod(0o555)
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    done = processes.run(checkout / "jobs" / "local.sh", "job.yaml", wrapper=bound, status=77, cwd=tmp_path)
    assert done.stdout == ""
    assert done.stderr == (
        f"jobs/local.sh: the program is built in {checkout}/build-local, which cannot be written; remove it if another"
        f" user made it, or use your own copy of the checkout: git clone {checkout}\n"
    )
