/* Writes a job file whose grid is a list of configurations, and which is otherwise that of another job.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "keys.h"
#include "moonsweep/job.h"
#include "moonsweep/shortest.h"
#include "settings.h"
#include "tree.h"

/* The grid as YAML, one configuration on each line. The caller frees it; NULL: no memory. */
static char *write_grid(const struct ms_config *configs, int64_t n)
{
    char rate[MS_SHORTEST_CHARS], scale[MS_SHORTEST_CHARS], *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    bool is_whole;

    if (out == NULL)
        return NULL;
    (void)fputs("configs:\n", out);
    for (int64_t i = 0; i < n; i++)
        (void)fprintf(out,
                      "- {n_h: %" PRId32 ", activation: %s, learning_rate: %s, init_scale: %s, seed: %" PRIu32
                      ", iterations: %" PRId64 "}\n",
                      configs[i].n_h, ms_activation_name(configs[i].activation),
                      ms_shortest(configs[i].learning_rate, rate), ms_shortest(configs[i].init_scale, scale),
                      configs[i].seed, configs[i].iterations);
    is_whole = !ferror(out);
    if (fclose(out) == 0 && is_whole)
        return text;
    free(text);
    return NULL;
}

/* Replaces the grid of the document. */
static enum ms_code put_grid(yaml_document_t *document, const char *path, const struct ms_config *configs,
                             int64_t n, struct ms_error *err)
{
    const char *key = ms_keys[MS_KEY_GRID].path;
    char *text = write_grid(configs, n);
    yaml_document_t grid;
    enum ms_code code;
    int root;

    if (text == NULL)
        return ms_fail_memory(err, path, "for its configurations");
    code = ms_document_load(path, text, strlen(text), &grid, err);
    free(text);
    if (code != MS_OK)
        return code;
    root = ms_tree_copy(document, &grid);
    yaml_document_delete(&grid);
    return root != 0 && ms_tree_put(document, 1, key, strlen(key), root)
               ? MS_OK
               : ms_fail_memory(err, path, "for its configurations");
}

/* Replaces the name of a file in `data`, unless it is NULL. */
static bool put_file(yaml_document_t *document, enum ms_key_id id, const char *file)
{
    const char *data = ms_keys[MS_KEY_DATA].path, *name = ms_keys_name(&ms_keys[id]);
    int value;

    if (file == NULL)
        return true;
    value = yaml_document_add_scalar(document, NULL, (const unsigned char *)file, (int)strlen(file),
                                     YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    return value != 0 &&
           ms_tree_put(document, ms_tree_find(document, 1, data, strlen(data)), name, strlen(name), value);
}

/* Writes the document, which is deleted. */
static enum ms_code emit(yaml_document_t *document, const char *path, FILE *out, struct ms_error *err)
{
    yaml_emitter_t emitter;
    bool is_written;

    if (!yaml_emitter_initialize(&emitter)) {
        yaml_document_delete(document);
        return ms_fail_memory(err, path, "to write it");
    }
    yaml_emitter_set_output_file(&emitter, out);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    is_written = yaml_emitter_dump(&emitter, document) != 0;
    yaml_emitter_delete(&emitter);
    return is_written ? MS_OK : ms_fail_memory(err, path, "to write it");
}

/* Removes what ends trajectories early by comparing them with others, which the new grid does not have. */
static void remove_halving(yaml_document_t *document)
{
    const char *key = ms_keys[MS_KEY_HALVING].path;

    ms_tree_remove(document, 1, key, strlen(key));
}

enum ms_code ms_job_write_configs(const struct ms_job *job, const struct ms_config *configs, int64_t n,
                                  const char *data_file, const char *dev_file, FILE *out,
                                  struct ms_error *err)
{
    yaml_document_t document;
    struct ms_settings settings = {0};
    enum ms_code code = ms_document_load(job->path, job->text, job->text_bytes, &document, err);

    if (code != MS_OK)
        return code;
    code = ms_settings_apply(job->path, job->set, &document, &settings, err);
    ms_settings_free(&settings);
    remove_halving(&document);
    if (code == MS_OK)
        code = put_grid(&document, job->path, configs, n, err);
    if (code == MS_OK &&
        (!put_file(&document, MS_KEY_FILE, data_file) || !put_file(&document, MS_KEY_DEV_FILE, dev_file)))
        code = ms_fail_memory(err, job->path, "for the names of its files");
    if (code == MS_OK)
        return emit(&document, job->path, out, err);
    yaml_document_delete(&document);
    return code;
}
