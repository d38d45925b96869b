#!/usr/bin/env bash
# Makes a folder that holds Debian's packages of another architecture, with all they depend on: what a cross compiler
# and qemu take as the root of that machine. Nothing of this machine is changed, and no right is needed.
#
#   tests/emulated/sysroot.sh ARCHITECTURE FOLDER PACKAGE...
#
# A stamp inside the folder says what it was made from; it is made anew when that changes. apt works on state of its
# own, with this machine's sources and keys; the packages come and go with a temporary folder.
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
architecture=$1 folder=$2
shift 2

# Dependencies that are programs: nobody starts them here, and they would be half of what is fetched.
programs='adduser automake-1.16 binutils debconf dpkg gcc gfortran gfortran-12 openmpi-bin passwd perl perl-base tar'

stamp=$(cat /etc/os-release; echo "$architecture without $programs:" "$@")
if [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
command -v apt-get >/dev/null || { echo "tests/emulated/sysroot.sh: it takes apt-get to fetch $architecture packages" >&2; exit 69; }

echo "making $folder" >&2
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
for program in $programs; do
    printf 'Package: %s\nStatus: install ok installed\nArchitecture: %s\nMaintainer: none\nVersion: 1:999\n\n' \
        "$program" "$architecture"
done >"$state/status"

# apt ACTION...: on that state.
apt() {
    apt-get -qq -o Dpkg::Use-Pty=0 -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
        -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
        -o Debug::NoLocking=true -o APT::Sandbox::User=root -o Acquire::Retries=3 "$@" >"$state/log" 2>&1
}

if ! { apt update && apt install --yes --no-install-recommends --download-only "$@"; }; then
    tail -n 20 "$state/log" >&2
    echo "tests/emulated/sysroot.sh: the $architecture packages could not be fetched" >&2
    exit 69
fi
rm -rf "$folder"
mkdir -p "$folder"
for package in "$state"/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$folder"
done
# Written last: a folder that was cut off is made anew.
printf '%s\n' "$stamp" >"$folder/.stamp"
