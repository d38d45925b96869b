/* Settings are applied to a document: what results is compared with the document of another text.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job/settings.h"

#include <stdio.h>
#include <string.h>

#include "job/document.h"
#include "job/tree.h"
#include "unit.h"

static struct ms_error err;

static void load(const char *text, yaml_document_t *document)
{
    ck_assert_msg(ms_document_load("job.yaml", text, strlen(text), document, &err) == MS_OK, "%s", err.text);
}

/* Writes what the node means, in flow style with a mark for plain texts. */
static void flatten(yaml_document_t *document, int number, FILE *out)
{
    const yaml_node_t *node = yaml_document_get_node(document, number);

    if (node->type == YAML_SCALAR_NODE) {
        (void)fprintf(out, node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? "%s" : "'%s'",
                      (const char *)node->data.scalar.value);
    } else if (node->type == YAML_SEQUENCE_NODE) {
        (void)fputc('[', out);
        for (const int *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
             item++) {
            flatten(document, *item, out);
            (void)fputc(',', out);
        }
        (void)fputc(']', out);
    } else {
        (void)fputc('{', out);
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; pair++) {
            flatten(document, pair->key, out);
            (void)fputc(':', out);
            flatten(document, pair->value, out);
            (void)fputc(',', out);
        }
        (void)fputc('}', out);
    }
}

static void expect_document(yaml_document_t *document, const char *expected)
{
    yaml_document_t other;
    char found_text[1000] = "", expected_text[1000] = "";
    FILE *found = fmemopen(found_text, sizeof found_text, "w");
    FILE *wanted = fmemopen(expected_text, sizeof expected_text, "w");

    load(expected, &other);
    flatten(document, 1, found);
    flatten(&other, 1, wanted);
    (void)fclose(found);
    (void)fclose(wanted);
    ck_assert_str_eq(found_text, expected_text);
    yaml_document_delete(&other);
}

static const struct {
    const char *text, *settings, *expected;
} good[] = {
    {"{a: 1, b: 2}", "b=3", "{a: 1, b: 3}"},
    {"{a: 1}", "b=2", "{a: 1, b: 2}"},
    {"{a: 1}", "b.c.d=2", "{a: 1, b: {c: {d: 2}}}"},
    {"{a: {b: 1, c: 2}}", "a.b=[1, 2]", "{a: {b: [1, 2], c: 2}}"},
    {"{a: {b: 1}}", "a={c: 'x'}", "{a: {c: 'x'}}"},
    {"{a: [1, 2, 3]}", "a[1]=5", "{a: [1, 5, 3]}"},
    {"{a: [{b: 1}, {b: 2}]}", "a[1].b=5", "{a: [{b: 1}, {b: 5}]}"},
    {"{a: [[1, 2], [3]]}", "a[0][1]=5", "{a: [[1, 5], [3]]}"},
    {"{a: [{b: 1}]}", "a[0].c.d=5", "{a: [{b: 1, c: {d: 5}}]}"},
    {"{a: 1}", "a=2\na=3\nb=4", "{a: 3, b: 4}"},
    {"{a: 1}", "b={c: 1}\nb.c=2", "{a: 1, b: {c: 2}}"},
    {"{a: 1}", "a= \"x = y\" # a comment", "{a: \"x = y\"}"},
    /* An alias is changed only where the path leads to it. */
    {"{a: &few {c: 1}, b: *few}", "b.c=2", "{a: {c: 1}, b: {c: 2}}"},
    {"{a: &few {c: 1}, b: *few}", "a.c=2", "{a: {c: 2}, b: {c: 1}}"},
    {"{a: &few [1, 2], b: [*few, *few]}", "b[1][0]=7", "{a: [1, 2], b: [[1, 2], [7, 2]]}"},
    {"{a: 1}", "", "{a: 1}"},
    {"{a: 1}", NULL, "{a: 1}"},
};

START_TEST(a_setting_is_the_value_at_its_place)
{
    yaml_document_t document;
    struct ms_settings settings;

    load(good[_i].text, &document);
    ck_assert_msg(ms_settings_apply("job.yaml", good[_i].settings, &document, &settings, &err) == MS_OK, "%s",
                  err.text);
    expect_document(&document, good[_i].expected);
    ms_settings_free(&settings);
    yaml_document_delete(&document);
}
END_TEST

static const struct {
    const char *settings, *message;
} bad[] = {
    {"a", "--set a: it must be KEY=VALUE, such as grid.n_h=[1, 2]"},
    {"=1", "--set =1: it must be KEY=VALUE"},
    {"a=", "--set a=: there is no value after '='"},
    {"a=  # nothing", "there is no value after '='"},
    {"a.=1", "--set a.=1: a. must be followed by a key"},
    {".a=1", "--set .a=1: KEY must begin with a key"},
    {"l[=1", "l[ must be followed by a position and ']', such as grid[1].n_h"},
    {"l[-1]=1", "l[ must be followed by a position and ']'"},
    {"l[x]=1", "l[ must be followed by a position and ']'"},
    {"l[0]x=1", "l[0] must be followed by '.', '[' or '='"},
    {"l[2]=1", "l[2] is a position beyond the end of the list"},
    {"l[99999999999999999999]=1", "is a position beyond the end of the list"},
    {"l.x=1", "leads into a list; give a position in it, such as [0]"},
    {"a.x=1", "leads into a value that has no keys"},
    {"a[0]=1", "a[0] gives a position in a value that is no list"},
    {"b[0]=1", "b[0] gives a position"},
    {"new[0]=1", "new[0] is a position in a list that is missing"},
    {"a=[1", "--set a=[1:2:1: this is not YAML"},
    {"a=!!int 1", "tags ('!') are not supported"},
    {"a=\x1b[31m", "job.yaml: one of its settings has control characters or is not UTF-8"},
    {"a=\xC3", "job.yaml: one of its settings has control characters or is not UTF-8"},
};

START_TEST(a_setting_that_cannot_be_applied_is_named)
{
    yaml_document_t document;
    struct ms_settings settings;

    load("{a: 1, l: [1, 2], b: {c: 1}}", &document);
    ck_assert_int_eq(ms_settings_apply("job.yaml", bad[_i].settings, &document, &settings, &err),
                     MS_BAD_INPUT);
    ck_assert_msg(strstr(err.text, bad[_i].message) != NULL, "%s", err.text);
    ms_settings_free(&settings);
    yaml_document_delete(&document);
}
END_TEST

START_TEST(a_node_is_of_the_setting_that_has_added_it)
{
    yaml_document_t document;
    struct ms_settings settings;
    int before;

    load("{a: 1, l: [1, 2]}", &document);
    before = ms_tree_count(&document);
    ck_assert_int_eq(ms_settings_apply("job.yaml", "a=[5, 6]\nl[1]=7", &document, &settings, &err), MS_OK);
    ck_assert_int_eq(settings.count, 2);
    for (int node = 0; node < before; node++)
        ck_assert_ptr_null(ms_settings_find(&settings, node));
    ck_assert_ptr_eq(ms_settings_find(&settings, ms_tree_find(&document, 1, "a", 1) - 1), &settings.items[0]);
    ck_assert_ptr_eq(ms_settings_find(&settings, ms_tree_count(&document) - 1), &settings.items[1]);
    ck_assert_ptr_null(ms_settings_find(&settings, ms_tree_count(&document)));
    ck_assert_ptr_null(ms_settings_find(NULL, 0));
    ms_settings_free(&settings);
    yaml_document_delete(&document);
}
END_TEST

START_TEST(long_settings_are_shortened_in_messages)
{
    char text[400], name[MS_SETTING_BYTES];
    struct ms_setting setting = {.text = text, .length = 160};

    memset(text, 'x', sizeof text);
    ms_settings_name(&setting, name);
    ck_assert_uint_eq(strlen(name), strlen("--set ") + 160);
    setting.length = 161;
    ms_settings_name(&setting, name);
    ck_assert_uint_eq(strlen(name), strlen("--set ") + 160 + strlen("..."));
    ck_assert_str_eq(name + strlen(name) - 4, "x...");
    memcpy(text + 159, "\xC3\xA9", 2); /* a character of two bytes is shown or not, never cut */
    ms_settings_name(&setting, name);
    ck_assert_str_eq(name + strlen(name) - 4, "x...");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("settings");
    TCase *tests = tcase_create("settings");

    tcase_add_loop_test(tests, a_setting_is_the_value_at_its_place, 0, sizeof good / sizeof good[0]);
    tcase_add_loop_test(tests, a_setting_that_cannot_be_applied_is_named, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(tests, a_node_is_of_the_setting_that_has_added_it);
    tcase_add_test(tests, long_settings_are_shortened_in_messages);
    suite_add_tcase(suite, tests);
    return suite;
}
