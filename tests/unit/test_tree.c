/* Job files as trees of keys and values.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job/tree.h"

#include <string.h>

#include "job/document.h"
#include "unit.h"

static struct ms_error err;

static void load(const char *text, yaml_document_t *document)
{
    ck_assert_msg(ms_document_load("job.yaml", text, strlen(text), document, &err) == MS_OK, "%s", err.text);
}

/* The text of a scalar. */
static const char *text_of(yaml_document_t *document, int number)
{
    const yaml_node_t *node = yaml_document_get_node(document, number);

    ck_assert_int_eq(node->type, YAML_SCALAR_NODE);
    return (const char *)node->data.scalar.value;
}

START_TEST(a_key_is_found_by_its_whole_name)
{
    yaml_document_t document;

    load("{ab: 1, a: 2, abc: 3, [x]: 4}", &document);
    ck_assert_str_eq(text_of(&document, ms_tree_find(&document, 1, "a", 1)), "2");
    ck_assert_str_eq(text_of(&document, ms_tree_find(&document, 1, "abcd", 2)), "1");
    ck_assert_str_eq(text_of(&document, ms_tree_find(&document, 1, "abc", 3)), "3");
    ck_assert_int_eq(ms_tree_find(&document, 1, "b", 1), 0);
    ck_assert_int_eq(ms_tree_find(&document, 1, "", 0), 0);
    yaml_document_delete(&document);
}
END_TEST

START_TEST(a_value_replaces_that_of_its_key_or_is_added)
{
    yaml_document_t document;

    load("{a: 1, b: 2}", &document);
    ck_assert(ms_tree_put(&document, 1, "b", 1, ms_tree_find(&document, 1, "a", 1)));
    ck_assert_str_eq(text_of(&document, ms_tree_find(&document, 1, "b", 1)), "1");
    ck_assert(ms_tree_put(&document, 1, "new", 2, ms_tree_find(&document, 1, "a", 1)));
    ck_assert_str_eq(text_of(&document, ms_tree_find(&document, 1, "ne", 2)), "1");
    ck_assert_int_eq(yaml_document_get_root_node(&document)->data.mapping.pairs.top -
                         yaml_document_get_root_node(&document)->data.mapping.pairs.start,
                     3);
    yaml_document_delete(&document);
}
END_TEST

START_TEST(a_removed_key_leaves_the_others_in_their_order)
{
    yaml_document_t document;
    const yaml_node_t *root;

    load("{a: 1, b: 2, c: 3}", &document);
    ms_tree_remove(&document, 1, "b", 1);
    ms_tree_remove(&document, 1, "missing", 7);
    root = yaml_document_get_root_node(&document);
    ck_assert_int_eq(root->data.mapping.pairs.top - root->data.mapping.pairs.start, 2);
    ck_assert_str_eq(text_of(&document, root->data.mapping.pairs.start[0].key), "a");
    ck_assert_str_eq(text_of(&document, root->data.mapping.pairs.start[1].value), "3");
    ms_tree_remove(&document, 1, "c", 1);
    ms_tree_remove(&document, 1, "a", 1);
    ck_assert_int_eq(ms_tree_find(&document, 1, "a", 1), 0);
    yaml_document_delete(&document);
}
END_TEST

START_TEST(a_copied_tree_refers_to_its_own_nodes)
{
    yaml_document_t document, other;
    int root, list;

    load("{a: 1}", &document);
    load("{x: [7, {y: 8}], z: 9}", &other);
    root = ms_tree_copy(&document, &other);
    yaml_document_delete(&other);
    ck_assert_int_eq(root, 4); /* after the mapping, its key and its value */
    ck_assert_int_eq(ms_tree_count(&document), 3 + 9);
    ck_assert_str_eq(text_of(&document, ms_tree_find(&document, root, "z", 1)), "9");
    list = ms_tree_find(&document, root, "x", 1);
    ck_assert_str_eq(
        text_of(&document, yaml_document_get_node(&document, list)->data.sequence.items.start[0]), "7");
    ck_assert_str_eq(
        text_of(&document,
                ms_tree_find(&document, yaml_document_get_node(&document, list)->data.sequence.items.start[1],
                             "y", 1)),
        "8");
    yaml_document_delete(&document);
}
END_TEST

/* Also where the copy moves all nodes in memory. */
START_TEST(a_copied_node_can_be_changed_without_its_original)
{
    yaml_document_t document;
    int list, copy;

    load("{a: [1, 2], b: 3}", &document);
    list = ms_tree_find(&document, 1, "a", 1);
    for (int i = 0; i < 100; i++)
        copy = ms_tree_copy_node(&document, list);
    ck_assert(ms_tree_put_element(&document, copy, 1, ms_tree_find(&document, 1, "b", 1)));
    ck_assert_str_eq(
        text_of(&document, yaml_document_get_node(&document, copy)->data.sequence.items.start[1]), "3");
    ck_assert_str_eq(
        text_of(&document, yaml_document_get_node(&document, list)->data.sequence.items.start[1]), "2");
    yaml_document_delete(&document);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tree");
    TCase *tests = tcase_create("tree");

    tcase_add_test(tests, a_key_is_found_by_its_whole_name);
    tcase_add_test(tests, a_value_replaces_that_of_its_key_or_is_added);
    tcase_add_test(tests, a_removed_key_leaves_the_others_in_their_order);
    tcase_add_test(tests, a_copied_tree_refers_to_its_own_nodes);
    tcase_add_test(tests, a_copied_node_can_be_changed_without_its_original);
    suite_add_tcase(suite, tests);
    return suite;
}
