#include "shared.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
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

void ms_shared_prepare(void)
{
    (void)setenv("OMPI_MCA_sharedfp", "individual", 0);
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

/* One call of MPI; exactly one of in and out is given. *moved: the bytes that it moved. */
static int move_piece(MPI_File shared, uint64_t offset, int bytes, void *in, const void *out, int *moved)
{
    MPI_Status status;
    int code = in != NULL ? MPI_File_read_at(shared, (MPI_Offset)offset, in, bytes, MPI_BYTE, &status)
                          : MPI_File_write_at(shared, (MPI_Offset)offset, out, bytes, MPI_BYTE, &status);

    return code == MPI_SUCCESS ? MPI_Get_count(&status, MPI_BYTE, moved) : code;
}

static bool move(MPI_File shared, uint64_t offset, size_t bytes, char *in, const char *out,
                 struct ms_shared_reason *reason)
{
    for (size_t done = 0; done < bytes;) {
        int piece = bytes - done < PIECE_BYTES ? (int)(bytes - done) : PIECE_BYTES, moved = 0, code;

        errno = 0;
        code = move_piece(shared, offset + done, piece, in == NULL ? NULL : in + done,
                          out == NULL ? NULL : out + done, &moved);
        if (code != MPI_SUCCESS || moved <= 0) {
            explain(code, in != NULL ? "the file ends before" : "nothing was written", reason);
            return false;
        }
        done += (size_t)moved;
    }
    return true;
}

bool ms_shared_read(MPI_File shared, uint64_t offset, size_t bytes, void *to, struct ms_shared_reason *reason)
{
    return move(shared, offset, bytes, to, NULL, reason);
}

bool ms_shared_write(MPI_File shared, uint64_t offset, size_t bytes, const void *from,
                     struct ms_shared_reason *reason)
{
    return move(shared, offset, bytes, NULL, from, reason);
}
