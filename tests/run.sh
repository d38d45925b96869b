#!/usr/bin/env bash
# Sets up what the tests need, builds, and runs them all.
#
#   tests/run.sh [--long] [KIND...]
#
# A kind is `unit` (the Check programs), `sanitize` (they and a sweep under AddressSanitizer and UBSan), `analysis`
# (the Python package) or a folder of tests/ with Python tests: lint, setup, slurm and so on. Without a name every
# kind runs; --long adds the long versions. A line each says how many tests passed and failed, and what time they took
# by the clock and of the processors; details are shown of what failed, everything else is in build-test/. The last
# line is the sum over all kinds; the exit status is 1 when a test failed or a kind had none to run.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

out=build-test
python=$out/venv/bin/python
passed_in_all=0 failed_in_all=0

# fail MESSAGE [LOG]: something that is not a test went wrong; it counts as one that failed.
fail() {
    echo "FAILED $1"
    # What ninja did without trouble is of no interest.
    [ $# -eq 1 ] || grep -v '^\[[0-9]*/[0-9]*\] ' "$2" | tail -n 40
    failed=$((failed + 1))
}

# count NAME STATUS: adds up build-test/NAME.xml, which a command left that ended with STATUS, its output in NAME.log.
count() {
    local name=$1 status=$2 p f s
    read -r p f s < <(tests/count.py "$out/$name.xml" 2>"$out/$name.details")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    head -n 60 "$out/$name.details"
    if [ "$(wc -l <"$out/$name.details")" -gt 60 ]; then echo "... all of it: $out/$name.details"; fi
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then fail "$name ended with status $status" "$out/$name.log"; fi
    if [ $((p + f)) -eq 0 ]; then fail "$name ran nothing"; fi
}

# build NAME COMPILER OPTION...: brings build-test/NAME up to date, or only $target of it.
build() {
    local name=$1 compiler=$2 log=$out/$1.build.log
    shift 2
    if [ ! -f "$out/$name/build.ninja" ]; then
        CC=$compiler meson setup -Dtests=enabled "$@" "$out/$name" . >"$log" 2>&1 ||
            { fail "meson setup of $out/$name" "$log"; return 1; }
    fi
    ninja -j "$cores" -C "$out/$name" ${target:+"$target"} >"$log" 2>&1 || { fail "the build of $out/$name" "$log"; return 1; }
}

# meson_tests BUILD: the Check programs of a build.
meson_tests() {
    local status=0
    rm -f "$out/$1.xml"
    meson test -C "$out/$1" --no-rebuild --num-processes "$cores" >"$out/$1.log" 2>&1 || status=$?
    cp "$out/$1/meson-logs/testlog.junit.xml" "$out/$1.xml" 2>/dev/null
    count "$1" "$status"
}

# python_tests NAME FOLDER [OPTION...]: a folder's tests, with $python.
python_tests() {
    local name=$1 folder=$2 status=0
    shift 2
    rm -f "$out/$name.xml"
    "$python" -m pytest --quiet --tb=short --junitxml="$out/$name.xml" "$@" "$folder" \
        >"$out/$name.log" 2>&1 || status=$?
    count "$name" "$status"
}

# processor_s: the processor time of everything that has run so far, in seconds: unlike the time by the clock, it is
# nearly the same beside other work.
processor_s() {
    local line utime stime cutime cstime
    line=$(cat "/proc/$$/stat")
    # Behind the name, which may hold anything; in ticks.
    read -r _ _ _ _ _ _ _ _ _ _ _ utime stime cutime cstime _ <<<"${line##*) }"
    echo $(((utime + stime + cutime + cstime) / $(getconf CLK_TCK)))
}

run_kind() {
    case $1 in
    unit) meson_tests gcc ;;
    sanitize)
        tools/setup.sh sanitize || { fail "tools/setup.sh sanitize"; return; }
        # Without --werror: the sanitizers' own code makes gcc see what is not there.
        build sanitize gcc --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined || return
        meson_tests sanitize
        MOONSWEEP_BUILD=$out/sanitize python_tests sanitize-sweep tests/sanitize $long
        ;;
    fuzz)
        tools/setup.sh fuzz || { fail "tools/setup.sh fuzz"; return; }
        target=fuzzers build fuzz clang --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined \
            -Db_lundef=false -Dfuzzers=true -Dc_args=-fsanitize=fuzzer-no-link || return
        python_tests fuzz tests/fuzz $long
        ;;
    analysis)
        analysis/setup.sh --dev >"$out/analysis-setup.log" 2>&1 || { fail "analysis/setup.sh --dev" "$out/analysis-setup.log"; return; }
        MOONSWEEP_PROGRAM=$PWD/$out/gcc/moonsweep python=analysis/.venv/bin/python python_tests analysis analysis/tests
        ;;
    *)
        # What a kind needs beside `test` has its name in tools/setup.sh; bits and kernel use lint's other compiler.
        case $1 in
        bits | kernel | lint) tools/setup.sh lint || { fail "tools/setup.sh lint"; return; } ;;
        emulated | fault | slurm | store) tools/setup.sh "$1" || { fail "tools/setup.sh $1"; return; } ;;
        esac
        # What waits more than it computes goes several at a time; but what a long version prints, one process does.
        case $1$long in
        cli | fault | mpi) python_tests "$1" "tests/$1" -n "$cores" ;;
        *) python_tests "$1" "tests/$1" $long ;;
        esac
        ;;
    esac
}

long='' kinds=()
for word; do
    case $word in
    --long) long=--long ;;
    -*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
    *) kinds+=("$word") ;;
    esac
done
if [ ${#kinds[@]} -eq 0 ]; then
    kinds=(unit)
    for folder in tests/*/; do
        folder=${folder%/}
        if compgen -G "$folder/test_*.py" >/dev/null; then kinds+=("${folder#tests/}"); fi
    done
    if [ -d analysis ]; then kinds+=(analysis); fi
fi

mkdir -p "$out"
cores=$(tools/cores.sh)
failed=0
if tools/setup.sh build test && tools/venv.sh "$out/venv" tests/requirements.txt && build gcc gcc --werror; then
    for kind in "${kinds[@]}"; do
        passed=0 failed=0 skipped=0 started=$SECONDS used=$(processor_s)
        run_kind "$kind"
        printf '%-12s %5d passed %3d failed %3d skipped %5d s %6d s of processor time\n' \
            "$kind" "$passed" "$failed" "$skipped" $((SECONDS - started)) $(($(processor_s) - used))
        passed_in_all=$((passed_in_all + passed)) failed_in_all=$((failed_in_all + failed))
    done
else
    failed_in_all=$((failed > 0 ? failed : 1))
fi
echo "$passed_in_all passed, $failed_in_all failed"
[ "$failed_in_all" -eq 0 ]
