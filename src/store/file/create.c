/* Creates a result file by rule 1 of docs/file-format.md: an incomplete file never has the final name.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* renameat2 */

#include "moonsweep/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "conventions.h"
#include "file.h"
#include "job_inputs.h"
#include "layout.h"
#include "moonsweep/maths.h"
#include "moonsweep/size_text.h"
#include "pages.h"
#include "reserve.h"
#include "schema.h"

enum {
    STRUCTURE_BYTES = 96 << 10, /* headers, groups, and attributes without the texts */
    INITIAL_BYTES = 4 << 20     /* of repeated initial values per write */
};

int64_t ms_writer_size(const struct ms_writer_spec *spec)
{
    struct ms_shape shape;
    int64_t writable, final;
    const int64_t texts = (int64_t)(strlen(spec->job_text) + strlen(spec->title) + strlen(spec->command)) +
                          (int64_t)(spec->job_set != NULL ? strlen(spec->job_set) : 0) +
                          ms_conventions_bytes(spec);

    ms_schema_shape(spec, &shape);
    ms_schema_bytes(&shape, &writable, &final);
    if (final > INT64_MAX / 4)
        return INT64_MAX;
    final += STRUCTURE_BYTES + texts;
    final += ms_pages_room(final);
    return writable > INT64_MAX - final ? INT64_MAX : writable + final;
}

int64_t ms_writer_cost_bytes(const struct ms_writer_spec *spec)
{
    struct ms_shape shape;
    int64_t bytes;

    ms_schema_shape(spec, &shape);
    return __builtin_mul_overflow(ms_grid_costs(spec->grid),
                                  (int64_t)ms_schema_row_bytes(&shape, MS_VAR_COST), &bytes)
               ? INT64_MAX
               : bytes;
}

bool ms_writer_free_bytes(const char *path, int64_t *bytes)
{
    return ms_reserve_free(path, bytes);
}

/* ---- values ----------------------------------------------------------------------------------------- */

/* Fills values[elements] with the initial value of a variable's type, NaN or -1. */
static void fill_initial(enum ms_type type, enum ms_initial initial, int64_t elements, void *values)
{
    for (int64_t i = 0; i < elements; i++) {
        if (initial == MS_INITIAL_NAN)
            ((double *)values)[i] = ms_canonical((double)NAN);
        else if (type == MS_TYPE_I32)
            ((int32_t *)values)[i] = -1;
        else
            ((int64_t *)values)[i] = -1;
    }
}

static enum ms_code write_initial(const struct ms_file *file, enum ms_variable variable, void *room,
                                  struct ms_error *err)
{
    const struct ms_variable_schema *schema = &ms_schema[variable];
    int64_t rows = ms_schema_rows(&file->shape, variable);
    int64_t at_once = INITIAL_BYTES / (int64_t)ms_schema_row_bytes(&file->shape, variable);
    enum ms_code code = MS_OK;

    if (schema->initial != MS_INITIAL_NAN && schema->initial != MS_INITIAL_MINUS_ONE)
        return MS_OK;
    if (at_once > rows)
        at_once = rows;
    fill_initial(schema->type, schema->initial, at_once, room);
    for (int64_t first = 0; code == MS_OK && first < rows; first += at_once)
        code = ms_file_write(file, variable, first, rows - first < at_once ? rows - first : at_once, room,
                             err);
    return code;
}

/* Writes 0, 1, 2, ... to a scale. */
static enum ms_code write_scale(const struct ms_file *file, enum ms_dimension d, uint64_t place,
                                int64_t *room, struct ms_error *err)
{
    const int64_t size = file->shape.size[d], at_once = INITIAL_BYTES / (int64_t)sizeof *room;
    int cause = 0;

    for (int64_t first = 0, count; cause == 0 && first < size; first += count) {
        count = size - first < at_once ? size - first : at_once;
        for (int64_t i = 0; i < count; i++)
            room[i] = first + i;
        cause = ms_bytes_write(file->descriptor, place + (uint64_t)first * sizeof *room,
                               (size_t)count * sizeof *room, room);
    }
    return cause == 0 ? MS_OK
                      : ms_fail(err, ms_code_of_errno(cause, MS_IO_ERROR), "%s: writing %s failed: %s",
                                file->path, ms_schema_dimensions[d].name, ms_bytes_reason(cause));
}

/* A file that is being created. */
struct creating {
    const struct ms_file *file;
    const struct ms_stop_request *stop;
};

/* Writes the rows in pieces, between which requests to stop are noticed. */
static enum ms_code write_job_input(void *context, const struct ms_job_input *input, struct ms_error *err)
{
    const struct creating *creating = context;
    const size_t row_bytes = ms_schema_row_bytes(&creating->file->shape, input->variable);
    const int64_t at_once = 1 + INITIAL_BYTES / (int64_t)row_bytes;
    enum ms_code code = MS_OK;

    for (int64_t row = 0; code == MS_OK && row < input->rows; row += at_once) {
        const int64_t left = input->rows - row;

        if (ms_stop_request_at(creating->stop, 0))
            return ms_stop_request_error(err, "creating the file");
        code = ms_file_write(creating->file, input->variable, input->first + row,
                             left < at_once ? left : at_once,
                             (const char *)input->values + (size_t)row * row_bytes, err);
    }
    return code;
}

/* Writes all values other than 0, and then the checksums of the pages, which are final by then. */
static enum ms_code write_values(struct ms_file *file, const struct ms_writer_spec *spec,
                                 const uint64_t scale_place[MS_DIM_COUNT], struct ms_error *err)
{
    struct creating creating = {file, spec->stop};
    void *room = malloc(INITIAL_BYTES);
    enum ms_code code = MS_OK;

    if (room == NULL)
        return ms_fail_memory(err, file->path, "to create it");
    for (int v = 0; code == MS_OK && v < MS_VARIABLE_COUNT; v++)
        code = write_initial(file, (enum ms_variable)v, room, err);
    for (int d = 0; code == MS_OK && d < MS_DIM_COUNT; d++)
        if (scale_place[d] != 0)
            code = write_scale(file, (enum ms_dimension)d, scale_place[d], room, err);
    free(room);
    if (code == MS_OK)
        code = ms_job_inputs_each(&file->shape, spec, write_job_input, &creating, err);
    return code == MS_OK ? ms_pages_write(file, scale_place, spec->stop, err) : code;
}

/* Writes the whole file under its temporary name, which must not exist. The caller closes *file, whose descriptor is -1
 * if nothing was created. */
static enum ms_code write_file(const char *part, const struct ms_writer_spec *spec, struct ms_file *file,
                               struct ms_error *err)
{
    uint64_t scale_place[MS_DIM_COUNT];
    int descriptor;
    enum ms_code code = ms_layout_write(part, spec, ms_writer_size(spec), scale_place, &descriptor, err);

    ms_file_clear(file);
    file->descriptor = descriptor;
    if (code == MS_OK)
        code = ms_file_take(part, descriptor, NULL, file, err);
    return code == MS_OK ? write_values(file, spec, scale_place, err) : code;
}

/* ---- names ------------------------------------------------------------------------------------------ */

bool ms_writer_is_result(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool is = descriptor >= 0 && ms_pages_are_there(descriptor);

    if (descriptor >= 0)
        (void)close(descriptor);
    return is;
}

/* Checks that the file may be replaced: it must be a moonsweep result, corrupt or not. */
static enum ms_code check_ours(const char *path, struct ms_error *err)
{
    struct ms_file file;
    enum ms_code code = MS_OK;

    ms_file_clear(&file);
    if (!ms_writer_is_result(path))
        code = ms_file_open(path, O_RDONLY, NULL, &file, err);
    ms_file_close(&file);
    if (code == MS_BAD_INPUT)
        code = ms_fail(err, MS_CANNOT_CREATE, "%s is not a moonsweep result and is not replaced", path);
    return code;
}

/* Checks that nothing exists at path, or that it may be replaced. */
static enum ms_code check_place(const char *path, bool replace, struct ms_error *err)
{
    struct stat status;

    if (lstat(path, &status) != 0) {
        if (errno == ENOENT)
            return MS_OK;
        return ms_fail(err, ms_code_of_errno(errno, MS_CANNOT_CREATE), "%s cannot be created: %s", path,
                       strerror(errno));
    }
    if (!replace)
        return ms_fail(err, MS_CANNOT_CREATE, "%s already exists", path);
    if (!S_ISREG(status.st_mode))
        return ms_fail(err, MS_CANNOT_CREATE, "%s is not a regular file and is not replaced", path);
    return check_ours(path, err);
}

/* Makes the new name of path in its folder durable. */
static enum ms_code sync_folder(const char *path, struct ms_error *err)
{
    char *copy = strdup(path);
    enum ms_code code = MS_OK;
    int fd;

    if (copy == NULL)
        return ms_fail_memory(err, path, "to make its name durable");
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some file systems refuse fsync on folders; nothing can be done there. */
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP))
        code = ms_fail(err, MS_IO_ERROR, "%s: making its name durable failed: %s", path, strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    free(copy);
    return code;
}

/* Returns the temporary name, which the caller frees. */
static char *part_path(const char *path)
{
    size_t room = strlen(path) + sizeof ".part";
    char *part = malloc(room);

    if (part != NULL)
        (void)snprintf(part, room, "%s.part", path);
    return part;
}

/* Checks that the file with the temporary name is one that a run of this user has left. */
static enum ms_code check_left(const char *part, const struct stat *status, struct ms_error *err)
{
    const char *reason = S_ISLNK(status->st_mode)      ? "is a symbolic link"
                         : !S_ISREG(status->st_mode)   ? "is not a regular file"
                         : status->st_nlink > 1        ? "has another name (a hard link)"
                         : status->st_uid != geteuid() ? "belongs to another user"
                                                       : NULL;

    if (reason == NULL)
        return MS_OK;
    return ms_fail(
        err, MS_CANNOT_CREATE,
        "%s has the name of the temporary file of this result, but %s; file not changed; remove it, or "
        "write the result elsewhere",
        part, reason);
}

/* Removes the incomplete file of a killed run. */
static enum ms_code remove_left(const char *part, struct ms_error *err)
{
    struct stat status;
    enum ms_code code;

    if (lstat(part, &status) != 0)
        return errno == ENOENT
                   ? MS_OK
                   : ms_fail(err, ms_code_of_errno(errno, MS_CANNOT_CREATE), "%s: %s", part, strerror(errno));
    code = check_left(part, &status, err);
    if (code == MS_OK && unlink(part) != 0 && errno != ENOENT)
        code = ms_fail(err, ms_code_of_errno(errno, MS_CANNOT_CREATE), "%s cannot be removed: %s", part,
                       strerror(errno));
    return code;
}

enum ms_code ms_writer_clear(const char *path, struct ms_error *err)
{
    char *part = part_path(path);
    enum ms_code code;

    if (part == NULL)
        return ms_fail_memory(err, path, "to remove the file of a killed run");
    code = remove_left(part, err);
    free(part);
    return code;
}

/* ---- creating --------------------------------------------------------------------------------------- */

/* Checks that nothing has the temporary name: whoever creates that file is the only one who creates the result, even
 * without a lock. */
static enum ms_code check_part(const char *part, struct ms_error *err)
{
    struct stat status;

    if (lstat(part, &status) != 0)
        return MS_OK; /* creating the file tells of any other problem */
    return ms_fail(
        err, MS_CANNOT_CREATE,
        "%s already exists: another run may be creating this result; if none is active, remove that file",
        part);
}

/* Reserves the space of the file and makes it durable. */
static enum ms_code make_durable(const char *path, const struct ms_file *file, bool *reserved,
                                 struct ms_error *err)
{
    enum ms_code code = ms_reserve_file(path, file->descriptor, reserved, err);

    if (code == MS_OK && fsync(file->descriptor) != 0)
        code = ms_fail(err, MS_IO_ERROR, "%s: making it durable failed: %s", file->path, strerror(errno));
    return code;
}

/* Renames the complete file. The name must still be free, or replaceable: it was checked long before. A file
 * system that cannot do both at once (NFS) gets them one after the other. */
static enum ms_code publish(const char *part, const char *path, bool replace, struct ms_error *err)
{
    enum ms_code code = check_place(path, replace, err);
    int failed;

    if (code != MS_OK)
        return code;
    failed = replace ? rename(part, path) : renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE);
    if (failed != 0 && !replace && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
        failed = rename(part, path);
    if (failed == 0)
        return MS_OK;
    if (replace && errno == EPERM)
        return ms_fail(err, MS_NO_PERMISSION,
                       "%s cannot be replaced: %s; it may belong to another user: write the result elsewhere",
                       path, strerror(errno));
    return ms_fail(err, ms_code_of_errno(errno, MS_CANNOT_CREATE), "%s cannot be renamed to %s: %s", part,
                   path, strerror(errno));
}

/* Checks that there is space for the file. If most of it would be costs, the message says how to have fewer of them. */
static enum ms_code check_space(const char *path, const struct ms_writer_spec *spec, struct ms_error *err)
{
    const int64_t bytes = ms_writer_size(spec), costs = ms_writer_cost_bytes(spec);
    const enum ms_code code = ms_reserve_check(path, bytes, err);
    const struct ms_error plain = *err;
    char text[MS_SIZE_TEXT_CHARS];

    if (code != MS_CANNOT_CREATE || costs < bytes / 2)
        return code;
    return ms_fail(err, code,
                   "%.900s; %s of it are costs: `cost_every: 100` in the job stores every 100th one, "
                   "`costs: none` only the last one of each configuration",
                   plain.text, ms_size_text(costs, text));
}

/* Creates the file under its temporary name and renames it. Nothing is left after an error. */
static enum ms_code create(const char *part, const char *path, const struct ms_writer_spec *spec,
                           bool replace, bool *reserved, struct ms_error *err)
{
    struct ms_file file;
    enum ms_code code = write_file(part, spec, &file, err);
    const bool is_ours = file.descriptor >= 0;

    if (code == MS_OK)
        code = make_durable(path, &file, reserved, err);
    if (code == MS_IO_ERROR || code == MS_CANNOT_CREATE)
        code = ms_reserve_explain(path, ms_writer_size(spec), err);
    if (code == MS_OK)
        code = publish(part, path, replace, err);
    ms_file_close(&file);
    if (code != MS_OK && is_ours)
        (void)unlink(part);
    return code == MS_OK ? sync_folder(path, err) : code;
}

enum ms_code ms_writer_create(const char *path, const struct ms_writer_spec *spec, bool replace,
                              bool *reserved, struct ms_error *err)
{
    char *part = part_path(path);
    bool is_reserved = false;
    enum ms_code code;

    if (part == NULL)
        return ms_fail_memory(err, path, "to create it");
    code = check_place(path, replace, err);
    if (code == MS_OK)
        code = check_part(part, err);
    if (code == MS_OK)
        code = check_space(path, spec, err);
    if (code == MS_OK)
        code = create(part, path, spec, replace, &is_reserved, err);
    if (code == MS_OK)
        *reserved = is_reserved;
    free(part);
    return code;
}
