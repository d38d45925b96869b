/* A command line as a person would type it. */
#ifndef MOONSWEEP_CLI_COMMAND_LINE_H
#define MOONSWEEP_CLI_COMMAND_LINE_H

/* "moonsweep" and argv [argc] as one text, with the quotes a shell would need: one line of UTF-8 without control
 * characters, the bytes of which are written as \xNN in $'...'. The caller frees it. NULL without memory. */
char *command_line_text(int argc, char **argv);

#endif
