/* The root's attributes: those that follow from the job are compared with it, those that say what made the file must
 * be there. Their texts come from elsewhere (a shell, a clock, MPI): one that looks odd is no damage. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "checksum.h"
#include "finding.h"
#include "moonsweep/version.h"
#include "root_attributes.h"

enum {
    FORESEEN_NUMERICS = 100 /* of programs to come */
};

/* ---- what follows from the job ---------------------------------------------------------------------- */

/* An attribute of the root; NULL: there is no text of that name. */
static enum ms_code read_text(const struct ms_examination *examination, const char *name, char **text,
                              struct ms_error *err)
{
    return ms_attribute_read_text(examination->file->path, examination->file->file, name, text, err);
}

static enum ms_code compare_text(struct ms_examination *examination, const char *name, const char *due,
                                 struct ms_error *err)
{
    char *stored = NULL;
    enum ms_code code = read_text(examination, name, &stored, err);

    if (code == MS_OK && (stored == NULL || strcmp(stored, due) != 0))
        ms_finding_attribute(examination, name, NULL, stored, due);
    free(stored);
    return code;
}

static void compare_number(struct ms_examination *examination, const char *name, int32_t due)
{
    char found[16], right[16];
    int32_t stored;
    bool is_there = ms_attribute_read_i32(examination->file->file, name, &stored);

    (void)snprintf(found, sizeof found, "%" PRId32, is_there ? stored : 0);
    (void)snprintf(right, sizeof right, "%" PRId32, due);
    if (!is_there || stored != due)
        ms_finding_attribute(examination, name, NULL, is_there ? found : NULL, right);
}

static enum ms_code compare_texts(struct ms_examination *examination,
                                  const struct ms_root_attribute *attribute, struct ms_error *err)
{
    bool is;
    enum ms_code code = ms_attribute_is_texts(examination->file->file, attribute->name, attribute->count,
                                              attribute->texts, &is, err);

    if (code == MS_OK && !is)
        ms_finding_attribute(examination, attribute->name, NULL, "another list", attribute->texts[0]);
    return code;
}

/* The job's text is the measure itself; its checksum has been compared with it. */
static enum ms_code compare(void *context, const struct ms_root_attribute *attribute, struct ms_error *err)
{
    struct ms_examination *examination = context;

    switch (attribute->kind) {
    case MS_ROOT_I32:
        compare_number(examination, attribute->name, attribute->number);
        break;
    case MS_ROOT_TEXT:
        return compare_text(examination, attribute->name, attribute->texts[0], err);
    case MS_ROOT_TEXTS:
        return compare_texts(examination, attribute, err);
    }
    return MS_OK;
}

/* Without a job that can be believed: that its text does not hold is all there is to say. */
static enum ms_code compare_job_checksum(struct ms_examination *examination, struct ms_error *err)
{
    char *text = NULL;
    char due[17] = "";
    enum ms_code code = read_text(examination, "job", &text, err);

    if (text != NULL)
        ms_root_attributes_hash(ms_checksum_bytes(text, strlen(text)), due);
    free(text);
    return code == MS_OK ? compare_text(examination, "job_checksum", due, err) : code;
}

/* ---- what made the file ----------------------------------------------------------------------------- */

/* A version or a commit. */
static bool is_word(const char *text)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_";

    return text[0] != '\0' && text[strspn(text, characters)] == '\0';
}

/* "2026-11-25T18:30:00Z" */
static bool is_instant(const char *text)
{
    static const char pattern[] = "dddd-dd-ddTdd:dd:ddZ";
    size_t i = 0;

    for (; pattern[i] != '\0' && text[i] != '\0'; i++)
        if (pattern[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i])
            return false;
    return pattern[i] == text[i];
}

/* Printable, as the names of libraries and the words of a command line are. */
static bool is_printable(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' && *c != '\n' && *c != '\t')
            return false;
    return text[0] != '\0';
}

static bool is_command(const char *text)
{
    return strncmp(text, "moonsweep ", strlen("moonsweep ")) == 0 && is_printable(text);
}

static enum ms_code check_origin(struct ms_examination *examination, struct ms_error *err)
{
    static const struct {
        const char *name;
        bool (*is_right)(const char *text);
        const char *due;
    } origins[] = {
        {"program_version", is_word, "a version"},
        {"git_commit", is_word, "a commit"},
        {"command", is_command, "a command line of moonsweep"},
        {"created", is_instant, "an instant, YYYY-MM-DDTHH:MM:SSZ"},
        {"hdf5_version", is_word, "a version"},
        {"mpi_version", is_printable, "the name of a library"},
    };

    enum ms_code code = MS_OK;

    for (size_t i = 0; code == MS_OK && i < sizeof origins / sizeof origins[0]; i++) {
        char *text = NULL;

        code = read_text(examination, origins[i].name, &text, err);
        examination->kind = text == NULL ? MS_FINDING_PERMANENT : MS_FINDING_WARNING;
        if (code == MS_OK && (text == NULL || !origins[i].is_right(text)))
            ms_finding_attribute(examination, origins[i].name, NULL, text, origins[i].due);
        free(text);
    }
    examination->kind = MS_FINDING_PERMANENT;
    return code;
}

/* Numerics count up from 1; far beyond those of this program they are implausible. */
static void check_numerics(struct ms_examination *examination)
{
    char stored[16];

    if (examination->file->numerics >= 1 && examination->file->numerics <= MS_NUMERICS + FORESEEN_NUMERICS)
        return;
    (void)snprintf(stored, sizeof stored, "%" PRId32, examination->file->numerics);
    examination->kind = examination->file->numerics < 1 ? MS_FINDING_PERMANENT : MS_FINDING_WARNING;
    ms_finding_attribute(examination, "numerics", NULL, stored, "a small number, at least 1");
    examination->kind = MS_FINDING_PERMANENT;
}

enum ms_code ms_examine_attributes(struct ms_examination *examination, struct ms_error *err)
{
    enum ms_code code = check_origin(examination, err);

    check_numerics(examination);
    if (code != MS_OK)
        return code;
    return examination->spec != NULL ? ms_root_attributes_each(examination->spec, compare, examination, err)
                                     : compare_job_checksum(examination, err);
}
