/* Applies one setting after another to the tree of a document. A setting follows its path from the root, and
 * replaces the value that it leads to, or adds it with the mappings that are missing. What leads there is
 * copied, because an alias may share it with another place. The nodes that are then added have consecutive
 * numbers, by which messages find the setting that a node is from.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "moonsweep/printable.h"
#include "tree.h"

enum { LONGEST_SHOWN = 160 }; /* bytes of a setting in messages */

/* A setting that is being applied. */
struct change {
    yaml_document_t *document;
    const struct ms_setting *setting;
    const char *at, *end; /* the part of KEY that was not followed yet */
    const char *value;    /* VALUE and its length */
    size_t value_length;
    struct ms_error *err;
};

/* One step of a path: a key, or a position in a list. */
struct step {
    const char *name;
    size_t length; /* 0: it is a position */
    long position;
};

const char *ms_settings_name(const struct ms_setting *setting, char name[MS_SETTING_BYTES])
{
    const bool fits = setting->length <= LONGEST_SHOWN;
    int shown = fits ? setting->length : LONGEST_SHOWN;

    while (!fits && shown > 0 && ((unsigned char)setting->text[shown] & 0xC0) == 0x80)
        shown--; /* not within a character of UTF-8 */
    (void)snprintf(name, MS_SETTING_BYTES, "--set %.*s%s", shown, setting->text, fits ? "" : "...");
    return name;
}

static enum ms_code fail(const struct change *change, const char *what)
{
    const int followed = (int)(change->at - change->setting->text);
    char name[MS_SETTING_BYTES];

    return ms_fail(change->err, MS_BAD_INPUT, "%s: %.*s%s%s", ms_settings_name(change->setting, name),
                   followed, change->setting->text, followed > 0 ? " " : "", what);
}

static enum ms_code fail_memory(const struct change *change)
{
    return ms_fail_memory(change->err, NULL, "for the settings of a job");
}

/* ---- the path ------------------------------------------------------------------------------------------- */

/* Reads the next step of the path and moves past it and the dot that follows. */
static enum ms_code next_step(struct change *change, struct step *step)
{
    char *after;

    if (*change->at == '[') {
        *step = (struct step){.position = strtol(change->at + 1, &after, 10)};
        if (change->at[1] < '0' || change->at[1] > '9' || *after != ']') {
            change->at++;
            return fail(change, "must be followed by a position and ']', such as grid[1].n_h");
        }
        change->at = after + 1;
    } else {
        *step = (struct step){.name = change->at, .length = strcspn(change->at, ".[=\n")};
        if (step->length == 0)
            return fail(change, change->at == change->setting->text ? "KEY must begin with a key"
                                                                    : "must be followed by a key");
        change->at += step->length;
    }
    if (change->at < change->end && *change->at == '.') {
        change->at++;
        if (change->at == change->end)
            return fail(change, "must be followed by a key");
    } else if (change->at < change->end && *change->at != '[') {
        return fail(change, "must be followed by '.', '[' or '='");
    }
    return MS_OK;
}

/* Sets *child to the node that step leads to from the node `parent`, or to 0 if the key is missing. */
static enum ms_code follow(const struct change *change, const struct step *step, int parent, int *child)
{
    const yaml_node_t *node = yaml_document_get_node(change->document, parent);
    const long length = node->type == YAML_SEQUENCE_NODE
                            ? node->data.sequence.items.top - node->data.sequence.items.start
                            : 0;

    if (step->length > 0 && node->type != YAML_MAPPING_NODE)
        return fail(change, node->type == YAML_SEQUENCE_NODE
                                ? "leads into a list; give a position in it, such as [0]"
                                : "leads into a value that has no keys");
    if (step->length == 0 && node->type != YAML_SEQUENCE_NODE)
        return fail(change, "gives a position in a value that is no list");
    if (step->length == 0 && step->position >= length)
        return fail(change, "is a position beyond the end of the list");
    *child = step->length > 0 ? ms_tree_find(change->document, parent, step->name, step->length)
                              : node->data.sequence.items.start[step->position];
    return MS_OK;
}

/* Lets step lead from parent to child. */
static bool attach(const struct change *change, const struct step *step, int parent, int child)
{
    return step->length > 0 ? ms_tree_put(change->document, parent, step->name, step->length, child)
                            : ms_tree_put_element(change->document, parent, step->position, child);
}

/* ---- one setting ---------------------------------------------------------------------------------------- */

/* Reads VALUE and sets *root to its node in the document. */
static enum ms_code add_value(const struct change *change, int *root)
{
    yaml_document_t value;
    char name[MS_SETTING_BYTES];
    enum ms_code code;

    if (change->value_length == strspn(change->value, " ") ||
        change->value[strspn(change->value, " ")] == '#')
        return ms_fail(change->err, MS_BAD_INPUT, "%s: there is no value after '='",
                       ms_settings_name(change->setting, name));
    code = ms_document_load(ms_settings_name(change->setting, name), change->value, change->value_length,
                            &value, change->err);
    if (code != MS_OK)
        return code;
    *root = ms_tree_copy(change->document, &value);
    yaml_document_delete(&value);
    return *root > 0 ? MS_OK : fail_memory(change);
}

/* Lets step lead from the node `parent` to VALUE. */
static enum ms_code set_value(const struct change *change, const struct step *step, int parent)
{
    int value = 0;
    enum ms_code code = add_value(change, &value);

    return code != MS_OK || attach(change, step, parent, value) ? code : fail_memory(change);
}

/* Adds VALUE below the node `parent`, where the key `missing` is missing, with mappings for the keys that follow. */
static enum ms_code add_missing(struct change *change, const struct step *missing, int parent)
{
    enum ms_code code = MS_OK;
    struct step step = *missing;
    int mapping;

    while (code == MS_OK && change->at < change->end) {
        mapping = yaml_document_add_mapping(change->document, NULL, YAML_FLOW_MAPPING_STYLE);
        if (mapping == 0 || !attach(change, &step, parent, mapping))
            return fail_memory(change);
        parent = mapping;
        code = next_step(change, &step);
        if (code == MS_OK && step.length == 0)
            return fail(change, "is a position in a list that is missing");
    }
    return code == MS_OK ? set_value(change, &step, parent) : code;
}

/* Follows the path and replaces or adds its value. What an alias shares on the way is copied, so that the setting
 * changes no other place. Sets *first to the number of nodes before new ones are added. */
static enum ms_code apply(struct change *change, int *first)
{
    struct step step = {0};
    enum ms_code code = MS_OK;
    int parent = 1, child = 0;

    while (code == MS_OK) {
        code = next_step(change, &step);
        if (code == MS_OK)
            code = follow(change, &step, parent, &child);
        *first = ms_tree_count(change->document);
        if (code == MS_OK && child == 0)
            return add_missing(change, &step, parent);
        if (code == MS_OK && change->at == change->end)
            return set_value(change, &step, parent);
        if (code == MS_OK) {
            const int copy = ms_tree_copy_node(change->document, child);

            if (copy == 0 || !attach(change, &step, parent, copy))
                return fail_memory(change);
            parent = copy;
        }
    }
    return code;
}

static enum ms_code apply_setting(const char *path, yaml_document_t *document, struct ms_setting *setting,
                                  struct ms_error *err)
{
    const char *equals = memchr(setting->text, '=', (size_t)setting->length);
    struct change change = {.document = document, .setting = setting, .at = setting->text, .err = err};
    enum ms_code code;

    if (!ms_printable_all(setting->text, (size_t)setting->length))
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: one of its settings has control characters or is not UTF-8; a setting must be a "
                       "line of text",
                       path);
    if (equals == NULL || equals == setting->text)
        return fail(&change, "it must be KEY=VALUE, such as grid.n_h=[1, 2]");
    change.end = equals;
    change.value = equals + 1;
    change.value_length = (size_t)(setting->text + setting->length - change.value);
    code = apply(&change, &setting->first);
    setting->end = ms_tree_count(document);
    return code;
}

/* ---- all settings --------------------------------------------------------------------------------------- */

static int count_lines(const char *text)
{
    int count = 0;

    for (const char *at = text; at != NULL && *at != '\0'; at += strcspn(at, "\n"), at += *at != '\0')
        count++;
    return count;
}

enum ms_code ms_settings_apply(const char *path, const char *text, yaml_document_t *document,
                               struct ms_settings *settings, struct ms_error *err)
{
    const int count = count_lines(text);
    const char *at = text;
    enum ms_code code = MS_OK;

    *settings = (struct ms_settings){0};
    if (count == 0)
        return MS_OK;
    settings->items = calloc((size_t)count, sizeof *settings->items);
    if (settings->items == NULL)
        return ms_fail_memory(err, path, "for its settings");
    for (; code == MS_OK && settings->count < count; settings->count++) {
        struct ms_setting *setting = &settings->items[settings->count];

        *setting = (struct ms_setting){.text = at, .length = (int)strcspn(at, "\n")};
        code = apply_setting(path, document, setting, err);
        at += setting->length + 1;
    }
    return code;
}

const struct ms_setting *ms_settings_find(const struct ms_settings *settings, int node)
{
    for (int i = 0; settings != NULL && i < settings->count; i++)
        if (node >= settings->items[i].first && node < settings->items[i].end)
            return &settings->items[i];
    return NULL;
}

void ms_settings_free(struct ms_settings *settings)
{
    free(settings->items);
    *settings = (struct ms_settings){0};
}
