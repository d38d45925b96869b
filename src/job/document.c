/* Loads YAML in two passes. The first one reads events, and refuses what cannot be loaded safely (deep
 * nesting, many anchors) and what loading would discard or ignore (further documents, tags). The second one
 * builds the tree, in which merge keys are refused.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "document.h"

#include <stdbool.h>
#include <string.h>

#include "moonsweep/quote.h"
#include "textfile.h"

enum {
    MAX_DEPTH = 16,    /* levels of nested lists and mappings; a job has at most 8 */
    MAX_ANCHORS = 1000 /* libyaml compares each with all earlier ones */
};

/* The text of a file, and its path for messages. */
struct source {
    const char *path, *text;
    size_t bytes;
};

/* Counts over the events so far. */
struct scan {
    int documents, depth, anchors;
};

static enum ms_code fail_at(const struct source *source, yaml_mark_t mark, const char *sentence,
                            struct ms_error *err)
{
    return ms_fail(err, MS_BAD_INPUT, "%s:%zu:%zu: %s", source->path, mark.line + 1, mark.column + 1,
                   sentence);
}

/* ---- errors of libyaml -------------------------------------------------------------------------------- */

/* The position of the byte at offset, counted in characters, as in the marks of libyaml. */
static yaml_mark_t mark_of(const struct source *source, size_t offset)
{
    yaml_mark_t mark = {0, 0, 0};

    for (size_t i = 0; i < offset && i < source->bytes; i++) {
        if (source->text[i] == '\n') {
            mark.line++;
            mark.column = 0;
        } else if (((unsigned char)source->text[i] & 0xC0) != 0x80) {
            mark.column++;
        }
    }
    return mark;
}

/* Whether the line of mark is indented with a tab, which YAML forbids and which is invisible in an editor. */
static bool has_tab_indent(const struct source *source, yaml_mark_t mark)
{
    const char *at = source->text;
    const char *end = source->text + source->bytes;

    for (size_t line = 0; line < mark.line && at < end; at++)
        if (*at == '\n')
            line++;
    while (at < end && *at == ' ')
        at++;
    return at < end && *at == '\t';
}

static enum ms_code fail_reader(const struct source *source, const yaml_parser_t *parser,
                                struct ms_error *err)
{
    size_t offset = parser->problem_offset;
    yaml_mark_t mark = mark_of(source, offset);
    int value = parser->problem_value;

    if (value < 0) /* libyaml reports no character if it cannot decode one */
        value = offset < source->bytes ? (unsigned char)source->text[offset] : 0;
    return ms_fail(err, MS_BAD_INPUT, "%s:%zu:%zu: %s (0x%02X); a job file is plain text in UTF-8",
                   source->path, mark.line + 1, mark.column + 1, parser->problem, (unsigned)value);
}

static enum ms_code fail_parser(const struct source *source, const yaml_parser_t *parser,
                                struct ms_error *err)
{
    yaml_mark_t mark = parser->problem_mark;
    const char *advice = has_tab_indent(source, mark) ? "; indent with spaces, not with tabs" : "";

    if (parser->error == YAML_MEMORY_ERROR)
        return ms_fail_memory(err, source->path, "to read it");
    if (parser->error == YAML_READER_ERROR)
        return fail_reader(source, parser, err);
    if (parser->context == NULL)
        return ms_fail(err, MS_BAD_INPUT, "%s:%zu:%zu: this is not YAML: %s%s", source->path, mark.line + 1,
                       mark.column + 1, parser->problem, advice);
    return ms_fail(err, MS_BAD_INPUT, "%s:%zu:%zu: this is not YAML: %s (%s, from line %zu)%s", source->path,
                   mark.line + 1, mark.column + 1, parser->problem, parser->context,
                   parser->context_mark.line + 1, advice);
}

/* ---- before loading: input that cannot be loaded safely, or that loading would discard ----------------- */

static const char *event_tag(const yaml_event_t *event)
{
    const yaml_char_t *tag = event->type == YAML_SCALAR_EVENT           ? event->data.scalar.tag
                             : event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.tag
                             : event->type == YAML_MAPPING_START_EVENT  ? event->data.mapping_start.tag
                                                                        : NULL;

    return (const char *)tag;
}

static bool event_has_anchor(const yaml_event_t *event)
{
    return (event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor != NULL) ||
           (event->type == YAML_SEQUENCE_START_EVENT && event->data.sequence_start.anchor != NULL) ||
           (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor != NULL);
}

static enum ms_code check_event(const struct source *source, const yaml_event_t *event, struct scan *scan,
                                struct ms_error *err)
{
    bool opens = event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    bool closes = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;

    scan->documents += event->type == YAML_DOCUMENT_START_EVENT;
    scan->depth += opens - closes;
    scan->anchors += event_has_anchor(event);
    if (scan->documents > 1)
        return fail_at(source, event->start_mark,
                       "a second document begins here; a job file has one document (is there a stray '---'?)",
                       err);
    if (scan->depth > MAX_DEPTH)
        return fail_at(source, event->start_mark,
                       "lists and mappings are nested too deeply; there may be at most 16 levels", err);
    if (scan->anchors > MAX_ANCHORS)
        return fail_at(source, event->start_mark,
                       "this is more than the 1000 anchors ('&name') that are allowed", err);
    if (event_tag(event) != NULL)
        return fail_at(
            source, event->start_mark,
            "tags ('!') are not supported; remove this one: the key determines the type of its value", err);
    return MS_OK;
}

/* Reads all events once to check them; the tree is later built from the text again. */
static enum ms_code check_events(const struct source *source, struct ms_error *err)
{
    struct scan scan = {0, 0, 0};
    enum ms_code code = MS_OK;
    yaml_parser_t parser;
    bool more = true;

    if (!yaml_parser_initialize(&parser))
        return ms_fail_memory(err, source->path, "to read it");
    yaml_parser_set_input_string(&parser, (const unsigned char *)source->text, source->bytes);
    while (code == MS_OK && more) {
        yaml_event_t event;

        if (!yaml_parser_parse(&parser, &event)) {
            code = fail_parser(source, &parser, err);
            break;
        }
        code = check_event(source, &event, &scan, err);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (code == MS_OK && scan.documents == 0)
        return ms_fail(err, MS_BAD_INPUT, "%s: the file is empty; a job needs name, data and grid",
                       source->path);
    return code;
}

/* ---- after loading ------------------------------------------------------------------------------------ */

/* libyaml does not implement the merge keys of YAML 1.1 but returns them as ordinary keys. */
static enum ms_code check_merge_keys(const struct source *source, yaml_document_t *document,
                                     struct ms_error *err)
{
    for (yaml_node_t *node = document->nodes.start; node < document->nodes.top; node++) {
        if (node->type != YAML_MAPPING_NODE)
            continue;
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
             pair++) {
            const yaml_node_t *key = yaml_document_get_node(document, pair->key);

            if (key->type == YAML_SCALAR_NODE && key->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                strcmp((const char *)key->data.scalar.value, "<<") == 0)
                return fail_at(source, key->start_mark,
                               "merge keys ('<<') are not supported; write the keys out, or use an alias "
                               "('*name') for a whole value",
                               err);
        }
    }
    return MS_OK;
}

enum ms_code ms_document_load(const char *path, const char *text, size_t bytes, yaml_document_t *document,
                              struct ms_error *err)
{
    const struct source source = {path, text, bytes};
    enum ms_code code;
    yaml_parser_t parser;

    code = ms_textfile_check_start(path, text, bytes, err);
    if (code == MS_OK)
        code = check_events(&source, err);
    if (code != MS_OK)
        return code;
    if (!yaml_parser_initialize(&parser))
        return ms_fail_memory(err, path, "to read it");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, bytes);
    code = yaml_parser_load(&parser, document) ? MS_OK : fail_parser(&source, &parser, err);
    yaml_parser_delete(&parser);
    if (code == MS_OK) {
        code = check_merge_keys(&source, document, err);
        if (code != MS_OK)
            yaml_document_delete(document);
    }
    return code;
}
