/* Walks over HDF5's error stack for the innermost reason, and prefers a message of the operating system or of
 * MPI; an errno in it decides the code of the error. ms_hdf5_close preserves the error stack and errno, so
 * that functions may close what they have opened before the error is reported.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "hdf5_call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ms_hdf5_quiet(void)
{
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* What the walk over the error stack finds. */
struct reason {
    char text[256];
    bool is_known; /* the text comes from the operating system or MPI */
    int errno_value;
};

/* Copies the text between `before` and the next `after`; returns whether there is any. */
static bool extract(const char *text, const char *before, char after, size_t size, char *out)
{
    const char *start = strstr(text, before);
    const char *end;
    size_t length;

    if (start == NULL)
        return false;
    start += strlen(before);
    end = strchr(start, after);
    length = end == NULL ? strlen(start) : (size_t)(end - start);
    if (length >= size)
        length = size - 1;
    memcpy(out, start, length);
    out[length] = '\0';
    return length > 0;
}

/* Takes the innermost entry as the reason, unless some entry has a message of the operating system, which
 * is better. The file drivers write "errno = 28, error message = 'No space left on device'"; the one for
 * MPI pushes the text of the MPI library as a separate entry. */
static herr_t take_reason(unsigned depth, const H5E_error2_t *entry, void *context)
{
    struct reason *reason = context;
    char number[16];

    if (reason->is_known || entry->desc == NULL)
        return 0;
    if (extract(entry->desc, "error message = '", '\'', sizeof reason->text, reason->text)) {
        reason->is_known = true;
        if (extract(entry->desc, "errno = ", ',', sizeof number, number))
            reason->errno_value = (int)strtol(number, NULL, 10);
    } else if (strncmp(entry->desc, "MPI_ERR", strlen("MPI_ERR")) == 0) {
        (void)snprintf(reason->text, sizeof reason->text, "%s", entry->desc);
        reason->is_known = true;
    } else if (depth == 0) {
        (void)snprintf(reason->text, sizeof reason->text, "%s", entry->desc);
    }
    return 0;
}

enum ms_code ms_hdf5_fail(struct ms_error *err, enum ms_code code, const char *format, ...)
{
    struct reason reason = {.text = "HDF5 gives no reason"};
    char sentence[sizeof err->text];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_reason, &reason);
    (void)H5Eclear2(H5E_DEFAULT);
    code = ms_code_of_errno(reason.errno_value, code);
    if (strstr(reason.text, "memory allocation failed") != NULL)
        code = MS_NO_MEMORY;
    return ms_fail(err, code, "%.700s: %s", sentence, reason.text);
}

enum ms_code ms_hdf5_check_errno(const char *path, enum ms_code code, struct ms_error *err)
{
    int cause = errno;
    enum ms_code of_cause = ms_code_of_errno(cause, code);

    if (code != MS_BAD_INPUT || (of_cause != MS_IO_ERROR && of_cause != MS_NO_MEMORY))
        return code;
    return ms_fail(err, of_cause, "%s: reading it failed: %s", path, strerror(cause));
}

hid_t ms_hdf5_access(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);

    if (access < 0)
        return access;
    if (H5Pset_fapl_sec2(access) < 0 || H5Pset_sieve_buf_size(access, 0) < 0 ||
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0)
        goto failed;
#if H5_VERSION_GE(1, 10, 7)
    if (H5Pset_file_locking(access, false, true) < 0)
        goto failed;
#else
    /* Older libraries read only this variable; a value set by the user is kept. */
    (void)setenv("HDF5_USE_FILE_LOCKING", "FALSE", 0);
#endif
    return access;
failed:
    (void)H5Pclose(access);
    return H5I_INVALID_HID;
}

int ms_hdf5_descriptor(hid_t file)
{
    void *handle = NULL;

    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || handle == NULL)
        return -1;
    return *(const int *)handle;
}

void ms_hdf5_close(hid_t id, herr_t (*close)(hid_t))
{
    int system_reason = errno;
    hid_t reason;

    if (id < 0)
        return;
    reason = H5Eget_num(H5E_DEFAULT) > 0 ? H5Eget_current_stack() : H5I_INVALID_HID;
    (void)close(id);
    if (reason >= 0)
        (void)H5Eset_current_stack(reason);
    errno = system_reason;
}
