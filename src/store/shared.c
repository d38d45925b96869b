#include "shared.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What one call moves at most: counts are ints, and one write of over 2 GB fails. */
enum { PIECE_BYTES = 64 << 20 };

/* The MPI library's words for a call that failed. Open MPI does not call it that when the system has moved nothing:
 * then errno says why, if anything does. */
static void explain(int code, const char *otherwise, struct ms_shared_reason *reason)
{
    int cause = errno, class = MPI_SUCCESS, length;

    reason->code = ms_code_of_errno(cause, MS_IO_ERROR);
    if (code == MPI_SUCCESS || MPI_Error_string(code, reason->text, &length) != MPI_SUCCESS)
        (void)snprintf(reason->text, sizeof reason->text, "%s", cause != 0 ? strerror(cause) : otherwise);
    else if (MPI_Error_class(code, &class) == MPI_SUCCESS)
        reason->code = class == MPI_ERR_NO_MEM ? MS_NO_MEMORY : MS_IO_ERROR;
}

bool ms_shared_open(const char *path, MPI_File *shared, struct ms_shared_reason *reason)
{
    int code;

    code = MPI_File_open(MPI_COMM_SELF, path, MPI_MODE_RDWR, MPI_INFO_NULL, shared);
    if (code == MPI_SUCCESS)
        return true;
    *shared = MPI_FILE_NULL;
    explain(code, "MPI gives no reason", reason);
    return false;
}

void ms_shared_close(MPI_File *shared)
{
    if (*shared != MPI_FILE_NULL)
        (void)MPI_File_close(shared);
}

bool ms_shared_read(MPI_File shared, uint64_t offset, size_t bytes, void *to, struct ms_shared_reason *reason)
{
    char *place = to;

    while (bytes > 0) {
        int piece = bytes < PIECE_BYTES ? (int)bytes : PIECE_BYTES, moved = 0;
        MPI_Status status;
        int code;

        errno = 0;
        code = MPI_File_read_at(shared, (MPI_Offset)offset, place, piece, MPI_BYTE, &status);
        if (code == MPI_SUCCESS)
            code = MPI_Get_count(&status, MPI_BYTE, &moved);
        if (code != MPI_SUCCESS || moved <= 0) {
            explain(code, "the file ends before", reason);
            return false;
        }
        place += moved;
        offset += (uint64_t)moved;
        bytes -= (size_t)moved;
    }
    return true;
}

bool ms_shared_write(MPI_File shared, uint64_t offset, size_t bytes, const void *from,
                     struct ms_shared_reason *reason)
{
    const char *place = from;

    while (bytes > 0) {
        int piece = bytes < PIECE_BYTES ? (int)bytes : PIECE_BYTES, moved = 0;
        MPI_Status status;
        int code;

        errno = 0;
        code = MPI_File_write_at(shared, (MPI_Offset)offset, place, piece, MPI_BYTE, &status);
        if (code == MPI_SUCCESS)
            code = MPI_Get_count(&status, MPI_BYTE, &moved);
        if (code != MPI_SUCCESS || moved <= 0) {
            explain(code, "nothing was written", reason);
            return false;
        }
        place += moved;
        offset += (uint64_t)moved;
        bytes -= (size_t)moved;
    }
    return true;
}
