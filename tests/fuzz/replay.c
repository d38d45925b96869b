/* Replays the corpus of a fuzz target, a folder with a list, cases.txt, that has a line for each file:
 *
 *     name | a part of the message of refusal | what it tests
 *
 * Files called good-... must be accepted (their part is `-`), and files called bad-... must be refused with a message
 * that contains the part. No file of the folder may be missing in the list.
 *
 *     replay_job tests/fuzz/corpus/job
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static const char *const list_name = "cases.txt";

/* Ends the program because of an error in the corpus itself. */
static _Noreturn void fail(const char *what, const char *where)
{
    (void)fprintf(stderr, "%s: %s\n", where, what);
    exit(EXIT_FAILURE);
}

static FILE *open_file(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (file == NULL)
        fail("it cannot be opened", path);
    return file;
}

/* Returns the bytes of a file, which the caller frees. The allocation has exactly their size, so that a read beyond the
 * end is found. */
static unsigned char *read_file(const char *folder, const char *name, size_t *count)
{
    FILE *file = open_file(folder, name);
    unsigned char *bytes;
    long size;

    if (fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0)
        fail("its size cannot be determined", name);
    bytes = malloc(size > 0 ? (size_t)size : 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        fail("it cannot be read", name);
    (void)fclose(file);
    *count = (size_t)size;
    return bytes;
}

/* Ends text at " | ", and returns the text after it. */
static char *cut(char *text)
{
    char *bar = strstr(text, " | ");

    if (bar == NULL)
        fail("a line must be: name | message | why", text);
    *bar = '\0';
    return bar + strlen(" | ");
}

/* Returns whether a file is accepted or refused as its line says. */
static bool replay(const char *folder, const char *name, const char *message)
{
    size_t count;
    unsigned char *bytes = read_file(folder, name, &count);
    struct ms_error err = {.text = ""};
    enum ms_code code = fuzz_one(bytes, count, &err);
    bool is_good = strncmp(name, "good-", strlen("good-")) == 0;
    bool is_right = is_good ? code == MS_OK : code != MS_OK && strstr(err.text, message) != NULL;

    free(bytes);
    if (!is_right)
        (void)fprintf(stderr, "%s: it must be %s%s; it was %s: %s\n", name,
                      is_good ? "accepted" : "refused with: ", is_good ? "" : message,
                      code == MS_OK ? "accepted" : "refused", err.text);
    return is_right;
}

/* Returns the number of files in the folder, without the list. */
static int count_files(const char *folder)
{
    DIR *entries = opendir(folder);
    int files = 0;

    if (entries == NULL)
        fail("it cannot be opened", folder);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;)
        files += entry->d_name[0] != '.' && strcmp(entry->d_name, list_name) != 0;
    (void)closedir(entries);
    return files;
}

int main(int argc, char **argv)
{
    char line[1024];
    int listed = 0, wrong = 0;
    FILE *list;

    if (argc != 2)
        fail("the folder of a corpus is needed", argv[0]);
    list = open_file(argv[1], list_name);
    while (fgets(line, sizeof line, list) != NULL) {
        char *message;

        if (line[0] == '#' || line[0] == '\n')
            continue;
        message = cut(line);
        (void)cut(message);
        wrong += !replay(argv[1], line, message);
        listed++;
    }
    (void)fclose(list);
    if (listed == 0 || listed != count_files(argv[1]))
        fail("cases.txt must list every file", argv[1]);
    (void)printf("%d files, %d wrong\n", listed, wrong);
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
