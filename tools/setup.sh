#!/usr/bin/env bash
# Checks that this machine has what a purpose needs, and installs what is missing. Only this script knows the names of
# the system's packages.
#
#   tools/setup.sh PURPOSE...      build     compile and run the program
#                                  analysis  make the Python environment of analysis/
#                                  browser   open the report of a sweep in a browser
#                                  test      run the tests
#                                  setup     complete commands in other shells
#                                  lint      check the sources
#                                  fuzz      let libFuzzer test the readers
#                                  fault     find leaks and invalid accesses with valgrind
#                                  sanitize  name the functions of the C library in reports of sanitizers
#                                  store     read result files in R
#                                  emulated  compile for other processors and emulate them
#                                  anympi    run the tests on other implementations of MPI
#                                  slurm     start a separate Slurm for the tests
#                                  bench     compare speeds with those of other programs
#
# Anything that is present is used, wherever it comes from (a distribution, a module, your own build), and checking
# takes a fraction of a second. Missing packages are installed on Debian and Ubuntu (with sudo if necessary); on other
# systems the script prints their names, and the exit status is 69.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -euo pipefail

# purpose   how to check for it          the package on Debian and Ubuntu
table='
build       command cc                   gcc
build       header stdio.h               libc6-dev
build       command meson                meson
build       command ninja                ninja-build
build       command git                  git
build       command pkg-config           pkg-config
build       library ompi-c,mpich,mpi-c   libopenmpi-dev
build       command mpirun               openmpi-bin
build       library hdf5-serial,hdf5,hdf5-openmpi,hdf5-mpi,hdf5-mpich  libhdf5-dev
build       library yaml-0.1             libyaml-dev
build       library libxxhash            libxxhash-dev
analysis    command python3              python3
analysis    module ensurepip             python3-venv
browser     file /usr/bin/chromium       chromium
browser     file /usr/bin/chromedriver   chromium-driver
test        library check                check
test        library mpfr                 libmpfr-dev
test        command python3              python3
test        module ensurepip             python3-venv
test        command h5dump               hdf5-tools
test        command ncdump               netcdf-bin
test        command ps                   procps
test        command mandoc               mandoc
test        command objdump              binutils
test        command ccache               ccache
test        file /usr/share/i18n/charmaps  locales
setup       command zsh                  zsh
setup       command fish                 fish
lint        command clang                clang
lint        command clang-tidy           clang-tidy
lint        command cppcheck             cppcheck
lint        command shellcheck           shellcheck
fuzz        command clang                clang
fuzz        clang -fsanitize=fuzzer      libclang-rt-dev
fuzz        command llvm-symbolizer      llvm
fault       command valgrind             valgrind
fault       file /usr/lib/debug/.build-id  libc6-dbg
emulated    command aarch64-linux-gnu-gcc  gcc-aarch64-linux-gnu
emulated    file /usr/aarch64-linux-gnu/include,/usr/include/aarch64-linux-gnu  libc6-dev-arm64-cross
emulated    command qemu-aarch64         qemu-user
store       R rhdf5                      r-bioc-rhdf5
sanitize    file /usr/lib/debug/.build-id  libc6-dbg
anympi      command mpiexec.mpich        mpich
anympi      library mpich                libmpich-dev
slurm       command slurmctld            slurmctld
slurm       command slurmd               slurmd
slurm       command srun                 slurm-client
slurm       command munged               munge
slurm       command unshare              util-linux
slurm       command nsenter              util-linux
slurm       command ip                   iproute2
slurm       file /usr/share/modules/init/bash,/usr/share/lmod/lmod/init/bash  environment-modules
bench       command g++                  g++
bench       pyheader Python.h            python3-dev
bench       module ensurepip             python3-venv
bench       library fann                 libfann-dev
'

# Daemons are in folders that are only on root's PATH.
PATH=$PATH:/usr/sbin:/sbin

# is_there HOW NAMES: whether one of NAMES exists, which are alternatives separated by commas.
is_there() {
    local name
    for name in ${2//,/ }; do
        case $1 in
        clang) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -x c "$name" -o /dev/null - 2>/dev/null ;;
        command) command -v "$name" >/dev/null ;;
        file) [ -e "$name" ] ;;
        header) printf '#include <%s>\n' "$name" | cc -E - >/dev/null 2>&1 ;;
        library) pkg-config --exists "$name" 2>/dev/null ;;
        pyheader) [ -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/$name" ] ;;
        R) Rscript -e "library($name)" >/dev/null 2>&1 ;;
        module) python3 -c "import $name" 2>/dev/null ;;
        esac && return
    done
    return 1
}

# install PACKAGE...: runs apt-get as root, or with sudo.
install() {
    local log run=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || return 1
        run=(sudo)
        # Without a terminal sudo cannot ask for a password.
        [ -t 0 ] || sudo -n true 2>/dev/null || return 1
    fi
    run+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
    log=$(mktemp)
    echo "installing $*" >&2
    if "${run[@]}" update >"$log" 2>&1 && "${run[@]}" install --yes --no-install-recommends "$@" >>"$log" 2>&1; then
        rm -f "$log"
    else
        tail -n 20 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

[ $# -gt 0 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
for purpose; do
    grep -q "^$purpose " <<<"$table" || { echo "tools/setup.sh: there is no purpose '$purpose'" >&2; exit 64; }
done

missing=()
while read -r purpose how names package; do
    case " $* " in *" $purpose "*) is_there "$how" "$names" || missing+=("$package") ;; esac
done <<<"$table"
[ ${#missing[@]} -gt 0 ] || exit 0

if command -v apt-get >/dev/null && install "${missing[@]}"; then
    exit 0
fi
{
    echo "tools/setup.sh: these packages (by their names in Debian and Ubuntu) are missing:"
    printf '    %s\n' "${missing[@]}"
    echo "install them (with apt-get as root, or under their names in your distribution or your cluster's modules)," \
        "then run this again"
} >&2
exit 69
