#!/usr/bin/env bash
# Extracts Debian packages of another architecture, with their dependencies, into a folder that a cross compiler and
# qemu use as the root of that machine. It changes nothing else on this machine and needs no privileges.
#
#   tests/emulated/sysroot.sh ARCHITECTURE FOLDER PACKAGE...
#
# A stamp in the folder lists what it was made from; the folder is made again when that changes. apt uses a separate
# state in a temporary folder, with this machine's sources and keys.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
architecture=$1 folder=$2
shift 2

# Dependencies that are programs. They are not needed here, and would be half of the download.
programs='adduser automake-1.16 binutils debconf dpkg gcc gfortran gfortran-12 openmpi-bin passwd perl perl-base tar'

stamp=$(cat /etc/os-release; echo "$architecture without $programs:" "$@")
if [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "tests/emulated/sysroot.sh: fetching $architecture packages needs apt-get" >&2
    exit 69
fi

echo "making $folder" >&2
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
for program in $programs; do
    printf 'Package: %s\nStatus: install ok installed\nArchitecture: %s\nMaintainer: none\nVersion: 1:999\n\n' \
        "$program" "$architecture"
done >"$state/status"

# apt ACTION...: runs apt-get on that state.
apt() {
    apt-get -qq -o Dpkg::Use-Pty=0 -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
        -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
        -o Debug::NoLocking=true -o APT::Sandbox::User=root -o Acquire::Retries=3 "$@" >"$state/log" 2>&1
}

if ! { apt update && apt install --yes --no-install-recommends --download-only "$@"; }; then
    tail -n 20 "$state/log" >&2
    echo "tests/emulated/sysroot.sh: cannot fetch the $architecture packages" >&2
    exit 69
fi
rm -rf "$folder"
mkdir -p "$folder"
for package in "$state"/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$folder"
done
# Written last, so that an incomplete folder is made again.
printf '%s\n' "$stamp" >"$folder/.stamp"
