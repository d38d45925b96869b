# Completes the commands and options of moonsweep in fish, as the help texts of the program list them.

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

complete -c moonsweep -n __fish_use_subcommand -f -a "(moonsweep --help | string match -rg '^  ([a-z]+) +(.*)' | paste -d '\t' - -)"
complete -c moonsweep -n 'not __fish_use_subcommand; and string match -q -- "-*" (commandline -ct)' \
    -a "(moonsweep (commandline -opc)[2] --help | string match -rg '^ *(?:-., )? *(--[a-z-]+)')"
