/* Making a result file: rule 1 of docs/file-format.md. A half-made file never has the final name. */
#include "moonsweep/store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attributes.h"
#include "hdf5_call.h"
#include "layout.h"
#include "leftovers.h"
#include "reserve.h"
#include "schema.h"

enum {
    METADATA_BYTES = 256 << 10, /* headers, groups and attributes but the texts */
    ACTIVATION_HEAP_BYTES = 32  /* what the name of an activation takes in the heap */
};

int64_t ms_store_size(const struct ms_store_spec *spec)
{
    struct ms_shape shape;
    int64_t bytes, heap, texts;

    ms_schema_shape(spec, &shape);
    bytes = ms_schema_bytes(&shape);
    heap = shape.size[MS_DIM_CONFIG] * ACTIVATION_HEAP_BYTES; /* below 2^31 configurations: no overflow */
    texts = METADATA_BYTES + (int64_t)(strlen(spec->job_text) + strlen(spec->title) + strlen(spec->command));
    return bytes > INT64_MAX - heap - texts ? INT64_MAX : bytes + heap + texts;
}

/* A file is ours to replace if it is an HDF5 file with our marks. */
static enum ms_code check_ours(const char *path, struct ms_error *err)
{
    hid_t access, file = H5I_INVALID_HID;
    int32_t version;
    char *hash = NULL;
    enum ms_code code = MS_OK;

    ms_hdf5_quiet();
    access = ms_hdf5_access();
    if (access >= 0)
        file = H5Fopen(path, H5F_ACC_RDONLY, access);
    if (file >= 0)
        code = ms_attribute_read_text(path, file, "job_hash", &hash, err);
    if (code == MS_OK && (hash == NULL || !ms_attribute_read_i32(file, "format_version", &version)))
        code = ms_fail(err, MS_CANNOT_CREATE, "%s is no moonsweep result and is not replaced", path);
    free(hash);
    ms_hdf5_close(file, H5Fclose);
    ms_hdf5_close(access, H5Pclose);
    return code;
}

/* What stands at path already must be ours and to be replaced. */
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
        return ms_fail(err, MS_CANNOT_CREATE, "%s exists already", path);
    if (!S_ISREG(status.st_mode))
        return ms_fail(err, MS_CANNOT_CREATE, "%s is not a regular file and is not replaced", path);
    return check_ours(path, err);
}

/* Makes a renamed entry of path's folder durable. */
static enum ms_code sync_folder(const char *path, struct ms_error *err)
{
    char *copy = strdup(path);
    enum ms_code code = MS_OK;
    int fd;

    if (copy == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to make its name durable", path);
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some file systems refuse fsync on folders; then there is nothing to be done. */
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP))
        code = ms_fail(err, MS_IO_ERROR, "%s: making its name durable failed: %s", path, strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    free(copy);
    return code;
}

/* The temporary name; the caller frees it. */
static char *part_path(const char *path)
{
    size_t room = strlen(path) + sizeof ".part";
    char *part = malloc(room);

    if (part != NULL)
        (void)snprintf(part, room, "%s.part", path);
    return part;
}

/* Removes what a killed run left half-made; the lock says that nobody else is at it. */
static enum ms_code clear(const char *part, struct ms_error *err)
{
    if (unlink(part) != 0 && errno != ENOENT)
        return ms_fail(err, MS_CANNOT_CREATE, "%s is in the way: %s", part, strerror(errno));
    return MS_OK;
}

enum ms_code ms_store_clear(const char *path, struct ms_error *err)
{
    char *part = part_path(path);
    enum ms_code code;

    if (part == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look beside it", path);
    code = clear(part, err);
    if (code == MS_OK)
        code = ms_leftovers_remove(path, err);
    free(part);
    return code;
}

/* Reserves the file's space and makes its bytes durable. */
static enum ms_code settle(const char *path, const char *part, bool *reserved, struct ms_error *err)
{
    int fd = open(part, O_RDWR | O_CLOEXEC);
    enum ms_code code;

    if (fd < 0)
        return ms_fail(err, MS_IO_ERROR, "%s: %s", part, strerror(errno));
    code = ms_reserve_file(path, fd, reserved, err);
    if (code == MS_OK && fsync(fd) != 0)
        code = ms_fail(err, MS_IO_ERROR, "%s: making it durable failed: %s", part, strerror(errno));
    if (close(fd) != 0 && code == MS_OK)
        code = ms_fail(err, MS_IO_ERROR, "%s: closing it failed: %s", part, strerror(errno));
    return code;
}

enum ms_code ms_store_create(const char *path, const struct ms_store_spec *spec, bool replace, bool *reserved,
                             struct ms_error *err)
{
    char *part = part_path(path);
    bool is_reserved = false;
    enum ms_code code;

    if (part == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to create it", path);
    code = check_place(path, replace, err);
    if (code == MS_OK)
        code = ms_reserve_check(path, ms_store_size(spec), err);
    if (code == MS_OK)
        code = clear(part, err);
    if (code != MS_OK)
        goto cleanup;
    code = ms_layout_write(part, spec, err);
    if (code == MS_OK)
        code = settle(path, part, &is_reserved, err);
    if (code == MS_OK && rename(part, path) != 0)
        code = ms_fail(err, MS_CANNOT_CREATE, "%s cannot be given its name: %s", path, strerror(errno));
    if (code != MS_OK) {
        (void)unlink(part);
        if (code == MS_IO_ERROR || code == MS_CANNOT_CREATE)
            code = ms_reserve_explain(path, ms_store_size(spec), err);
        goto cleanup;
    }
    code = sync_folder(path, err);
    if (code == MS_OK)
        *reserved = is_reserved;
cleanup:
    free(part);
    return code;
}
