/* The shortest decimal text that reads back as the same double. */
#ifndef MOONSWEEP_CLI_SHORTEST_H
#define MOONSWEEP_CLI_SHORTEST_H

/* Room for any text, its NUL included: "-2.2250738585072014e-308". */
#define SHORTEST_SIZE 32

/* Writes it into text and returns text. "nan", "inf" and "-inf" for what is not finite. */
const char *shortest_text(double x, char text[SHORTEST_SIZE]);

#endif
