#!/usr/bin/env bash
# Makes a separate Python environment from a list of pinned packages, unless there is one that is up to date.
#
#   tools/venv.sh FOLDER REQUIREMENTS.txt
#
# A stamp inside the folder records the list and the Python version; the environment is made again when either changes.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 64; }
folder=$1 requirements=$2

stamp=$(python3 --version; sha256sum <"$requirements")
if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

echo "making the Python environment $folder" >&2
rm -rf "$folder"
python3 -m venv "$folder"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r "$requirements" \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "tools/venv.sh: the packages of $requirements could not be installed into $folder" >&2
    exit 69
fi
# The stamp is written last, so that an incomplete environment is made again.
printf '%s\n' "$stamp" >"$folder/.stamp"
