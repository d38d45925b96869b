/* Flips bits of a finished result one at a time, and checks what becomes of each:
 *
 *     flip_bits RESULT EVERY < BITS
 *
 * Each line of BITS is "OFFSET BIT COPY PLACE", for one bit of a byte that never changes. `stop` refuses the file,
 * `verify` names the place, and neither writes; then `run` repairs the bit and writes nothing else. If COPY is not 0, it
 * is the offset of the second copy of the byte, in which the bit is flipped as well: then `run` refuses the file and
 * writes nothing. Of EVERY bits, one is really repaired, and `run` is asked only what it would repair for the others,
 * because it reads the repaired structure before it writes. The calls are those that these commands make, so that thousands of bits take seconds. It exits with 0
 * if all is as it should be, and otherwise says for which bit it is not. RESULT is the original again at the end.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "moonsweep/lock.h"
#include "moonsweep/verify.h"

enum { LINE_BYTES = 256, BETWEEN_WHOLE = 100 };

/* The file, and what it contained. */
static struct {
    const char *path;
    int descriptor;
    size_t count;
    const unsigned char *now; /* [count] as it is */
    unsigned char *original;  /* [count] */
} result;

/* The bit that is flipped. */
static struct {
    unsigned long long offset, copy; /* copy is 0 if only one byte is corrupt */
    unsigned bit;
    char place[LINE_BYTES];
} flip;

static _Noreturn void fail(const char *what, const char *detail)
{
    (void)fprintf(stderr, "bit %u of byte %llu (%s): %s %s\n", flip.bit, flip.offset, flip.place, what,
                  detail);
    exit(1);
}

static void check(bool is, const char *what, const char *detail)
{
    if (!is)
        fail(what, detail);
}

static void read_result(const char *path)
{
    struct stat status;
    void *now;

    result.path = path;
    result.descriptor = open(path, O_RDWR | O_CLOEXEC);
    check(result.descriptor >= 0 && fstat(result.descriptor, &status) == 0, "cannot open", path);
    result.count = (size_t)status.st_size;
    now = mmap(NULL, result.count, PROT_READ, MAP_SHARED, result.descriptor, 0);
    result.original = malloc(result.count);
    check(now != MAP_FAILED && result.original != NULL, "cannot read", path);
    result.now = now;
    memcpy(result.original, now, result.count);
}

/* Writes the original byte, or the one with the bit flipped. */
static void write_byte(unsigned long long offset, bool flipped)
{
    const unsigned char byte = (unsigned char)(result.original[offset] ^ (flipped ? 1U << flip.bit : 0U));

    check(pwrite(result.descriptor, &byte, 1, (off_t)offset) == 1, "cannot be", "written");
}

static void check_byte(unsigned long long offset, bool is_flipped, const char *after)
{
    check(result.now[offset] == (result.original[offset] ^ (is_flipped ? 1U << flip.bit : 0U)),
          "is not as it should be after", after);
}

static void check_unchanged(const char *after)
{
    check_byte(flip.offset, true, after);
    check_byte(flip.copy, flip.copy != 0, after);
}

/* Checks that the file is the original again. If an earlier bit made a command write anything else, it is still there,
 * or was repaired together with a later bit, which check_run does not accept. */
static void check_whole(void)
{
    check(memcmp(result.now, result.original, result.count) == 0, "or one of those before it changed",
          "the file");
}

static void check_stop(void)
{
    struct ms_run_state state;
    struct ms_error err;

    check(ms_lock_ask_to_stop(result.path, &state, &err) == MS_BAD_INPUT, "is not noticed by", "stop");
    check_unchanged("stop");
}

struct findings {
    int count, named;
};

static void visit(void *context, const struct ms_finding *finding)
{
    struct findings *findings = context;

    findings->count++;
    findings->named += strcmp(finding->place, flip.place) == 0;
}

static void check_verify(void)
{
    struct findings findings = {0};
    const struct ms_verify_report report = {.visit = visit, .context = &findings};
    struct ms_verification *verification = NULL;
    struct ms_verify_summary summary;
    struct ms_error err = {.text = ""};

    check(ms_verify_open(result.path, &report, &verification, &err) == MS_OK, "verify fails:", err.text);
    check(ms_verify_file(verification, &summary, &err) == MS_OK, "verify fails:", err.text);
    ms_verify_close(verification);
    if (flip.copy == 0)
        check(findings.count == 1 && findings.named == 1, "is not named by", "verify");
    else
        check(findings.count > 0, "is not found by", "verify");
    check(summary.refused == (flip.copy != 0), "is not judged rightly by", "verify");
    check_unchanged("verify");
}

/* What a run does before it opens the file. */
static void check_run(bool repairs)
{
    struct ms_writer_repaired repaired = {.bytes = 0};
    struct ms_error err = {.text = ""};

    check(ms_writer_repair(result.path, repairs, &repaired, &err) == MS_OK, "run fails:", err.text);
    if (!repairs) {
        check_unchanged("run");
        write_byte(flip.offset, false);
    }
    check(repaired.bytes == 1, "is not the only one that run repairs:", repaired.names);
    check_byte(flip.offset, false, "run");
}

static void check_refused_run(void)
{
    struct ms_writer_repaired repaired;
    struct ms_error err;

    check(ms_writer_repair(result.path, true, &repaired, &err) == MS_BAD_INPUT, "is not refused by", "run");
    check_unchanged("run");
    write_byte(flip.offset, false);
    write_byte(flip.copy, false);
}

static void flip_one(bool repairs)
{
    write_byte(flip.offset, true);
    if (flip.copy != 0)
        write_byte(flip.copy, true);
    check_stop();
    check_verify();
    if (flip.copy == 0)
        check_run(repairs);
    else
        check_refused_run();
}

/* Reads a line of BITS; returns whether it is one. */
static bool parse(const char *line)
{
    char *at;

    flip.offset = strtoull(line, &at, 10);
    flip.bit = (unsigned)strtoul(at, &at, 10);
    flip.copy = strtoull(at, &at, 10);
    at += strspn(at, " ");
    (void)snprintf(flip.place, sizeof flip.place, "%.*s", (int)strcspn(at, "\n"), at);
    return flip.offset < result.count && flip.bit < 8 && flip.copy < result.count && flip.place[0] != '\0';
}

int main(int argc, char **argv)
{
    char line[LINE_BYTES];
    int count = 0, every = 0;

    check(argc == 3 && (every = (int)strtol(argv[2], NULL, 10)) > 0,
          "usage:", "flip_bits RESULT EVERY < BITS");
    read_result(argv[1]);
    for (; fgets(line, sizeof line, stdin) != NULL; count++) {
        check(parse(line), "cannot read", line);
        flip_one(count % every == 0);
        if (count % BETWEEN_WHOLE == 0)
            check_whole();
    }
    check_whole();
    (void)printf("%d\n", count);
    free(result.original);
    return 0;
}
