# shellcheck shell=bash
# Completes the commands, options and files of moonsweep in bash. What can be completed is read from the help texts of
# the program, so that this file never differs from it.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

_moonsweep() {
    local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>/dev/null |
            sed -n '/^Commands:/,/^[^ C]/s/^  \([a-z]*\) .*/\1/p')" -- "$current")
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null |
            sed -n 's/^ *\(-.,\)\{0,1\} *\(--[a-z-]*\).*/\2/p')" -- "$current")
    fi
}
# Files are completed where nothing else can be.
complete -o bashdefault -o default -F _moonsweep moonsweep
