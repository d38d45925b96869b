/* Repairs what never changes from its second copy (file/pages.h), before HDF5 opens the file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "moonsweep/writer.h"
#include "pages.h"
#include "patches.h"
#include "places.h"
#include "writer_state.h"

/* The state of ms_writer_repair. */
struct repair {
    struct ms_writer_repaired *repaired;
    bool is_named[1 + MS_VARIABLE_COUNT +
                  MS_DIM_COUNT]; /* by the id of what is corrupt, from MS_PAGES_STRUCTURE on */
    struct ms_patches patches;   /* of the structure */
    bool no_memory;              /* for a patch */
    int descriptor;              /* for writing; -1 to write nothing */
    int cause;                   /* errno of a failed write */
};

/* Adds a name to the list, which is truncated when full. */
static void add_name(struct ms_writer_repaired *repaired, const char *name)
{
    size_t used = strlen(repaired->names);

    (void)snprintf(repaired->names + used, sizeof repaired->names - used, "%s%s", used > 0 ? ", " : "", name);
}

static void name_damage(struct repair *repair, int id)
{
    const struct ms_dimension_schema *dimension = id >= MS_VARIABLE_COUNT
                                                      ? &ms_schema_dimensions[id - MS_VARIABLE_COUNT]
                                                      : NULL;
    const struct ms_variable_schema *variable = id >= 0 && id < MS_VARIABLE_COUNT ? &ms_schema[id] : NULL;
    char path[64] = "structure";

    if (dimension != NULL)
        ms_schema_path(dimension->group, dimension->name, sizeof path, path);
    if (variable != NULL)
        ms_schema_path(variable->group, variable->name, sizeof path, path);
    if (!repair->is_named[id - MS_PAGES_STRUCTURE])
        add_name(repair->repaired, path);
    repair->is_named[id - MS_PAGES_STRUCTURE] = true;
}

static void visit(void *context, const struct ms_pages_damage *damage)
{
    struct repair *repair = context;

    if (repair->descriptor < 0) {
        name_damage(repair, damage->id);
        repair->repaired->bytes += (int64_t)damage->count;
        if (damage->id == MS_PAGES_STRUCTURE && damage->expected != NULL)
            repair->no_memory |= !ms_patches_add(&repair->patches, damage);
    } else if (repair->cause == 0) {
        repair->cause = ms_bytes_write(repair->descriptor, damage->offset, damage->count, damage->expected);
    }
}

/* Returns whether the file begins like an HDF5 file. */
static bool is_hdf5(int descriptor)
{
    static const char signature[8] = "\211HDF\r\n\032\n";
    char first[sizeof signature];

    return ms_bytes_read(descriptor, 0, sizeof first, first) == 0 &&
           memcmp(first, signature, sizeof first) == 0;
}

static enum ms_code judge(const char *path, int descriptor, enum ms_pages_state state,
                          const struct ms_writer_repaired *found, struct ms_error *err)
{
    const uint32_t version = state == MS_PAGES_NONE ? ms_pages_version(descriptor) : MS_FORMAT_VERSION;

    if (version != 0 && version != MS_FORMAT_VERSION)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s has format version %" PRIu32 "; this program reads and writes version %d", path,
                       version, MS_FORMAT_VERSION);
    if (state == MS_PAGES_NONE && !is_hdf5(descriptor))
        return ms_fail(err, MS_BAD_INPUT, "%s is not a moonsweep result", path);
    if (state == MS_PAGES_NONE)
        return ms_fail(
            err, MS_BAD_INPUT,
            "%s was truncated, or rewritten by another program (h5repack, nccopy); it may be readable, but "
            "cannot be resumed; write to another file, or start over with --force",
            path);
    if (state == MS_PAGES_DAMAGED)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s is corrupt beyond repair (%s); file not changed; start over with --force", path,
                       found->names);
    return MS_OK;
}

/* Checks that the repaired structure is that of a result, before anything is written. */
static enum ms_code check_structure(const struct repair *repair, const char *path, int descriptor,
                                    struct ms_error *err)
{
    struct ms_file file = {
        .descriptor = descriptor, .patches = repair->patches.list, .n_patches = repair->patches.count};
    struct stat status;
    enum ms_code code;

    if (repair->no_memory || (file.path = strdup(path)) == NULL)
        return ms_fail_memory(err, path, "to repair it");
    if (fstat(descriptor, &status) == 0) {
        file.bytes = (uint64_t)status.st_size;
        code = ms_places_check_patched(&file, err);
    } else {
        code = ms_fail(err, ms_code_of_errno(errno, MS_IO_ERROR), "%s: %s", path, strerror(errno));
    }
    free(file.path);
    return code;
}

static enum ms_code write_repairs(struct repair *repair, const char *path, int descriptor,
                                  struct ms_error *err)
{
    enum ms_pages_state state;
    enum ms_code code;

    repair->descriptor = descriptor;
    code = ms_pages_check(path, descriptor, visit, repair, &state, err);
    if (code == MS_OK && repair->cause == 0)
        repair->cause = ms_bytes_sync(descriptor);
    if (code == MS_OK && repair->cause != 0)
        code = ms_fail(err, ms_code_of_errno(repair->cause, MS_IO_ERROR), "%s: repairing it failed: %s", path,
                       ms_bytes_reason(repair->cause));
    return code;
}

enum ms_code ms_writer_repair_open(const char *path, int descriptor, bool write,
                                   struct ms_writer_repaired *found, struct ms_error *err)
{
    struct repair repair = {.repaired = found, .descriptor = -1};
    enum ms_pages_state state;
    /* Writes only once everything is known to be intact or repairable. */
    enum ms_code code = ms_pages_check(path, descriptor, visit, &repair, &state, err);

    if (code == MS_OK)
        code = judge(path, descriptor, state, found, err);
    if (code == MS_OK && state != MS_PAGES_OK && write) {
        code = check_structure(&repair, path, descriptor, err);
        if (code == MS_OK)
            code = write_repairs(&repair, path, descriptor, err);
    }
    ms_patches_free(&repair.patches);
    return code;
}

enum ms_code ms_writer_repair(const char *path, bool write, struct ms_writer_repaired *repaired,
                              struct ms_error *err)
{
    struct ms_writer_repaired found = {.bytes = 0};
    int descriptor;
    enum ms_code code = ms_file_descriptor(path, write ? O_RDWR : O_RDONLY, &descriptor, err);

    if (code != MS_OK)
        return code;
    code = ms_writer_repair_open(path, descriptor, write, &found, err);
    (void)close(descriptor);
    if (code == MS_OK)
        *repaired = found;
    return code;
}
