#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them.
#
#   tests/run.sh [--long] [KIND...]
#
# A kind is `unit` (the Check programs), `sanitize` (these and a sweep under AddressSanitizer and UBSan), `analysis`
# (the Python package) or a folder of tests/ with Python tests: lint, setup, slurm and so on. By default all kinds run,
# one more at a time than there are cores, because many tests wait; --long adds the long tests. For each kind a line
# shows the numbers of passed and failed tests, the wall-clock time and the processor time. Details of failures are
# printed; everything else is in build-test/. The last line is the sum over all kinds. The exit status is 1 if a test
# failed or a kind had none to run.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -uo pipefail
cd "$(dirname "$0")/.." || exit

out=build-test
python=$out/venv/bin/python
passed_in_all=0 failed_in_all=0

# These functions count tests in $passed, $failed and $skipped.

# fail MESSAGE [LOG]: reports a failure outside a test, which counts as a failed test.
fail() {
    echo "FAILED $1"
    # Leaves out ninja's lines about successful steps.
    [ $# -eq 1 ] || grep -v '^\[[0-9]*/[0-9]*\] ' "$2" | tail -n 40
    failed=$((failed + 1))
}

# count NAME STATUS: counts the results in build-test/NAME.xml, from a command with exit status STATUS and log NAME.log.
count() {
    local name=$1 status=$2 p f s
    read -r p f s < <(tests/count.py "$out/$name.xml" 2>"$out/$name.details")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    head -n 60 "$out/$name.details"
    if [ "$(wc -l <"$out/$name.details")" -gt 60 ]; then echo "... more in $out/$name.details"; fi
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then fail "$name ended with status $status" "$out/$name.log"; fi
    if [ $((p + f)) -eq 0 ]; then fail "$name ran nothing"; fi
}

# build NAME COMPILER OPTION...: updates build-test/NAME, or only its target $target if set. What other builds have
# compiled in the same way, as on other implementations of MPI most of the program, ccache remembers.
build() {
    local name=$1 compiler=$2 log=$out/$1.build.log
    shift 2
    if [ ! -f "$out/$name/build.ninja" ]; then
        CC="ccache $compiler" meson setup -Dtests=enabled "$@" "$out/$name" . >"$log" 2>&1 ||
            { fail "meson setup of $out/$name" "$log"; return 1; }
    fi
    ninja -j "$cores" -C "$out/$name" ${target:+"$target"} >"$log" 2>&1 ||
        { fail "the build of $out/$name" "$log"; return 1; }
}

# meson_tests BUILD: runs the Check programs of a build.
meson_tests() {
    local status=0
    rm -f "$out/$1.xml"
    meson test -C "$out/$1" --no-rebuild --num-processes "$cores" >"$out/$1.log" 2>&1 || status=$?
    cp "$out/$1/meson-logs/testlog.junit.xml" "$out/$1.xml" 2>/dev/null
    count "$1" "$status"
}

# python_tests NAME FOLDER [OPTION...]: runs the tests of a folder with $python.
python_tests() {
    local name=$1 folder=$2 status=0
    shift 2
    rm -f "$out/$name.xml"
    "$python" -m pytest --quiet --tb=short --junitxml="$out/$name.xml" "$@" "$folder" \
        >"$out/$name.log" 2>&1 || status=$?
    count "$name" "$status"
}

# processor_s PID: prints the processor time of everything that a shell has run so far, in seconds. Unlike the
# wall-clock time, it is nearly independent of other load.
processor_s() {
    local line utime stime cutime cstime
    line=$(cat "/proc/$1/stat")
    # The fields after the name, which may contain anything, in ticks.
    read -r _ _ _ _ _ _ _ _ _ _ _ utime stime cutime cstime _ <<<"${line##*) }"
    echo $(((utime + stime + cutime + cstime) / $(getconf CLK_TCK)))
}

# purpose KIND: prints the purpose of tools/setup.sh that a kind needs in addition to `test`.
purpose() {
    case $1 in
    bits | kernel | lint) echo lint ;; # for clang
    analysis) echo browser ;;
    anympi | emulated | fault | fuzz | sanitize | setup | slurm | store) echo "$1" ;;
    *) echo test ;;
    esac
}

# on_mpi NAME MPICC MPIRUN: runs the tests of several kinds on another MPI: its compiler and its launcher. Without
# --long these are the tests with the mark other_mpis.
on_mpi() {
    local name=$1
    target=any_mpi build "$name" gcc --werror "-Dmpi=$2" || return
    MOONSWEEP_BUILD=$out/$name MOONSWEEP_MPIRUN=$3 python_tests "anympi-$name" tests/anympi \
        tests/mpi tests/fault/test_kills.py tests/fault/test_grow_kills.py ${long:--n "$cores" -m other_mpis}
}

# on_wheel NAME: the same on an MPI that a Python package contains.
on_wheel() {
    local folder=$PWD/$out/$1-wheel
    tools/venv.sh "$folder" "tests/anympi/$1.txt" || { fail "tools/venv.sh for $1"; return; }
    on_mpi "$1" "$folder/bin/mpicc" "$folder/bin/mpirun"
}

run_kind() {
    tools/setup.sh "$(purpose "$1")" || { fail "tools/setup.sh $(purpose "$1")"; return; }
    case $1 in
    unit) meson_tests gcc ;;
    sanitize)
        # Without --werror, because gcc gives false warnings about code with sanitizers.
        build sanitize gcc --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined || return
        meson_tests sanitize
        MOONSWEEP_BUILD=$out/sanitize python_tests sanitize-sweep tests/sanitize $long
        ;;
    fuzz)
        target=fuzzers build fuzz clang --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined \
            -Db_lundef=false -Dfuzzers=true -Dc_args=-fsanitize=fuzzer-no-link || return
        python_tests fuzz tests/fuzz $long
        ;;
    anympi)
        MOONSWEEP_BUILD=$out/gcc python_tests anympi-gcc tests/anympi $long
        on_mpi mpich mpicc.mpich mpiexec.mpich
        on_wheel mpich5
        on_wheel openmpi5
        ;;
    analysis)
        analysis/setup.sh --dev >"$out/analysis-setup.log" 2>&1 ||
            { fail "analysis/setup.sh --dev" "$out/analysis-setup.log"; return; }
        MOONSWEEP_PROGRAM=$PWD/$out/gcc/moonsweep python=analysis/.venv/bin/python python_tests analysis analysis/tests $long
        ;;
    *)
        # Kinds that mostly wait run several tests at a time. Long versions do not, so that their output is in order.
        case $1$long in
        cli | fault | mpi) python_tests "$1" "tests/$1" -n "$cores" ;;
        *) python_tests "$1" "tests/$1" $long ;;
        esac
        ;;
    esac
}

# report KIND: runs a kind, prints its failures and its line, and writes its counts to build-test/KIND.counts.
report() {
    local passed=0 failed=0 skipped=0 started=$SECONDS self=$BASHPID
    run_kind "$1"
    printf '%-12s %5d passed %3d failed %3d skipped %5d s %6d s of processor time\n' \
        "$1" "$passed" "$failed" "$skipped" $((SECONDS - started)) "$(processor_s "$self")"
    echo "$passed $failed" >"$out/$1.counts"
}

# start KIND: runs a kind in a separate process group.
start() {
    rm -f "$out/$1.counts"
    set -m
    report "$1" >"$out/$1.report" 2>&1 </dev/null &
    set +m
    running[$!]=$1
}

# finish: waits for one kind, prints its report and adds up its counts.
finish() {
    local ended kind p f
    wait -n -p ended "${!running[@]}"
    kind=${running[$ended]}
    unset "running[$ended]"
    cat "$out/$kind.report"
    read -r p f 2>/dev/null <"$out/$kind.counts" || { echo "FAILED $kind did not end"; p=0 f=1; }
    passed_in_all=$((passed_in_all + p)) failed_in_all=$((failed_in_all + f))
}

# build_and_install: builds the program and all its tests, and meanwhile installs all missing packages at once. If the
# installation fails, each kind that needs them fails.
build_and_install() {
    local installing built=0
    tools/setup.sh "${purposes[@]}" &
    installing=$!
    build gcc gcc --werror || built=$?
    wait "$installing"
    return "$built"
}

# stop SIGNAL: ends all running kinds and this script.
stop() {
    local groups=("${!running[@]}")
    [ ${#groups[@]} -eq 0 ] || kill -s TERM -- "${groups[@]/#/-}"
    trap - "$1"
    kill -s "$1" $$
}

long='' kinds=()
for word; do
    case $word in
    --long) long=--long ;;
    -*) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
    *) kinds+=("$word") ;;
    esac
done
if [ ${#kinds[@]} -eq 0 ]; then
    # The longest first, so that none of these runs alone at the end.
    kinds=(fault lint sanitize mpi anympi)
    if [ -d analysis ]; then kinds+=(analysis); fi
    for folder in tests/*/; do
        kind=$(basename "$folder")
        if [ "$kind" = unit ] || compgen -G "$folder/test_*.py" >/dev/null; then
            case " ${kinds[*]} " in *" $kind "*) ;; *) kinds+=("$kind") ;; esac
        fi
    done
fi

mkdir -p "$out"
cores=$(tools/cores.sh)
purposes=()
for kind in "${kinds[@]}"; do purposes+=("$(purpose "$kind")"); done
failed=0
declare -A running=()
for signal in HUP INT TERM; do
    # shellcheck disable=SC2064 # expands $signal now, as intended
    trap "stop $signal" "$signal"
done
if tools/setup.sh build test && tools/venv.sh "$out/venv" tests/requirements.txt && build_and_install; then
    for kind in "${kinds[@]}"; do
        if [ ${#running[@]} -gt "$cores" ]; then finish; fi
        start "$kind"
    done
    while [ ${#running[@]} -gt 0 ]; do finish; done
else
    failed_in_all=$((failed > 0 ? failed : 1))
fi
echo "$passed_in_all passed, $failed_in_all failed"
[ "$failed_in_all" -eq 0 ]
