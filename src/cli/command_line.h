/* A command line as a person would type it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_COMMAND_LINE_H
#define MOONSWEEP_CLI_COMMAND_LINE_H

/* Returns "moonsweep" and argv [argc] as one text, quoted as a shell needs it: one line of UTF-8, in which the bytes of
 * control characters are written as \xNN in $'...'. The caller frees it. NULL if there is not enough memory. */
char *command_line_text(int argc, char **argv);

/* Returns one word, quoted in the same way. The caller frees it. NULL if there is not enough memory. */
char *command_line_word(const char *word);

#endif
