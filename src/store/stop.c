/* Asking a run to stop, wherever it runs: its id in /runs/stop, beside the one in /runs/current. A run that
 * comes later has another id, so nothing needs to be taken back. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "hdf5_call.h"
#include "moonsweep/store.h"
#include "store_state.h"

enum ms_code ms_store_stop_asked(struct ms_store *store, bool *asked, struct ms_error *err)
{
    uint64_t id;
    enum ms_code code = ms_file_read(&store->file, MS_VAR_RUN_STOP, 0, 1, &id, err);

    if (code == MS_OK)
        *asked = store->run_id != 0 && id == store->run_id;
    return code;
}

/* The id of the run that is at work by its row in /runs; 0: none is. */
static enum ms_code running_id(const struct ms_file *file, uint64_t *id, struct ms_error *err)
{
    uint64_t current, ids[MS_RUNS];
    uint8_t how_ended[MS_RUNS];
    enum ms_code code = ms_file_read(file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);

    if (code == MS_OK && file->shape.size[MS_DIM_RUN] != MS_RUNS)
        code = ms_fail(err, MS_BAD_INPUT, "%s: /runs must have %d rows", file->path, MS_RUNS);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_RUN_ID, 0, MS_RUNS, ids, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_RUN_HOW_ENDED, 0, MS_RUNS, how_ended, err);
    if (code != MS_OK)
        return code;
    *id = 0;
    for (int i = 0; i < MS_RUNS && current != 0; i++)
        if (ids[i] == current && how_ended[i] == MS_RUN_RUNNING)
            *id = current;
    return MS_OK;
}

/* Writes id to its place in the file: eight bytes that are this command's alone, past HDF5, which must not
 * open a result for writing while ranks do (rule 2). */
static enum ms_code write_id(const char *path, haddr_t place, uint64_t id, struct ms_error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    enum ms_code code = MS_OK;

    if (fd < 0)
        return ms_fail(err, errno == EACCES || errno == EROFS ? MS_NO_PERMISSION : MS_IO_ERROR,
                       "%s cannot be opened for writing: %s", path, strerror(errno));
    if (pwrite(fd, &id, sizeof id, (off_t)place) != (ssize_t)sizeof id || fdatasync(fd) != 0)
        code = ms_fail(err, MS_IO_ERROR, "%s: writing runs/stop failed: %s", path, strerror(errno));
    (void)close(fd);
    return code;
}

enum ms_code ms_store_ask_to_stop(const char *path, bool *asked, struct ms_error *err)
{
    struct ms_file file;
    struct ms_error ignored;
    hid_t access = ms_hdf5_access();
    haddr_t place = HADDR_UNDEF;
    uint64_t id = 0;
    enum ms_code code = ms_file_open(path, access, H5F_ACC_RDONLY, &file, err);

    if (code == MS_OK)
        code = running_id(&file, &id, err);
    if (code == MS_OK) {
        place = H5Dget_offset(file.dataset[MS_VAR_RUN_STOP]);
        if (place == HADDR_UNDEF)
            code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s: runs/stop has no place in the file", path);
    }
    (void)ms_file_close(&file, &ignored);
    ms_hdf5_close(access, H5Pclose);
    if (code == MS_OK && id != 0)
        code = write_id(path, place, id, err);
    if (code == MS_OK)
        *asked = id != 0;
    return code;
}
