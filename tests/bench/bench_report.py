#!/usr/bin/env python3
"""Measures how large the report of a sweep is, and how quickly it opens in a browser: docs/benchmarks.md.

    bench_report.py [--build BUILD] [--repeats N] [OUT.h5]

Without OUT.h5, the default sweep is run on all cores. The program uses the Python environment of analysis/, which it
makes if necessary.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import programs

SOURCE = Path(__file__).resolve().parents[2]
PYTHON = SOURCE / "analysis" / ".venv" / "bin" / "python"

# When the page was read, when everything was drawn, and how long it takes to follow a threshold, in seconds.
OPENED = "return performance.getEntriesByType('navigation')[0].domInteractive / 1000"
DRAWN = "return performance.now() / 1000"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument("--repeats", type=int, default=5, help="how often the report is opened")
    parser.add_argument("result", type=Path, nargs="?", metavar="OUT.h5", help="a result (default: the default sweep)")
    return parser.parse_args()


def use_environment():
    """Runs this program in the environment of analysis/."""
    if Path(sys.prefix) != PYTHON.parents[1]:
        for command in (["tools/setup.sh", "analysis", "browser"], ["analysis/setup.sh", "--dev"]):
            subprocess.run(command, cwd=SOURCE, check=True)
        os.execv(PYTHON, [PYTHON, *sys.argv])


def sweep(build, folder):
    """Runs the default sweep and returns its result."""
    result = folder / "moons420.h5"
    cores = subprocess.run([SOURCE / "tools" / "cores.sh"], capture_output=True, text=True, check=True).stdout.strip()
    program = [build.resolve() / "moonsweep", "run", SOURCE / "jobs" / "moons420.yaml", "-o", result, "--quiet"]
    subprocess.run([SOURCE / "tools" / "launch.sh", cores, *program], check=True, stdin=subprocess.DEVNULL)
    return result


def make(result, page):
    """Makes a report and returns how long that took."""
    started = time.monotonic()
    subprocess.run([PYTHON, "-m", "moonsweep", "report", result, "-o", page], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def open_once(browser, page):
    """Opens the page: seconds until it was read, until everything was drawn, and to follow a threshold."""
    browser.open(page)
    opened, drawn = browser.run(OPENED), browser.run(DRAWN)
    started = time.monotonic()
    browser.type_threshold("min_train", 90)
    return opened, drawn, time.monotonic() - started


def main():
    chosen = parse_arguments()
    if chosen.result is None:
        programs.demand(chosen.build, "moonsweep")
    use_environment()
    sys.path.insert(0, str(SOURCE / "analysis" / "tests"))
    from browser import Browser, started

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        page = folder / "report.html"
        seconds = make(chosen.result or sweep(chosen.build, folder), page)
        with started(folder / "profile") as driver:
            browser = Browser(driver)
            times = [open_once(browser, page) for _ in range(chosen.repeats)]
            browser.fail_on_errors()
        print(f"{page.stat().st_size / 1e6:.1f} MB, made in {seconds:.1f} s")
        print(f"{'':12}{'median s':>10}{'worst s':>10}")
        for what, values in zip(("page read", "all drawn", "threshold"), zip(*times, strict=True), strict=True):
            print(f"{what:12}{statistics.median(values):10.2f}{max(values):10.2f}")


if __name__ == "__main__":
    main()
