/* The keys of other libraries, and the keys of moonsweep that they lead to.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job/synonyms.h"

#include <string.h>

#include "job/keys.h"
#include "unit.h"

/* Some names of scikit-learn, Keras and PyTorch. */
static const char *const known[][2] = {
    {"hidden_layer_sizes", "n_h"},
    {"units", "n_h"},
    {"learning_rate_init", "learning_rate"},
    {"lr", "learning_rate"},
    {"LR", "learning_rate"},
    {"max_iter", "iterations"},
    {"Epochs", "iterations"},
    {"random_state", "seed"},
    {"test_size", "dev_fraction"},
    {"validation_split", "dev_fraction"},
    {"dtype", "precision"},
    {"pos_weight", "class_weight"},
    {"early_stopping", "stop"},
    {"n_iter_no_change", "patience"},
    {"tol", "min_delta"},
};

START_TEST(names_of_other_libraries_lead_to_the_key)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const char *key = ms_synonyms_find(known[i][0]);

        ck_assert_msg(key != NULL, "%s", known[i][0]);
        ck_assert_str_eq(key, known[i][1]);
    }
}
END_TEST

START_TEST(what_a_synonym_leads_to_is_a_key)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const char *key = ms_synonyms_find(known[i][0]);
        bool is = false;

        for (int id = 0; id < MS_KEY_COUNT; id++)
            is = is || strcmp(ms_keys_name(&ms_keys[id]), key) == 0;
        ck_assert_msg(is, "%s", key);
    }
}
END_TEST

/* Otherwise a key that exists elsewhere would be called by another name. */
START_TEST(no_key_is_a_synonym)
{
    for (int id = 0; id < MS_KEY_COUNT; id++)
        ck_assert_msg(ms_synonyms_find(ms_keys_name(&ms_keys[id])) == NULL, "%s", ms_keys[id].path);
    ck_assert_ptr_null(ms_synonyms_find(""));
    ck_assert_ptr_null(ms_synonyms_find("l"));
    ck_assert_ptr_null(ms_synonyms_find("lrs"));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("synonyms");
    TCase *tests = tcase_create("synonyms");

    tcase_add_test(tests, names_of_other_libraries_lead_to_the_key);
    tcase_add_test(tests, what_a_synonym_leads_to_is_a_key);
    tcase_add_test(tests, no_key_is_a_synonym);
    suite_add_tcase(suite, tests);
    return suite;
}
