"""A copy of the checkout in which documented commands are run, without compiling anything.

    checkout = Checkout(folder, source, build)        once
    done = Place(checkout, folder).run("mpirun build-local/moonsweep run jobs/moons420.yaml -o moons420.h5")

Programs and Python environments are links to existing ones. jobs/moons420.yaml has a hundredth of its iterations, so
that commands which train the article's sweep can be run as documented; tests/published tests the sweep itself. The
result files that the documents mention exist, unless the command creates them.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

COPIED = ["docs", "include", "jobs", "slurm", "src", "tests", "tools"]
SHARED = ["analysis", "build-local"]

# Allows what mpirun refuses or warns about on test machines, which the documents do not discuss.
MPI = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
}

SAMPLES = "x1,x2\n0.5,0.25\n-1,0.5\n1.5,-0.25\n"


class Checkout:
    """The copy of the checkout that all places link to."""

    def __init__(self, folder, source, build):
        self.folder, self.results = Path(folder) / "checkout", Path(folder) / "results"
        self.program = build / "moonsweep"
        self.folder.mkdir()
        for path in source.iterdir():
            if path.is_file() and path.suffix != ".h5":
                shutil.copy(path, self.folder)
        for name in COPIED:
            shutil.copytree(source / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        self._shorten("jobs/moons420.yaml")
        self._bring_up_to_date(source, Path(folder) / "first")
        for name in SHARED:
            (self.folder / name).symlink_to(source / name)
        (self.folder / "build").symlink_to(build)
        (self.folder / "build-test").mkdir()
        for name, target in {
            "gcc": build,
            "venv": source / "build-test" / "venv",
            "fuzz": source / "build-test" / "fuzz",
        }.items():
            (self.folder / "build-test" / name).symlink_to(target)
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "moonsweep").symlink_to(self.program)
        self._make_results()

    def _shorten(self, name):
        job = self.folder / name
        text, count = re.subn(
            r"^  iterations: \[100, 1000, 10000, 100000\]",
            "  iterations: [1, 10, 100, 1000]",
            job.read_text(),
            flags=re.M,
        )
        assert count == 1
        job.write_text(text)

    @staticmethod
    def _bring_up_to_date(source, folder):
        """Updates build-local and analysis/.venv in the checkout itself, as jobs/local.sh does."""
        folder.mkdir()
        commands = [["jobs/local.sh", "jobs/smoke.yaml", folder / "smoke.h5"]]
        if (source / "build-local" / "build.ninja").exists():
            commands = [["ninja", "-C", "build-local", "moonsweep"], ["analysis/setup.sh"]]
        for command in commands:
            done = subprocess.run(command, cwd=source, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr

    def _make_results(self):
        self.results.mkdir()
        job = (self.folder / "jobs" / "moons420.yaml").read_text()
        for name in ("float64", "float32"):
            (self.results / "job.yaml").write_text(job.replace("precision: float64", f"precision: {name}"))
            subprocess.run(
                [self.program, "run", "--quiet", "job.yaml", "-o", f"{name}.h5"], cwd=self.results, check=True
            )
        for name in ("moons420.h5", "out.h5", "a.h5", "b.h5", "results/a.h5"):
            (self.results / name).parent.mkdir(exist_ok=True)
            shutil.copy(self.results / "float64.h5", self.results / name)
        (self.results / "job.yaml").unlink()


def uses_build(command):
    """Whether the command names the folder `build`, which readers configure themselves."""
    return re.search(r"(?<![\w-])build(?![\w-])", command) is not None


class Place:
    """A temporary folder that looks like the checkout, for one command."""

    def __init__(self, checkout, folder):
        self.checkout, self.folder = checkout, Path(folder)

    def run(self, command, environment=None):
        """Runs a command as a user would in a fresh checkout, and returns the finished process."""
        self._fill(command)
        environment = {**(environment or os.environ), **MPI, "MPLBACKEND": "agg", "MANPAGER": "cat", "PAGER": "cat"}
        # The program is on the PATH only for commands that need it there, because scripts prefer it.
        if re.search(r"(^|[ \n])moonsweep ", command):
            environment["PATH"] = f"{self.folder / 'bin'}:{environment['PATH']}"
        process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=self.folder, env=environment, start_new_session=True, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            output, errors = process.communicate()
        except BaseException:
            # The test was interrupted, so the command must not continue either.
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(command, process.returncode, output, errors)

    def _fill(self, command):
        for path in self.checkout.folder.iterdir():
            if path.name == "build" and ("meson setup" in command or not uses_build(command)):
                continue
            if path.name == "tests" and any(part in command for part in ("tests/reference/", "tools/keep_result.py")):
                # These programs write to tests/data.
                shutil.copytree(path, self.folder / path.name)
            else:
                (self.folder / path.name).symlink_to(path)
        (self.folder / "hosts").write_text("localhost slots=1\n")
        (self.folder / "new.csv").write_text(SAMPLES)
        for path in self.checkout.results.rglob("*.h5"):
            name = str(path.relative_to(self.checkout.results))
            made = re.search(rf"(-o \S*|local\.sh .*|sweep\.sbatch .*){re.escape(name)}", command)
            if (name in command or "*.h5" in command) and not made:
                (self.folder / name).parent.mkdir(exist_ok=True)
                shutil.copy(path, self.folder / name)
