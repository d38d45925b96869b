/* A table of the names that scikit-learn, Keras, PyTorch and others use, grouped by the keys that they mean,
 * and searched from its beginning.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "synonyms.h"

#include <stddef.h>
#include <strings.h>

static const struct {
    const char *name, *key;
} synonyms[] = {
    {"affiliation", "institution"},
    {"author", "creator_name"},
    {"creator", "creator_name"},
    {"hidden", "n_h"},
    {"hidden_dim", "n_h"},
    {"hidden_layer_sizes", "n_h"},
    {"hidden_neurons", "n_h"},
    {"hidden_size", "n_h"},
    {"hidden_units", "n_h"},
    {"n_hidden", "n_h"},
    {"neurons", "n_h"},
    {"num_hidden", "n_h"},
    {"units", "n_h"},
    {"act", "activation"},
    {"activation_function", "activation"},
    {"nonlinearity", "activation"},
    {"alpha", "learning_rate"},
    {"eta", "learning_rate"},
    {"eta0", "learning_rate"},
    {"learning_rate_init", "learning_rate"},
    {"lr", "learning_rate"},
    {"step_size", "learning_rate"},
    {"epochs", "iterations"},
    {"iters", "iterations"},
    {"max_epochs", "iterations"},
    {"max_iter", "iterations"},
    {"n_epochs", "iterations"},
    {"n_iter", "iterations"},
    {"num_epochs", "iterations"},
    {"num_iterations", "iterations"},
    {"steps", "iterations"},
    {"random_seed", "seed"},
    {"random_state", "seed"},
    {"init_std", "init_scale"},
    {"weight_scale", "init_scale"},
    {"n_samples", "samples"},
    {"num_samples", "samples"},
    {"test_fraction", "dev_fraction"},
    {"test_size", "dev_fraction"},
    {"validation_fraction", "dev_fraction"},
    {"validation_split", "dev_fraction"},
    {"test_file", "dev_file"},
    {"validation_file", "dev_file"},
    {"csv", "file"},
    {"path", "file"},
    {"target", "label"},
    {"normalize", "standardize"},
    {"scale_features", "standardize"},
    {"arange", "range"},
    {"linspace", "linear"},
    {"geomspace", "log"},
    {"logspace", "log"},
    {"early_stopping", "stop"},
    {"n_iter_no_change", "patience"},
    {"tol", "min_delta"},
    {"max_time", "max_seconds"},
    {"timeout", "max_seconds"},
    {"class_weights", "class_weight"},
    {"pos_weight", "class_weight"},
    {"dtype", "precision"},
};

const char *ms_synonyms_find(const char *name)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (strcasecmp(name, synonyms[i].name) == 0)
            return synonyms[i].key;
    return NULL;
}
