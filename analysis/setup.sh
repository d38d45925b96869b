#!/bin/sh
# Makes the Python environment analysis/.venv, with all versions pinned and the package moonsweep (editable).
# If it is up to date, the script returns quickly and prints nothing.
#
#     analysis/setup.sh             installs what jobs/local.sh needs
#     analysis/setup.sh --export    also installs what the export to Parquet and Zarr needs (210 MB)
#     analysis/setup.sh --dev       also installs what the package's tests need, the former included
#
# PYTHON is the interpreter, /usr/bin/python3 by default (3.11 or newer, with venv).
# Exit status: 0 up to date; 64 wrong usage; 69 Python or a package is not available, with advice.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -eu

# The physical path, because an environment contains its path and may be a link to that of another checkout.
analysis=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
venv=$analysis/.venv
python=${PYTHON:-/usr/bin/python3}

fail() {
    printf 'analysis/setup.sh: %s\n' "$2" >&2
    exit "$1"
}

# install FILE: installs exactly the packages of a requirements file.
install() {
    if ! log=$("$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --only-binary :all: --requirement "$1" 2>&1); then
        printf '%s\n' "$log" >&2
        fail 69 "could not install the packages of $1: check the network, or set PIP_INDEX_URL"
    fi
}

# is_current STAMP WANTED: whether an earlier call completed WANTED.
is_current() {
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

case $#:${1:-} in
0:) lists='' ;;
1:--export) lists='export' ;;
1:--dev) lists='export dev' ;;
*) fail 64 "usage: setup.sh [--export | --dev]" ;;
esac

version=$("$python" -c 'import sys; print(sys.version, sys.version_info >= (3, 11))' 2>/dev/null) ||
    fail 69 "$python is missing: install python3 and python3-venv (3.11 or newer), or set PYTHON"
case $version in
*True) ;;
*) fail 69 "$python is ${version%% *}; Python 3.11 or newer is needed: install it, or set PYTHON" ;;
esac

# Only one call at a time: others wait here and then find the environment up to date.
exec 9<"$analysis"
flock 9

cd "$analysis"
base=$({ echo "$analysis $python $version"; cat setup.sh pyproject.toml requirements.txt; } | sha256sum)
if ! is_current "$venv/base.stamp" "$base"; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail 69 "$python has no venv: install python3-venv (Debian, Ubuntu: apt-get install python3-venv)"
    echo "analysis/setup.sh: making the Python environment analysis/.venv (400 MB)" >&2
    "$python" -m venv --clear "$venv" ||
        fail 69 "$python could not make $venv"
    install requirements.txt
    log=$("$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
        --no-build-isolation --editable . 2>&1) || {
        printf '%s\n' "$log" >&2
        fail 69 "could not install the package moonsweep itself"
    }
    # Matplotlib scans all fonts once. Doing it here saves the time when the first figures are drawn.
    "$venv/bin/python" -W ignore -c 'import matplotlib.font_manager' >/dev/null 2>&1 || true
    echo "$base" >"$venv/base.stamp"
fi

for list in $lists; do
    wanted=$({ echo "$base"; cat "requirements-$list.txt"; } | sha256sum)
    if ! is_current "$venv/$list.stamp" "$wanted"; then
        install "requirements-$list.txt"
        echo "$wanted" >"$venv/$list.stamp"
    fi
done
