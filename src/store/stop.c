/* Asking a run to stop, wherever it runs: its id in /runs/stop, beside the one in /runs/current. A run that
 * comes later has another id, so nothing needs to be taken back. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "hdf5_call.h"
#include "moonsweep/store.h"
#include "presence.h"
#include "store_state.h"

enum ms_code ms_store_stop_asked(struct ms_store *store, bool *asked, struct ms_error *err)
{
    uint64_t id;
    enum ms_code code = ms_file_read(&store->file, MS_VAR_RUN_STOP, 0, 1, &id, err);

    if (code == MS_OK)
        *asked = store->run_id != 0 && id == store->run_id;
    return code;
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

enum ms_code ms_store_ask_to_stop(const char *path, struct ms_presence *presence, struct ms_error *err)
{
    struct ms_presence found = {.state = MS_PRESENCE_NONE};
    struct ms_file file;
    struct ms_error ignored;
    hid_t access = ms_hdf5_access();
    haddr_t place = HADDR_UNDEF;
    enum ms_code code = ms_file_open(path, access, H5F_ACC_RDONLY, &file, err);

    if (code == MS_OK)
        code = ms_presence_read(&file, &found, err);
    if (code == MS_OK) {
        place = H5Dget_offset(file.dataset[MS_VAR_RUN_STOP]);
        if (place == HADDR_UNDEF)
            code = ms_hdf5_fail(err, MS_BAD_INPUT, "%s: runs/stop has no place in the file", path);
    }
    (void)ms_file_close(&file, &ignored);
    ms_hdf5_close(access, H5Pclose);
    /* Also where the run was killed: so it is known that nobody wants it to be started again. */
    if (code == MS_OK && found.state != MS_PRESENCE_NONE && found.state != MS_PRESENCE_PASSING)
        code = write_id(path, place, found.run_id, err);
    if (code == MS_OK)
        *presence = found;
    return code;
}
