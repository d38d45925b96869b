#!/usr/bin/env bash
# Makes sure that what a purpose needs is on this machine. The one place that knows the system's packages.
#
#   tools/setup.sh PURPOSE...      build     compile and run the program
#                                  analysis  make the Python environment of analysis/
#                                  test      run the tests
#                                  lint      check the sources
#                                  fuzz      let libFuzzer test the readers
#                                  fault     find leaks and wrong accesses by valgrind
#                                  sanitize  name the functions of the C library in what sanitizers report
#                                  store     read result files in R
#                                  emulated  compile for other processors, and emulate them
#                                  slurm     start a Slurm of the tests' own
#                                  bench     compare speeds with those of other programs
#
# What is there is left alone, however it came there (a distribution, a module, a build of your own), and looking
# takes a fraction of a second. What is missing is installed on Debian and Ubuntu (with sudo if need be); elsewhere
# it is named, and the exit status is 69.
set -euo pipefail

# purpose   how to look for it           the package on Debian and Ubuntu
table='
build       command cc                   gcc
build       header stdio.h               libc6-dev
build       command meson                meson
build       command ninja                ninja-build
build       command git                  git
build       command pkg-config           pkg-config
build       library ompi-c,mpich,mpi-c   libopenmpi-dev
build       command mpirun               openmpi-bin
build       library hdf5-openmpi,hdf5-mpi,hdf5-mpich,hdf5  libhdf5-openmpi-dev
build       library yaml-0.1             libyaml-dev
build       library libxxhash            libxxhash-dev
analysis    command python3              python3
analysis    module ensurepip             python3-venv
test        library check                check
test        library mpfr                 libmpfr-dev
test        command python3              python3
test        module ensurepip             python3-venv
test        command h5dump               hdf5-tools
test        command ncdump               netcdf-bin
test        command ps                   procps
test        command mandoc               mandoc
test        command objdump              binutils
test        file /usr/share/i18n/charmaps  locales
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
slurm       command slurmctld            slurmctld
slurm       command slurmd               slurmd
slurm       command srun                 slurm-client
slurm       command munged               munge
slurm       command unshare              util-linux
bench       command g++                  g++
bench       pyheader Python.h            python3-dev
bench       module ensurepip             python3-venv
bench       library fann                 libfann-dev
'

# Daemons live where only root looks.
PATH=$PATH:/usr/sbin:/sbin

# is_there HOW NAMES: NAMES, separated by commas, are other names for the same thing.
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

# install PACKAGE...: as root, by whatever way there is.
install() {
    local log run=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || return 1
        run=(sudo)
        # Without a terminal nobody can type a password.
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

[ $# -gt 0 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
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
    echo "tools/setup.sh: this machine lacks what Debian and Ubuntu call"
    printf '    %s\n' "${missing[@]}"
    echo "install it (by apt-get as root, or under its name in your distribution or your cluster's modules) and start again"
} >&2
exit 69
