/* Reads, writes and compares class_weight, which is a word or a list of two numbers, and so has no kind in
 * the table of keys. ms_job_class_weight reads what ms_class_weight_write has written in a result; anything
 * else there is damage.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job_weight.h"

#include <math.h>
#include <string.h>

#include "number.h"

static const char description[] = "none, balanced, or a list of two numbers above 0, the weights of the "
                                  "labels 0 and 1";

static bool is_text(const yaml_node_t *node, const char *text)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == strlen(text) &&
           memcmp(node->data.scalar.value, text, strlen(text)) == 0;
}

/* Reads one of the two weights. */
static enum ms_code read_weight(const struct ms_nodes *nodes, const yaml_node_t *list, int32_t index,
                                double *weight)
{
    const struct ms_key *key = &ms_keys[MS_KEY_CLASS_WEIGHT];
    const yaml_node_t *node = ms_node_element(nodes, list, index);
    const struct ms_key number = {
        .path = key->path, .kind = MS_KIND_REAL, .is_open = true, .min = 0, .max = INFINITY};
    enum ms_code code = ms_node_value(nodes, &number, key->path, index, node, weight);
    const double rounded = code == MS_OK ? ms_precision_round(nodes->precision, *weight) : 1;
    char quoted[MS_QUOTE_BYTES];

    if (rounded > 0 && isfinite(rounded))
        return code;
    return ms_node_complain(nodes, node, key->path, index, "%s is too %s for %s", ms_node_name(node, quoted),
                            rounded > 0 ? "large" : "small", ms_precision_name(nodes->precision));
}

enum ms_code ms_job_weight_read(const struct ms_nodes *nodes, const yaml_node_t *node,
                                struct ms_class_weight *class_weight)
{
    const char *path = ms_keys[MS_KEY_CLASS_WEIGHT].path;
    struct ms_class_weight read = {.weighting = MS_WEIGHTING_NONE};
    char quoted[MS_QUOTE_BYTES], null[MS_NULL_BYTES];
    enum ms_code code = MS_OK;

    if (ms_node_is_null(node))
        return ms_node_complain(nodes, node, path, MS_NO_INDEX, "%s no value; it must be %s",
                                ms_node_name_null(node, null), description);
    if (node->type == YAML_SEQUENCE_NODE && ms_node_length(node) != 2)
        return ms_node_complain(nodes, node, path, MS_NO_INDEX, "the list has %d %s; it must be %s",
                                ms_node_length(node), ms_node_length(node) == 1 ? "value" : "values",
                                description);
    if (is_text(node, "balanced"))
        read.weighting = MS_WEIGHTING_BALANCED;
    else if (node->type == YAML_SEQUENCE_NODE)
        read.weighting = MS_WEIGHTING_GIVEN;
    else if (!is_text(node, "none"))
        return ms_node_complain(nodes, node, path, MS_NO_INDEX, "%s is not allowed here; it must be %s",
                                ms_node_name(node, quoted), description);
    for (int32_t i = 0; code == MS_OK && read.weighting == MS_WEIGHTING_GIVEN && i < 2; i++)
        code = read_weight(nodes, node, i, &read.given[i]);
    if (code == MS_OK)
        *class_weight = read;
    return code;
}

enum ms_code ms_job_class_weight(const char *path, const char *text, struct ms_class_weight *class_weight,
                                 struct ms_error *err)
{
    static const struct ms_class_weight names[] = {{.weighting = MS_WEIGHTING_NONE},
                                                   {.weighting = MS_WEIGHTING_BALANCED}};
    struct ms_class_weight read = {.weighting = MS_WEIGHTING_GIVEN};
    const char *comma = strstr(text, ", ");
    const size_t length = strlen(text);
    char name[MS_CLASS_WEIGHT_CHARS];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, ms_class_weight_write(&names[i], name)) == 0) {
            *class_weight = names[i];
            return MS_OK;
        }
    }
    if (comma == NULL || text[0] != '[' || text[length - 1] != ']' ||
        ms_number_real(text + 1, (size_t)(comma - text) - 1, &read.given[0]) != NULL ||
        ms_number_real(comma + 2, (size_t)(text + length - comma) - 3, &read.given[1]) != NULL)
        return ms_fail(err, MS_BAD_INPUT, "%s: the attribute class_weight is corrupt", path);
    *class_weight = read;
    return MS_OK;
}

void ms_job_weight_print(FILE *out, const struct ms_job *job)
{
    char text[MS_CLASS_WEIGHT_CHARS];

    if (job->class_weight.weighting != MS_WEIGHTING_NONE)
        (void)fprintf(out, "%s = %s\n", ms_keys[MS_KEY_CLASS_WEIGHT].path,
                      ms_class_weight_write(&job->class_weight, text));
}

bool ms_job_weight_differs(const struct ms_job *stored, const struct ms_job *job)
{
    const struct ms_class_weight *before = &stored->class_weight, *now = &job->class_weight;

    return before->weighting != now->weighting || before->given[0] != now->given[0] ||
           before->given[1] != now->given[1];
}

void ms_job_weight_print_change(FILE *out, const struct ms_job *stored, const struct ms_job *job)
{
    char before[MS_CLASS_WEIGHT_CHARS], now[MS_CLASS_WEIGHT_CHARS];

    (void)fprintf(out, "%s was %s, is now %s", ms_keys[MS_KEY_CLASS_WEIGHT].path,
                  ms_class_weight_write(&stored->class_weight, before),
                  ms_class_weight_write(&job->class_weight, now));
}
