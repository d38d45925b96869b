"""How the tests run each documented command: unchanged, unless TABLE has a substitute."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from typing import NamedTuple

# Blocks that do not contain commands, by their first lines: formulas, diagrams, messages, output.
OTHER_BLOCKS = {
    "README.md": [
        "[#####################.] 386/420  0:01 left  877k iterations/s  best dev 95.00%",
        "moons420.h5: 420 of 420 configurations done, 0 diverged, 0 pending",
    ],
    "CONTRIBUTING.md": [
        "base -> core -> train -> job -> store -> sweep -> cli",
        "job file -> job -> data + grid -> plan -> lease -> train -> store -> analysis",
        "moonsweep: an error of status ",
    ],
    # Batch scripts. tests/slurm/test_time_limits.py runs every block that begins with this line.
    "docs/cluster.md": ["#!/bin/bash", "load = reports a second x 4 us", "with training:     max(work"],
    "docs/benchmarks.md": [
        " n_h iterations/s   costs MB  median ms   worst ms  share %",
        "avx2 float64                 iteration ms   ticks median ms longest ms  ratio",
        "3 ranks             sweep s  answer ms (p90)",
        "handling alone  first_ask ns",
        "with MPI, 17 ranks  poll ns",
        "percent of rank 0's core",
        "2 ranks  core-s planned  needed",
    ],
    # Compiles the sources of libraries, which the tests do not have.
    "docs/install.md": ['export PATH="$HOME/.local/bin:$PATH"'],
    "docs/jobs.md": [
        "job.yaml:13:16: grid.iterations[0]: '010'",
        "out.h5 is the result of another job: ",
        "flowers.h5 is the result of another job: ",
        "new.csv:1: there is no column ",
        "--set grid.n_h=[0]: grid.n_h[0]: ",
        "old.h5: nothing can be taken over ",
    ],
    "docs/numerics.md": [
        "log x = ",
        "sin = r + ",
        "sigmoid(z) = ",
        "2^t = T (A + r)",
        "ds / s = ",
        "e = 1 - b y0 ",
        "1.4 * 2^(p-1) <= A",
        "x - (x - q) (Y - y) / Y",
        "2^(p+1) A = (2h + 1) B",
        "(B + |j|) B |Y - y|",
        "2^(p+1) A = 1 modulo B",
    ],
    "docs/protocol.md": ["                   LEASE                      no lease", "+---------+   STOP, ERROR,"],
}

# Replacements for the words that readers replace.
PLACEHOLDERS = {
    "JOB.yaml": "jobs/smoke.yaml",
    "OUT.h5": "out.h5",
    "DATA.csv": "data.csv",
    "FILE.csv": "new.csv",
    "FOUND": "found",
}


class Instead(NamedTuple):
    """The substitute for a command, and the reason. Another kind of tests runs it if that provides what it needs."""

    command: str
    why: str
    kind: str = "docs"
    status: int = 0


NOT_BUILT = 1  # status of a benchmark that accepted its arguments but finds no programs

TAKES_LONG = "takes too long; a part of it is run"
TRIES_OPTIONS = "takes minutes or more; without programs it ends after reading its options"
MENTION = "mentions a command or an option, and is not a complete command"
RUNS_THE_TESTS = "runs these tests, among others; the kind and the option are checked to exist"
INSTALLS = "installs packages; an existing installation is checked instead"


NEEDS_HYPERTHREADS = "needs two hyperthreads of a core; without them the program says so, with status 69"
PAIRS = "moonsweep kernels jobs/smoke.yaml --pairs || [ $? -eq 69 ]"


def benchmark(command):
    return Instead(f"{command} --build no-such-build", TRIES_OPTIONS, status=NOT_BUILT)


def after_installing(command):
    return Instead(f"analysis/setup.sh --export && {command}", "needs packages that another command installs")


def kind(folder):
    return Instead(f"ls tests/{folder}/test_*.py && grep -q -e '--long)' tests/run.sh", RUNS_THE_TESTS)


def several(tasks):
    return f"the cluster of the tests has three nodes with two cores each: {tasks}"


# Starts a sweep for commands that need a running one. The sweep's exit status shows that it was stopped.
LONG_JOB = (
    "sed 's/samples: 500/samples: 20000/; s/iterations:.*/iterations: [100, 1000000]/' jobs/smoke.yaml >long.yaml"
)
UNTIL_IT_RUNS = "until moonsweep status long.h5 2>&1 | grep 'running ('; do sleep 0.1; done"
UNTIL_IT_HAS_STOPPED = "until moonsweep status long.h5 | grep stopped; do sleep 0.1; done"


def finished_batch_job(arguments):
    """A command that submits a batch job and waits for its end, for which `sbatch --wait` looks every ten seconds."""
    states = "scontrol show job $id | grep -o 'JobState=[A-Z]*'"
    return (
        f"id=$(sbatch --parsable {arguments}) && "
        f"while {states} | grep -q -E 'PENDING|CONFIGURING|RUNNING|COMPLETING'; do sleep 0.2; done && "
        f"{states} | grep COMPLETED && ! {states} | grep -v COMPLETED"
    )


def a_batch_job(command, options=""):
    """A command for a running batch job, whose number is $id. options: of sweep.sbatch."""
    return Instead(
        f"{LONG_JOB} && id=$(sbatch --parsable slurm/sweep.sbatch {options} long.yaml long.h5) && {UNTIL_IT_RUNS} && "
        f"{command} && {UNTIL_IT_HAS_STOPPED}",
        "needs a job",
        kind="slurm",
    )


A_FAILING_WRITE = (
    "LD_PRELOAD=build-test/gcc/tests/fault/libfaulty_io.so MOONSWEEP_FAULT_FILE=$PWD/out.h5 "
    'MOONSWEEP_FAULT="call=write nth=17- cause=ENOSPC" build-test/gcc/moonsweep run jobs/smoke.yaml -o $PWD/out.h5'
)

TWO_RESULTS = "cp out.h5 A.h5 && cp out.h5 B.h5"
NEEDS_THEM = "needs two results"

BEST = (
    "moonsweep run docs/examples/flowers.yaml -o flowers.h5 && moonsweep best flowers.h5 --top 2 "
    "--by -dev_accuracy,train_cost --job refine.yaml --data-folder docs/examples"
)

TABLE = {
    # ---- the tests themselves --------------------------------------------------------------------------
    "tests/run.sh": Instead("bash -n tests/run.sh", RUNS_THE_TESTS),
    "tests/run.sh KIND": Instead("bash -n tests/run.sh", RUNS_THE_TESTS),
    "tests/run.sh --long KIND": Instead("grep -q -e '--long)' tests/run.sh", RUNS_THE_TESTS),
    "tests/run.sh anympi": kind("anympi"),
    "MOONSWEEP_BUILD=build-test/mpich MOONSWEEP_MPIRUN=mpiexec.mpich build-test/venv/bin/python -m pytest tests/mpi "
    "-k terminal": Instead(
        "build-test/venv/bin/python -m pytest tests/mpi -k terminal --collect-only",
        "needs another MPI, which only the kind anympi installs; it is checked to find tests",
    ),
    "tests/run.sh unit": Instead("grep -q '^ *unit)' tests/run.sh", RUNS_THE_TESTS),
    "tests/run.sh fuzz": kind("fuzz"),
    "tests/run.sh --long fuzz": kind("fuzz"),
    "tests/run.sh fault": kind("fault"),
    "tests/run.sh --long fault": kind("fault"),
    "tests/run.sh mutation": kind("mutation"),
    "tests/run.sh --long mutation": kind("mutation"),
    'build-test/venv/bin/python -m pytest --long tests/mutation -k "checkpoint or fence"': Instead(
        'build-test/venv/bin/python -m pytest --long tests/mutation -k "checkpoint or fence" --collect-only',
        "compiles the program for each break; it is checked to find tests",
    ),
    "build-test/venv/bin/python -m pytest --long tests/fault/test_failing_calls.py -k every": Instead(
        "build-test/venv/bin/python -m pytest --long tests/fault/test_failing_calls.py -k every --collect-only",
        "takes an hour; it is checked to find tests",
    ),
    'build-test/venv/bin/python -m pytest tests/fault/test_kills.py --long -k "any_time and 17"': Instead(
        'build-test/venv/bin/python -m pytest tests/fault/test_kills.py --long -k "any_time and 17" --collect-only',
        "is among the tests of the kind fault; it is checked to find a test",
    ),
    "build-test/venv/bin/python -m pytest tests/lint -k format": Instead(
        "build-test/venv/bin/python -m pytest tests/lint -k 'format and src/core'", TAKES_LONG
    ),
    "build-test/fuzz/tests/fuzz/fuzz_job -max_total_time=3600 FOUND tests/fuzz/corpus/job tests/data/jobs": Instead(
        "mkdir FOUND && "
        "build-test/fuzz/tests/fuzz/fuzz_job -max_total_time=1 FOUND tests/fuzz/corpus/job tests/data/jobs",
        "takes an hour; the tests that have libFuzzer run a second of it",
        kind="fuzz",
    ),
    A_FAILING_WRITE: Instead(A_FAILING_WRITE, "demonstrates a run with a full disk", status=73),
    "MOONSWEEP_PROGRAM=$PWD/build/moonsweep analysis/.venv/bin/python -m pytest analysis": Instead(
        "MOONSWEEP_PROGRAM=$PWD/build/moonsweep analysis/.venv/bin/python -m pytest analysis --collect-only",
        "is the kind analysis; it is checked to find tests",
    ),
    # ---- building, without compiling ------------------------------------------------------------------
    "meson setup build && ninja -C build && meson test -C build": Instead(
        "meson setup build && ninja -C build -n >/dev/null && "
        "meson test -C build --list | grep -x 'moonsweep:unit / train'",
        "compiles everything and runs the unit tests, as the kind unit does",
    ),
    "meson test -C build": Instead(
        "meson test -C build --list | grep -x 'moonsweep:unit / train'", "runs the unit tests, as the kind unit does"
    ),
    "meson setup build && ninja -C build": Instead(
        "meson setup build && ninja -C build -n | grep tests/bench/kernel_times", "compiles everything"
    ),
    "meson setup -Dtests=disabled -Dmpi=mpicc.mpich build-mpich": Instead(
        "meson setup -Dtests=disabled -Dmpi=mpicc build-mpich && ninja -C build-mpich -n | grep moonsweep",
        "names an MPI that only the kind anympi installs",
    ),
    "meson test -C build train": Instead(
        "meson test -C build train --no-rebuild --logbase documented",
        "uses the build of all tests, whose logs must not be overwritten",
    ),
    "meson install -C build-local": Instead(
        'meson install -C build-local --destdir "$PWD/root" && find root -name moonsweep.1 | grep man1',
        "installs into the system",
    ),
    "meson setup -Dtests=disabled build-local && ninja -C build-local": Instead(
        "meson setup -Dtests=disabled new-build >/dev/null && ninja -C new-build -n | grep -q moonsweep",
        "compiles everything",
    ),
    'meson setup -Dtests=disabled --prefix="$HOME/.local" build-home && ninja -C build-home': Instead(
        'HOME=$PWD/home && meson setup -Dtests=disabled --prefix="$HOME/.local" build-home >/dev/null && '
        "meson introspect --installed build-home | grep -q home/.local/bin/moonsweep-local",
        "compiles everything",
    ),
    "meson install -C build-home": Instead(
        'meson install -C build-local --destdir "$PWD/root" && find root -name sweep.sbatch | grep share/moonsweep',
        "needs the build of the line before",
    ),
    "moonsweep-local /usr/local/share/moonsweep/jobs/smoke.yaml smoke.h5": Instead(
        "MOONSWEEP_PROGRAM=$PWD/build-local/moonsweep tools/moonsweep-local jobs/smoke.yaml smoke.h5",
        "is not installed in the system of the tests",
    ),
    "man docs/moonsweep.1": Instead(
        "if command -v man; then man docs/moonsweep.1; else mandoc docs/moonsweep.1; fi", "man may be missing"
    ),
    "man moonsweep": Instead("grep -x '.Nm moonsweep' docs/moonsweep.1", "works only after an installation"),
    # ---- kernels ---------------------------------------------------------------------------------------
    "build/tests/kernel/kernel_harness --write-hashes tests/data/kernel-hashes.csv": Instead(
        "build/tests/kernel/kernel_harness --hashes tests/data/kernel-hashes.csv --case 10012",
        "takes 40 s; one case is compared with the table",
    ),
    "build/tests/kernel/kernel_harness --case 10012 --isa avx512": Instead(
        "build/tests/kernel/kernel_harness --case 10012 --isa $(build/tests/bench/kernel_trace --isas | head -n 1)",
        "not every processor has AVX-512",
    ),
    "build/tests/kernel/kernel_harness --seed 7 --long": Instead(
        "build/tests/kernel/kernel_harness --seed 7 --long --every 501", TAKES_LONG
    ),
    "build/tests/unit/test_logistic": Instead(
        "CK_EXCLUDE_TAGS=long CK_RUN_CASE=specials build/tests/unit/test_logistic", TAKES_LONG
    ),
    "CK_INCLUDE_TAGS=long build/tests/unit/test_logistic": Instead(
        "grep -q 'tcase_set_tags(every, \"long\")' tests/unit/test_logistic.c", "takes minutes"
    ),
    "build/tests/unit/test_maths": Instead("CK_EXCLUDE_TAGS=long build/tests/unit/test_maths", TAKES_LONG),
    "CK_INCLUDE_TAGS=long build/tests/unit/test_maths": Instead(
        "grep -q 'tcase_set_tags(search, \"long\")' tests/unit/test_maths.c", "takes minutes"
    ),
    "build/tests/unit/test_quotient": Instead("CK_EXCLUDE_TAGS=long build/tests/unit/test_quotient", TAKES_LONG),
    "CK_INCLUDE_TAGS=long build/tests/unit/test_quotient": Instead(
        "grep -q 'tcase_set_tags(many, \"long\")' tests/unit/test_quotient.c", "takes minutes"
    ),
    # ---- benchmarks ------------------------------------------------------------------------------------
    "tests/bench/bench_kernel.py": benchmark("tests/bench/bench_kernel.py"),
    "tests/bench/bench_kernel.py --quick": Instead(
        "tests/bench/bench_kernel.py --quick --rounds 1 --n-h 1 --activation relu --csv kernel.csv", TAKES_LONG
    ),
    "tests/bench/bench_kernel.py --isa avx2 --n-h 1 5": Instead(
        "tests/bench/bench_kernel.py --isa portable --n-h 1 5 --rounds 1 --activation relu --precision float64 --n-x 2 "
        "--csv kernel.csv",
        "not every processor has AVX2, and all of it takes too long",
    ),
    "tests/bench/bench_kernel.py --operations": benchmark("tests/bench/bench_kernel.py --operations"),
    "tests/bench/bench_kernel.py --instructions": benchmark("tests/bench/bench_kernel.py --instructions"),
    "build/tests/bench/bench_range [ROUNDS]": Instead(
        "build/tests/bench/bench_range 1", "contains a placeholder for a number"
    ),
    "build/tests/bench/bench_evaluation [ROUNDS]": Instead(
        "build/tests/bench/bench_evaluation 1", "contains a placeholder for a number"
    ),
    "build/tests/bench/bench_tick [ROUNDS]": Instead(
        "build/tests/bench/bench_tick 1", "contains a placeholder for a number"
    ),
    "build/tests/bench/bench_size [ROUNDS]": Instead("test -x build/tests/bench/bench_size", "takes 14 s per round"),
    "build/tests/bench/bench_team [--beside LOOPS] [--seconds SECONDS] [ROUNDS [CASE ...]]": Instead(
        "build/tests/bench/bench_team --beside 1 1 'portable float64 tanh 2 1 1600'",
        "contains placeholders for numbers and for cases",
    ),
    "build/tests/bench/bench_checkpoint [FOLDER [SECONDS [ROUNDS]]]": Instead(
        "build/tests/bench/bench_checkpoint . 0.01 1", "contains placeholders for a folder and numbers"
    ),
    "tests/bench/bench_coordinator.py": benchmark("tests/bench/bench_coordinator.py"),
    "tests/bench/bench_coordinator.py --quick --repeats 1": benchmark(
        "tests/bench/bench_coordinator.py --quick --repeats 1"
    ),
    "tests/bench/bench_flush.py": benchmark("tests/bench/bench_flush.py"),
    "tests/bench/bench_flush.py --quick --repeats 1": benchmark("tests/bench/bench_flush.py --quick --repeats 1"),
    "tests/bench/bench_choice.py": benchmark("tests/bench/bench_choice.py"),
    "tests/bench/bench_choice.py --rounds 3 --iterations 10000": benchmark(
        "tests/bench/bench_choice.py --rounds 3 --iterations 10000"
    ),
    "tests/bench/bench_look.py": benchmark("tests/bench/bench_look.py"),
    "tests/bench/bench_look.py --rows 100000": benchmark("tests/bench/bench_look.py --rows 100000"),
    "tests/bench/bench_look.py --folder FOLDER": benchmark("tests/bench/bench_look.py --folder ."),
    "tests/bench/bench_plan.py": benchmark("tests/bench/bench_plan.py"),
    "tests/bench/bench_plan.py --repeats 1": benchmark("tests/bench/bench_plan.py --repeats 1"),
    "tests/bench/bench_plan.py --quick": benchmark("tests/bench/bench_plan.py --quick"),
    "tests/bench/bench_report.py": benchmark("tests/bench/bench_report.py"),
    "tests/bench/bench_report.py OUT.h5": Instead("grep -q -i -e OUT.h5 tests/bench/bench_report.py", INSTALLS),
    "tests/bench/bench_slurm.py": benchmark("tests/bench/bench_slurm.py"),
    "tests/bench/bench_slurm.py --quick --repeats 1": benchmark("tests/bench/bench_slurm.py --quick --repeats 1"),
    "tests/bench/bench_sweep.py": benchmark("tests/bench/bench_sweep.py"),
    "tests/bench/bench_sweep.py --repeats 1": benchmark("tests/bench/bench_sweep.py --repeats 1"),
    "tests/bench/bench_sweep.py --quick": benchmark("tests/bench/bench_sweep.py --quick"),
    "tests/bench/bench_peers.py": benchmark("tests/bench/bench_peers.py"),
    "tests/bench/bench_peers.py --only c,c-avx2,jax-hand-vmap --pool-iterations 0": benchmark(
        "tests/bench/bench_peers.py --only c,c-avx2,jax-hand-vmap --pool-iterations 0"
    ),
    "tests/bench/bench_peers.py --quick": benchmark("tests/bench/bench_peers.py --quick"),
    "tests/bench/bench_peers.py --clock wall": benchmark("tests/bench/bench_peers.py --clock wall"),
    "meson test -C build --benchmark --verbose": Instead(
        "meson test -C build --benchmark --verbose --list | grep -x sweep", "takes an hour; benchmarks are listed"
    ),
    "meson test -C build --benchmark --verbose kernel": Instead(
        "meson test -C build --benchmark --verbose kernel --list | grep -x kernel", "takes minutes; it is listed"
    ),
    "meson test -C build --benchmark --verbose peers": Instead(
        "meson test -C build --benchmark --verbose peers --list | grep -x peers", "takes minutes; it is listed"
    ),
    "meson test -C build --benchmark --verbose peers --test-args='--repeats 21'": Instead(
        "meson test -C build --benchmark --verbose peers --test-args='--repeats 21' --list | grep -x peers",
        "takes minutes; it is listed",
    ),
    # ---- packages --------------------------------------------------------------------------------------
    "pip install xarray h5netcdf": Instead("analysis/.venv/bin/python -c 'import xarray, h5netcdf'", INSTALLS),
    "pip install path/to/moonsweep/analysis": Instead(
        "analysis/.venv/bin/python -m pip show --quiet moonsweep && grep -F '[build-system]' analysis/pyproject.toml",
        INSTALLS,
    ),
    "analysis/.venv/bin/python -m moonsweep export moons420.h5 -o moons420.parquet": after_installing(
        "analysis/.venv/bin/python -m moonsweep export moons420.h5 -o moons420.parquet"
    ),
    "analysis/.venv/bin/python -m moonsweep export moons420.h5 -o moons420.zarr": after_installing(
        "analysis/.venv/bin/python -m moonsweep export moons420.h5 -o moons420.zarr"
    ),
    "pip install 'path/to/moonsweep/analysis[export]'": Instead("grep '^export = ' analysis/pyproject.toml", INSTALLS),
    "tools/setup.sh browser": Instead("grep '^browser ' tools/setup.sh", INSTALLS),
    "tools/setup.sh bench": Instead("grep '^bench ' tools/setup.sh", INSTALLS),
    "python3 -m venv /tmp/reference": Instead("python3 -c 'import venv, ensurepip'", INSTALLS),
    "/tmp/reference/bin/pip install numpy==1.24.4 scikit-learn==1.2.2 mpmath==1.3.0": Instead(
        "grep -F '1.24.4 scikit-learn==1.2.2' tests/reference/README.md",
        "installs old versions, which need an old Python",
    ),
    "/tmp/reference/bin/python tests/reference/data.py": Instead(
        "python3 -c 'import ast; ast.parse(open(\"tests/reference/data.py\").read())'", "needs scikit-learn 1.2"
    ),
    "/tmp/reference/bin/python tests/reference/train.py": Instead(
        "python3 -c 'import ast; ast.parse(open(\"tests/reference/train.py\").read())'", "needs NumPy 1.24"
    ),
    "/tmp/reference/bin/python tests/reference/saturation.py": Instead(
        "sha256sum tests/data/saturation-*.csv >before && build-test/venv/bin/python tests/reference/saturation.py && "
        "sha256sum --check before",
        "the environment of the tests has the same mpmath",
    ),
    "/tmp/reference/bin/python tests/reference/results.py": Instead(
        "mkdir results && build-test/venv/bin/python tests/reference/results.py . && "
        "wc -l <results/rows.csv | grep -x 15",
        "the stored figures are those of other versions of NumPy and scikit-learn",
    ),
    # ---- hyperthreads ----------------------------------------------------------------------------------
    "moonsweep kernels --pairs": Instead(PAIRS, NEEDS_HYPERTHREADS),
    "moonsweep kernels jobs/moons420.yaml --pairs --format csv": Instead(PAIRS, NEEDS_HYPERTHREADS),
    # ---- Slurm -----------------------------------------------------------------------------------------
    "sbatch --nodes=4 --exclusive slurm/sweep.sbatch jobs/moons420.yaml out.h5": Instead(
        finished_batch_job("--nodes=2 --exclusive slurm/sweep.sbatch jobs/moons420.yaml out.h5"),
        several("two instead of four"),
        kind="slurm",
    ),
    "sbatch --nodes=4 --exclusive slurm/sweep.sbatch JOB.yaml OUT.h5": Instead(
        finished_batch_job("--nodes=2 --exclusive slurm/sweep.sbatch JOB.yaml OUT.h5"),
        several("two instead of four"),
        kind="slurm",
    ),
    "sbatch --ntasks=64 --time=2:00:00 slurm/sweep.sbatch JOB.yaml OUT.h5": Instead(
        finished_batch_job("--ntasks=4 --time=2:00:00 slurm/sweep.sbatch JOB.yaml OUT.h5"),
        several("four tasks instead of 64"),
        kind="slurm",
    ),
    "srun --mpi=pmix --ntasks=64 --cpus-per-task=1 --hint=nomultithread moonsweep run JOB.yaml -o OUT.h5": Instead(
        "srun --mpi=pmix --ntasks=4 --cpus-per-task=1 --hint=nomultithread moonsweep run JOB.yaml -o OUT.h5",
        several("four tasks instead of 64"),
        kind="slurm",
    ),
    "srun --mpi=pmix moonsweep run JOB.yaml -o OUT.h5": Instead(
        "srun --mpi=pmix moonsweep run JOB.yaml -o OUT.h5", "needs Slurm", kind="slurm"
    ),
    "sbatch --signal": Instead("sbatch --help | grep -e --signal", MENTION, kind="slurm"),
    "salloc --ntasks=64": Instead(
        "salloc --ntasks=2 --nodes=1 mpirun --version", several("two tasks instead of 64"), kind="slurm"
    ),
    "slurm/submit.sh jobs/moons420.yaml out.h5 --within 10m": Instead(
        "slurm/submit.sh jobs/moons420.yaml out.h5 --within 10m", "needs Slurm", kind="slurm"
    ),
    "slurm/submit.sh JOB.yaml OUT.h5 --within 30m": Instead(
        "slurm/submit.sh JOB.yaml OUT.h5 --within 30m | grep 'Nothing has been submitted'", "needs Slurm", kind="slurm"
    ),
    "slurm/submit.sh JOB.yaml OUT.h5 --within 30m --after --yes": Instead(
        "slurm/submit.sh JOB.yaml OUT.h5 --within 30m --after | grep report.sbatch",
        "submits two jobs; tests/slurm/test_submit.py waits for such jobs",
        kind="slurm",
    ),
    "slurm/submit.sh JOB.yaml OUT.h5 -- --time=2:00:00 --mail-type=END": Instead(
        "slurm/submit.sh JOB.yaml OUT.h5 -- --time=2:00:00 --mail-type=END | grep 'mail-type=END .*/sweep.sbatch'",
        "needs Slurm",
        kind="slurm",
    ),
    "srun --ntasks=1 --pty slurm/submit.sh JOB.yaml OUT.h5": Instead(
        "srun --ntasks=1 slurm/submit.sh JOB.yaml OUT.h5", "needs Slurm, and a terminal", kind="slurm"
    ),
    "srun --mpi=list": Instead("srun --mpi=list 2>&1 | grep -w pmix", "needs Slurm", kind="slurm"),
    "srun --mpi=pmix": Instead("srun --mpi=list 2>&1 | grep -w pmix", MENTION, kind="slurm"),
    "srun --mpi=none": Instead("srun --mpi=list 2>&1 | grep -w none", MENTION, kind="slurm"),
    "sbatch --ntasks=4 --time=10 ~/.local/share/moonsweep/slurm/sweep.sbatch JOB.yaml OUT.h5": Instead(
        finished_batch_job("--ntasks=4 --time=10 slurm/sweep.sbatch JOB.yaml OUT.h5"),
        "needs an installation in the user's home",
        kind="slurm",
    ),
    "sbatch --array=1-2 --ntasks=32 slurm/sweep.sbatch A.yaml A.h5 B.yaml B.h5": Instead(
        "cp jobs/smoke.yaml A.yaml && cp jobs/smoke.yaml B.yaml && "
        + finished_batch_job("--array=1-2 --ntasks=2 slurm/sweep.sbatch A.yaml A.h5 B.yaml B.h5"),
        several("two tasks instead of 32"),
        kind="slurm",
    ),
    "moonsweep status --watch A.h5 B.h5": Instead(f"{TWO_RESULTS} && moonsweep status --watch A.h5 B.h5", NEEDS_THEM),
    "moonsweep show A.h5 B.h5 --where 'iterations>=1000' --sort '-dev %,n_h' --limit 10": Instead(
        f"{TWO_RESULTS} && moonsweep show A.h5 B.h5 --where 'iterations>=1000' --sort '-dev %,n_h' --limit 10",
        NEEDS_THEM,
    ),
    "moonsweep show A.h5 B.h5": Instead(f"{TWO_RESULTS} && moonsweep show A.h5 B.h5", NEEDS_THEM),
    "scancel --signal=TERM --batch JOBID": a_batch_job("scancel --signal=TERM --batch $id"),
    "scancel --signal=USR1 --full JOBID": a_batch_job("scancel --signal=USR1 --full $id", "--max-restarts 0"),
    "scancel --signal=USR1 --batch JOBID": a_batch_job("scancel --signal=USR1 --batch $id", "--max-restarts 0"),
    "scancel JOBID": Instead(
        "id=$(sbatch --parsable --hold slurm/sweep.sbatch JOB.yaml OUT.h5) && scancel $id", "needs a job", kind="slurm"
    ),
    "sbatch --signal=B:USR1@600": Instead("sbatch --help | grep -e --signal", MENTION, kind="slurm"),
    "sbatch --ntasks-per-node": Instead("sbatch --help | grep -e --ntasks-per-node", MENTION, kind="slurm"),
    "sbatch --no-requeue": Instead("sbatch --help | grep -e --no-requeue", MENTION, kind="slurm"),
    "sbatch slurm/sweep.sbatch": Instead("sbatch --test-only slurm/sweep.sbatch", MENTION, kind="slurm"),
    "module load gcc openmpi hdf5": Instead(
        ". /usr/share/modules/init/bash && module load --help",
        "the names of modules differ between sites",
        kind="slurm",
    ),
    "srun --mpi=pmix -n 64 apptainer exec moonsweep.sif /moonsweep/build-local/moonsweep run JOB.yaml -o OUT.h5": (
        Instead("srun --mpi=pmix --ntasks=4 moonsweep run JOB.yaml -o OUT.h5", "needs Apptainer", kind="slurm")
    ),
    "docker build -t moonsweep .": Instead("grep -F 'docker build -t moonsweep .' Dockerfile", "needs Docker"),
    "apptainer build moonsweep.sif docker-daemon:moonsweep:latest": Instead(
        "grep -x 'FROM debian:12' Dockerfile", "needs Docker and Apptainer"
    ),
    "scancel --signal=USR1 JOBID.STEP": Instead(
        f"{LONG_JOB} && {{ srun --mpi=pmix moonsweep run long.yaml -o long.h5 & {UNTIL_IT_RUNS}; }} && "
        "scancel --signal=USR1 $(squeue --noheader --steps --format=%i | grep '[.]0$') && wait $!",
        "needs a job step",
        kind="slurm",
        status=75,
    ),
    "moonsweep status --exit-code OUT.h5; [ $? -ne 75 ] || sbatch ...": Instead(
        "moonsweep status --exit-code OUT.h5; [ $? -ne 75 ] || sbatch --version",
        "contains an abbreviated command, which is not executed",
    ),
    # ---- others ----------------------------------------------------------------------------------------
    "moonsweep best flowers.h5 --top 2 --by -dev_accuracy,train_cost --job refine.yaml --data-folder docs/examples": (
        Instead(BEST, "needs the result of the line before")
    ),
    "moonsweep run refine.yaml -o refine.h5": Instead(
        f"{BEST} && moonsweep run refine.yaml -o refine.h5", "needs the job of the line before"
    ),
    "moonsweep run docs/examples/more-units.yaml -o more-units.h5 --from smoke.h5": Instead(
        "moonsweep run jobs/smoke.yaml -o smoke.h5 && "
        "moonsweep run docs/examples/more-units.yaml -o more-units.h5 --from smoke.h5",
        "needs the result of another job",
    ),
    "moonsweep data FOLDS.yaml --dataset 2 -o FOLD.csv": Instead(
        "sed 's/dev_fraction:.*/folds: 3/' jobs/smoke.yaml >FOLDS.yaml && "
        "moonsweep data FOLDS.yaml --dataset 2 -o FOLD.csv",
        "needs a job with folds",
    ),
    "moonsweep show": Instead("moonsweep show --help", MENTION),
    "moonsweep show --sort": Instead("moonsweep show --help | grep -e --sort", MENTION),
    "moonsweep plan": Instead("moonsweep plan --help", MENTION),
    "moonsweep best": Instead("moonsweep best --help", MENTION),
    "moonsweep data --dataset N": Instead("moonsweep data --help | grep -e --dataset=N", MENTION),
    "moonsweep verify --retrain": Instead("moonsweep verify --help | grep -e --retrain", MENTION),
    "moonsweep stop OUT.h5": Instead(
        f"{LONG_JOB} && {{ moonsweep run long.yaml -o long.h5 & {UNTIL_IT_RUNS}; }} && "
        "moonsweep stop long.h5 && wait $!",
        "needs a running sweep, which then ends with 75",
        status=75,
    ),
    "cp COPY OUT.h5": Instead("cp out.h5 copy.h5 && cp copy.h5 OUT.h5", MENTION),
    "moonsweep predict flowers.h5 --config 3 --data docs/examples/flowers.csv": Instead(
        "moonsweep run docs/examples/flowers.yaml -o flowers.h5 && "
        "moonsweep predict flowers.h5 --config 3 --data docs/examples/flowers.csv",
        "reads the result of the command before it, which is run first",
    ),
    "moonsweep show race.h5 --where 'status=done iterations=2700'": Instead(
        "moonsweep run docs/examples/race.yaml -o race.h5 && "
        "moonsweep show race.h5 --where 'status=done iterations=2700'",
        "reads the result of the command before it, which is run first",
    ),
    "moonsweep predict --output": Instead("moonsweep predict --help | grep -e --output", MENTION),
    "moonsweep predict --data FILE.csv": Instead("moonsweep predict OUT.h5 --config 126 --data FILE.csv", MENTION),
    **{
        f"moonsweep {command}": Instead(f"moonsweep {command} --help", MENTION)
        for command in ("run", "status", "stop", "verify", "data")
    },
    "moonsweep run ... &": Instead("moonsweep run --help", MENTION),
    "kill -USR1": Instead("kill -l USR1", MENTION),
    "kill -CONT": Instead("kill -l CONT", MENTION),
    "ulimit -S -t SECONDS": Instead("ulimit -S -t 3600", "contains a placeholder for a number"),
    "cp --sparse": Instead("cp --help | grep -e --sparse", MENTION),
    "rsync --sparse": Instead("true", MENTION + "; rsync may be missing"),
    "mpirun ... 2>&1 \\| head": Instead("true", "shows what goes wrong; contains an abbreviated command"),
}


def with_placeholders(command):
    for word, value in PLACEHOLDERS.items():
        command = command.replace(word, value)
    return command
