#include "job_fill.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "moonsweep/printable.h"
#include "moonsweep/split.h"
#include "quote.h"
#include "value.h"

enum {
    NO_INDEX = -1,        /* index of a value that is not an element of an axis */
    SENTENCE_BYTES = 640, /* leaves space for the position in struct ms_error */
    NULL_BYTES = 16,      /* "'null' means" */
    LIST_BYTES = 160      /* space for the names of the keys of a section */
};

struct filling {
    const char *path;
    yaml_document_t *document;
    struct ms_job *job;
    const yaml_node_t *keys[MS_KEY_COUNT];   /* the nodes of the keys in the file; NULL: not found yet */
    const yaml_node_t *values[MS_KEY_COUNT]; /* the nodes of their values */
    struct ms_error *err;
};

/* An element of an axis, for finding equal values. */
struct element {
    double value;
    int32_t index;
};

/* ---- messages ----------------------------------------------------------------------------------------- */

/* Fails with "path:line:column: key[index]: sentence", where the position is that of node. */
__attribute__((format(printf, 5, 6))) static enum ms_code complain(struct filling *filling,
                                                                   const yaml_node_t *node, const char *key,
                                                                   int32_t index, const char *format, ...)
{
    char sentence[SENTENCE_BYTES];
    char brackets[16] = "";
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (index != NO_INDEX)
        (void)snprintf(brackets, sizeof brackets, "[%d]", index);
    return ms_fail(filling->err, MS_BAD_INPUT, "%s:%zu:%zu: %s%s%s%s", filling->path,
                   node->start_mark.line + 1, node->start_mark.column + 1, key, brackets,
                   *key != '\0' ? ": " : "", sentence);
}

/* Describes a node for its author: the text of a scalar in quotes, or "a list" or "a mapping". */
static const char *name_node(const yaml_node_t *node, char quoted[MS_QUOTE_BYTES])
{
    if (node->type == YAML_SEQUENCE_NODE)
        return "a list";
    if (node->type == YAML_MAPPING_NODE)
        return "a mapping";
    return ms_quote((const char *)node->data.scalar.value, node->data.scalar.length, quoted);
}

static bool is_quoted(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

/* Whether there is nothing after "key:". */
static bool is_nothing(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0 && !is_quoted(node);
}

/* Whether YAML has no value here: nothing, or one of its words for that. */
static bool is_null(const yaml_node_t *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    if (node->type != YAML_SCALAR_NODE || is_quoted(node))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (node->data.scalar.length == strlen(words[i]) &&
            memcmp(node->data.scalar.value, words[i], node->data.scalar.length) == 0)
            return true;
    return false;
}

/* Returns the beginning of a sentence that continues with "no value". */
static const char *name_null(const yaml_node_t *node, char named[NULL_BYTES])
{
    char quoted[MS_QUOTE_BYTES];

    if (is_nothing(node))
        return "there is";
    (void)snprintf(named, NULL_BYTES, "%s means", name_node(node, quoted));
    return named;
}

/* ---- values ------------------------------------------------------------------------------------------- */

static enum ms_code read_value(struct filling *filling, const struct ms_key *key, int32_t index,
                               const yaml_node_t *node, double *value)
{
    char description[MS_VALUE_DESCRIPTION], quoted[MS_QUOTE_BYTES], null[NULL_BYTES];
    const char *fault;

    ms_value_describe(key, description);
    if (is_null(node))
        return complain(filling, node, key->path, index, "%s no value; it must be %s", name_null(node, null),
                        description);
    if (node->type != YAML_SCALAR_NODE)
        return complain(filling, node, key->path, index, "%s is not allowed here; it must be %s",
                        name_node(node, quoted), description);
    if (is_quoted(node) && ms_value_is_number(key->kind))
        return complain(filling, node, key->path, index,
                        "%s is quoted and therefore text; remove the quotes: it must be %s",
                        name_node(node, quoted), description);
    fault = ms_value_read(key, (const char *)node->data.scalar.value, node->data.scalar.length, value);
    if (fault != NULL)
        return complain(filling, node, key->path, index, "%s %s; it must be %s", name_node(node, quoted),
                        fault, description);
    return MS_OK;
}

static enum ms_code read_single(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    double value = 0;
    enum ms_code code = read_value(filling, key, NO_INDEX, node, &value);

    if (code == MS_OK)
        ms_value_store(key->kind, value, (char *)filling->job + key->field);
    return code;
}

/* Whether there are no control characters, of which a result's readers print none. */
static bool is_printable(const char *text, size_t length)
{
    for (size_t bytes; length > 0; text += bytes, length -= bytes) {
        bytes = ms_printable_bytes(text, length);
        if (bytes == 0)
            return false;
    }
    return true;
}

static enum ms_code read_title(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    char **field = (char **)((char *)filling->job + key->field);
    char quoted[MS_QUOTE_BYTES], null[NULL_BYTES];
    const char *fault = NULL;

    if (is_null(node))
        return complain(filling, node, key->path, NO_INDEX,
                        "%s no value; it must be one line of %.0f to %.0f bytes", name_null(node, null),
                        key->min, key->max);
    if (node->type != YAML_SCALAR_NODE)
        fault = "is not allowed here";
    else if (node->data.scalar.length < (size_t)key->min)
        fault = "is empty";
    else if (node->data.scalar.length > (size_t)key->max)
        fault = "is too long";
    else if (!is_printable((const char *)node->data.scalar.value, node->data.scalar.length))
        fault = "has a line break or another control character";
    if (fault != NULL)
        return complain(filling, node, key->path, NO_INDEX,
                        "%s %s; it must be one line of %.0f to %.0f bytes", name_node(node, quoted), fault,
                        key->min, key->max);
    *field = strdup((const char *)node->data.scalar.value);
    return *field != NULL ? MS_OK : ms_fail_memory(filling->err, filling->path, "for %s", key->path);
}

/* ---- axes --------------------------------------------------------------------------------------------- */

/* The element of an axis at index; an axis that is a single value has one element, the value. */
static const yaml_node_t *axis_element(const struct filling *filling, const yaml_node_t *node, int32_t index)
{
    return node->type == YAML_SEQUENCE_NODE
               ? yaml_document_get_node(filling->document, node->data.sequence.items.start[index])
               : node;
}

static int compare_elements(const void *left, const void *right)
{
    const struct element *a = left, *b = right;

    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* Refuses equal values: they would train and store the same networks twice, with two indices. Sorts elements. */
static enum ms_code check_distinct(struct filling *filling, const struct ms_key *key, const yaml_node_t *node,
                                   struct element *elements, int32_t count)
{
    const struct element *twin = NULL; /* the first value in the file that equals an earlier one */
    const yaml_node_t *first, *second;
    char quoted[2][MS_QUOTE_BYTES];

    qsort(elements, (size_t)count, sizeof elements[0], compare_elements);
    for (int32_t i = 1; i < count; i++)
        if (elements[i].value == elements[i - 1].value && (twin == NULL || elements[i].index < twin->index))
            twin = &elements[i];
    if (twin == NULL)
        return MS_OK;
    first = axis_element(filling, node, twin[-1].index);
    second = axis_element(filling, node, twin->index);
    return complain(filling, second, key->path, twin->index,
                    "%s equals %s in line %zu, column %zu; the values of an axis must be different",
                    name_node(second, quoted[0]), name_node(first, quoted[1]), first->start_mark.line + 1,
                    first->start_mark.column + 1);
}

static enum ms_code read_elements(struct filling *filling, const struct ms_key *key, const yaml_node_t *node,
                                  struct element *elements, int32_t count, void *values)
{
    enum ms_code code;

    for (int32_t i = 0; i < count; i++) {
        int32_t index = node->type == YAML_SEQUENCE_NODE ? i : NO_INDEX;

        elements[i].index = i;
        code = read_value(filling, key, index, axis_element(filling, node, i), &elements[i].value);
        if (code != MS_OK)
            return code;
        ms_value_store(key->kind, elements[i].value, (char *)values + (size_t)i * ms_value_size(key->kind));
    }
    return check_distinct(filling, key, node, elements, count);
}

static enum ms_code read_axis(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    void **field = (void **)((char *)filling->job + key->field);
    struct element *elements;
    char description[MS_VALUE_DESCRIPTION];
    int32_t count = 1;
    enum ms_code code;

    if (node->type == YAML_SEQUENCE_NODE)
        count = (int32_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (count == 0) {
        ms_value_describe(key, description);
        return complain(filling, node, key->path, NO_INDEX,
                        "the list is empty; it needs at least one value: %s", description);
    }
    elements = calloc((size_t)count, sizeof elements[0]);
    *field = calloc((size_t)count, ms_value_size(key->kind));
    if (elements == NULL || *field == NULL) {
        code = ms_fail_memory(filling->err, filling->path, "for %s", key->path);
    } else {
        *(int32_t *)((char *)filling->job + key->length) = count;
        code = read_elements(filling, key, node, elements, count, *field);
    }
    free(elements);
    return code;
}

/* ---- keys and sections -------------------------------------------------------------------------------- */

static enum ms_code read_field(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    if (key->kind == MS_KIND_TITLE)
        return read_title(filling, key, node);
    return key->is_axis ? read_axis(filling, key, node) : read_single(filling, key, node);
}

static enum ms_code fail_unknown(struct filling *filling, const char *section, const yaml_node_t *name)
{
    const struct ms_key *meant = ms_keys_suggest(section, (const char *)name->data.scalar.value);
    char quoted[MS_QUOTE_BYTES], list[LIST_BYTES];

    ms_keys_list(section, list, sizeof list);
    return complain(filling, name, section, NO_INDEX, "unknown key %s; %s%s%sthe keys here are %s",
                    name_node(name, quoted), meant != NULL ? "did you mean " : "",
                    meant != NULL ? meant->path : "", meant != NULL ? "? " : "", list);
}

/* Finds the key that the node name refers to. */
static enum ms_code find_key(struct filling *filling, const char *section, const yaml_node_t *name,
                             const struct ms_key **key)
{
    char quoted[MS_QUOTE_BYTES];

    if (name->type != YAML_SCALAR_NODE)
        return complain(filling, name, section, NO_INDEX, "%s is not allowed as a key; a key must be a word",
                        name_node(name, quoted));
    *key = ms_keys_find(section, (const char *)name->data.scalar.value, name->data.scalar.length);
    return *key != NULL ? MS_OK : fail_unknown(filling, section, name);
}

/* Sets a key that is missing in the section at node to its fallback. */
static enum ms_code fill_missing(struct filling *filling, const struct ms_key *key, const yaml_node_t *node)
{
    yaml_node_t spelled = {.type = YAML_SCALAR_NODE, .start_mark = node->start_mark};

    if (key->fallback == NULL)
        return complain(filling, node, key->path, NO_INDEX,
                        "the key is missing from the mapping that begins here");
    spelled.data.scalar.value = (yaml_char_t *)key->fallback;
    spelled.data.scalar.length = strlen(key->fallback);
    spelled.data.scalar.style = YAML_PLAIN_SCALAR_STYLE;
    return read_field(filling, key, &spelled);
}

/* Recursive; sections are nested only as deep as the table of keys says. */
static enum ms_code read_section(struct filling *filling, const char *section, const yaml_node_t *node);

static enum ms_code read_pair(struct filling *filling, const char *section, const yaml_node_t *name,
                              const yaml_node_t *value)
{
    const struct ms_key *key = NULL;
    enum ms_code code = find_key(filling, section, name, &key);
    size_t id;

    if (code != MS_OK)
        return code;
    id = (size_t)(key - ms_keys);
    if (filling->keys[id] != NULL)
        return complain(filling, name, key->path, NO_INDEX,
                        "the key is also in line %zu, column %zu; keep one of them",
                        filling->keys[id]->start_mark.line + 1, filling->keys[id]->start_mark.column + 1);
    filling->keys[id] = name;
    filling->values[id] = value;
    return key->kind == MS_KIND_SECTION ? read_section(filling, key->path, value)
                                        : read_field(filling, key, value);
}

static enum ms_code read_section(struct filling *filling, const char *section, const yaml_node_t *node)
{
    enum ms_code code = MS_OK;
    char quoted[MS_QUOTE_BYTES], list[LIST_BYTES];

    if (node->type != YAML_MAPPING_NODE) {
        ms_keys_list(section, list, sizeof list);
        return complain(filling, node, section, NO_INDEX, "%s %s; it must be a mapping with the keys %s",
                        is_nothing(node) ? "there" : name_node(node, quoted),
                        is_nothing(node) ? "is no value" : "is not allowed here", list);
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         code == MS_OK && pair < node->data.mapping.pairs.top; pair++)
        code = read_pair(filling, section, yaml_document_get_node(filling->document, pair->key),
                         yaml_document_get_node(filling->document, pair->value));
    for (size_t id = 0; code == MS_OK && id < MS_KEY_COUNT; id++)
        if (filling->keys[id] == NULL && ms_keys_is_in(&ms_keys[id], section))
            code = fill_missing(filling, &ms_keys[id], node);
    return code;
}

/* ---- conditions on several keys ------------------------------------------------------------------------ */

/* Without grid.init_scale, init_scale is its only value. */
static void take_scale(struct filling *filling)
{
    if (filling->keys[MS_KEY_GRID_INIT_SCALE] == NULL)
        filling->job->grid.init_scale[0] = filling->job->init_scale;
}

/* Checks that initial weights are finite in the precision of the job. */
static enum ms_code check_scale(struct filling *filling, enum ms_key_id id, int32_t index, double scale,
                                const yaml_node_t *node)
{
    const double largest = ms_network_largest_scale(filling->job->precision);
    char quoted[MS_QUOTE_BYTES];

    if (scale <= largest)
        return MS_OK;
    return complain(filling, node, ms_keys[id].path, index,
                    "%s is too large for %s: initial weights can be 12 times as large and must be finite; "
                    "it must be at most %g",
                    name_node(node, quoted), ms_precision_name(filling->job->precision), largest);
}

static enum ms_code check_scales(struct filling *filling)
{
    const struct ms_job *job = filling->job;
    const yaml_node_t *axis = filling->values[MS_KEY_GRID_INIT_SCALE];
    enum ms_code code = MS_OK;

    if (filling->values[MS_KEY_INIT_SCALE] != NULL)
        code = check_scale(filling, MS_KEY_INIT_SCALE, NO_INDEX, job->init_scale,
                           filling->values[MS_KEY_INIT_SCALE]);
    for (int32_t i = 0; code == MS_OK && axis != NULL && i < job->grid.n_init_scale; i++)
        code = check_scale(filling, MS_KEY_GRID_INIT_SCALE, axis->type == YAML_SEQUENCE_NODE ? i : NO_INDEX,
                           job->grid.init_scale[i], axis_element(filling, axis, i));
    return code;
}

static enum ms_code check_together(struct filling *filling)
{
    const struct ms_job *job = filling->job;
    int64_t dev_rows = ms_split_dev_rows(job->moons.samples, job->dev_fraction);
    char quoted[MS_QUOTE_BYTES];
    struct ms_error grid_err;
    enum ms_code code;

    if (dev_rows >= job->moons.samples)
        return complain(
            filling, filling->values[MS_KEY_DEV_FRACTION], ms_keys[MS_KEY_DEV_FRACTION].path, NO_INDEX,
            "%s of %lld samples, rounded up, is all of them; the training set needs at least one",
            name_node(filling->values[MS_KEY_DEV_FRACTION], quoted), (long long)job->moons.samples);
    code = check_scales(filling);
    if (code != MS_OK)
        return code;
    if (ms_grid_check(&job->grid, &grid_err) != MS_OK)
        return complain(filling, filling->keys[MS_KEY_GRID], ms_keys[MS_KEY_GRID].path, NO_INDEX, "%s",
                        grid_err.text);
    return MS_OK;
}

enum ms_code ms_job_fill(const char *path, yaml_document_t *document, struct ms_job *job,
                         struct ms_error *err)
{
    struct filling filling = {.path = path, .document = document, .job = job, .err = err};
    enum ms_code code = read_section(&filling, "", yaml_document_get_root_node(document));

    if (code != MS_OK)
        return code;
    take_scale(&filling);
    return check_together(&filling);
}
