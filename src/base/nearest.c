/* Compares the text with every word, by dynamic programming in a table of fixed size on the stack, for which
 * very long words are left out. A word that is as near as an earlier one does not replace it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/nearest.h"

#include <ctype.h>
#include <string.h>

/* Longer words are not compared. */
#define LONGEST 63

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* The number of changes from a to b, both at most LONGEST letters long: the Levenshtein distance with swaps of
 * neighbouring letters. Three rows of the usual table are enough: d[i % 3][j] is the distance from the first i letters
 * of a to the first j letters of b. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t d[3][LONGEST + 1];

    for (size_t j = 0; j <= b_length; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = d[i % 3];
        const size_t *above = d[(i + 2) % 3], *two_above = d[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = min_size(above[j - 1] + !same_letter(a[i - 1], b[j - 1]),
                              1 + min_size(above[j], row[j - 1]));
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]))
                row[j] = min_size(row[j], two_above[j - 2] + 1);
        }
    }
    return d[a_length % 3][b_length];
}

const char *ms_nearest(const char *text, const char *const *words, size_t n)
{
    const size_t length = strlen(text);
    const char *nearest = NULL;
    size_t fewest = LONGEST;

    if (length > LONGEST)
        return NULL;
    for (size_t k = 0; k < n; k++) {
        const size_t word_length = strlen(words[k]);
        size_t changes;

        if (word_length > LONGEST)
            continue;
        changes = distance(text, length, words[k], word_length);
        if (changes < fewest && changes < word_length && (changes <= 1 || changes <= word_length / 3)) {
            fewest = changes;
            nearest = words[k];
        }
    }
    return nearest;
}
