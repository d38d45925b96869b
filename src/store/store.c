#include "moonsweep/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collective.h"
#include "hdf5_call.h"
#include "moonsweep/version.h"
#include "reserve.h"
#include "shared.h"
#include "store_state.h"

enum {
    QUEUE_BYTES = 16 << 20,    /* of queued rows, if so many fit */
    QUEUE_ROWS = 8192,         /* at most */
    TUPLES_BYTES = 4 << 20,    /* of tuples read ahead, if so many fit */
    TUPLES_ROWS = 1024,        /* at most */
    COSTS_WAITING = 128 << 10, /* costs that wait to be written: 1 MiB */
};

/* How many rows of so many bytes fit into room: at least one, at most limit. */
static int64_t rows_in(size_t room, size_t row_bytes, int64_t limit)
{
    int64_t rows = (int64_t)(room / row_bytes);

    if (rows < 1)
        return 1;
    return rows < limit ? rows : limit;
}

static enum ms_code allocate(struct ms_store *store, struct ms_error *err)
{
    ms_record_layout(&store->file.shape, MS_RECORD_CONFIG, &store->layout);
    ms_record_layout(&store->file.shape, MS_RECORD_SLOT, &store->slot_layout);
    store->queue.capacity = rows_in(QUEUE_BYTES, store->layout.bytes, QUEUE_ROWS);
    store->tuples.capacity = rows_in(TUPLES_BYTES, store->layout.bytes, TUPLES_ROWS);
    store->costs.capacity = COSTS_WAITING;
    store->queue.rows = malloc((size_t)store->queue.capacity * store->layout.bytes);
    store->queue.config = malloc((size_t)store->queue.capacity * sizeof *store->queue.config);
    store->tuples.rows = calloc((size_t)store->tuples.capacity, store->layout.bytes);
    store->costs.bytes = malloc((size_t)store->costs.capacity *
                                ms_schema_row_bytes(&store->file.shape, MS_VAR_COST));
    store->counts = malloc((size_t)store->queue.capacity * sizeof *store->counts);
    store->column = malloc((size_t)store->queue.capacity * store->layout.widest);
    store->slot = calloc(1, store->slot_layout.bytes);
    if (store->queue.rows == NULL || store->queue.config == NULL || store->tuples.rows == NULL ||
        store->costs.bytes == NULL || store->counts == NULL || store->column == NULL || store->slot == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for the results that wait to be written",
                       store->file.path);
    return MS_OK;
}

static enum ms_code look(struct ms_store *store, const char *path, struct ms_error *err)
{
    hid_t access = ms_hdf5_access();
    enum ms_code code = ms_file_open(path, access, H5F_ACC_RDONLY, &store->file, err);

    if (code == MS_OK && store->file.numerics != MS_NUMERICS)
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s was made with numerics %" PRId32
                       ", this program has %d: its results may differ in "
                       "their last digits and cannot be carried on",
                       path, store->file.numerics, MS_NUMERICS);
    ms_hdf5_close(access, H5Pclose);
    return code;
}

static enum ms_code open_descriptor(struct ms_store *store, const char *path, struct ms_error *err)
{
    store->sync_fd = open(path, O_RDWR | O_CLOEXEC);
    if (store->sync_fd < 0)
        return ms_fail(err, ms_code_of_errno(errno, MS_NO_INPUT), "%s cannot be opened for writing: %s", path,
                       strerror(errno));
    return MS_OK;
}

/* Opens the file for writing, each rank for itself. The descriptors are opened before the shared file and closed after
 * it: closing one drops the process's POSIX locks, by which an MPI library may guard a write. */
static enum ms_code open_file(struct ms_store *store, const char *path, struct ms_error *err)
{
    enum ms_code code = open_descriptor(store, path, err);

    if (code == MS_OK)
        code = ms_file_share(&store->file, err);
    return code == MS_OK ? allocate(store, err) : code;
}

/* HDF5 hooks into the end of MPI where MPI has begun before it. */
void ms_store_prepare(void)
{
    ms_shared_prepare();
    (void)H5dont_atexit();
    (void)H5open();
}

enum ms_code ms_store_open(const char *path, MPI_Comm comm, struct ms_store **store, struct ms_error *err)
{
    struct ms_store *opened = calloc(1, sizeof *opened);
    enum ms_code code = MS_OK;

    if (opened == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to open it", path);
    code = ms_collective_code(comm, code, err);
    if (code != MS_OK) {
        free(opened);
        return code;
    }
    ms_hdf5_quiet();
    ms_file_clear(&opened->file);
    opened->sync_fd = -1;
    opened->comm = MPI_COMM_NULL;
    opened->history.trajectory = -1;
    opened->waiting_since_s = -1;
    opened->unsynced_since_s = -1;
    opened->pair = (struct ms_pair){.slots = {-1, -1}};
    if (MPI_Comm_dup(comm, &opened->comm) != MPI_SUCCESS || MPI_Comm_rank(comm, &opened->rank) != MPI_SUCCESS)
        code = ms_fail(err, MS_INTERNAL, "%s: MPI_Comm_dup failed", path);
    code = ms_collective_code(comm, code, err);
    if (code == MS_OK)
        code = ms_collective_code(comm, look(opened, path, err), err);
    if (code == MS_OK)
        code = ms_collective_code(comm, open_file(opened, path, err), err);
    if (code != MS_OK) {
        ms_store_close(opened);
        return code;
    }
    *store = opened;
    return MS_OK;
}

void ms_store_close(struct ms_store *store)
{
    struct ms_error ignored;

    if (store == NULL)
        return;
    /* Nothing of ours waits in HDF5: rows were written through, the rest never changes. */
    (void)ms_file_close(&store->file, &ignored);
    if (store->sync_fd >= 0)
        (void)close(store->sync_fd);
    if (store->comm != MPI_COMM_NULL)
        (void)MPI_Comm_free(&store->comm);
    free(store->queue.rows);
    free(store->queue.config);
    free(store->tuples.rows);
    free(store->costs.bytes);
    free(store->counts);
    free(store->column);
    free(store->slot);
    free(store);
}

enum ms_code ms_store_reserve(struct ms_store *store, bool *reserved, struct ms_error *err)
{
    enum ms_code code = ms_reserve_file(store->file.path, store->sync_fd, reserved, err);

    return code == MS_IO_ERROR ? ms_reserve_explain(store->file.path, (int64_t)store->file.bytes, err) : code;
}

enum ms_code ms_store_sync(struct ms_store *store, struct ms_error *err)
{
    while (store->sync_cause == 0 && fdatasync(store->sync_fd) != 0)
        store->sync_cause = errno == EINTR ? 0 : errno;
    if (store->sync_cause != 0)
        return ms_fail(err, MS_IO_ERROR, "%s: making results durable failed: %s", store->file.path,
                       strerror(store->sync_cause));
    store->unsynced_since_s = -1;
    return MS_OK;
}
