/* Bytes of a file at a place: all of them, or the reason why not. A transfer that is cut short, or interrupted, goes on. */
#ifndef MOONSWEEP_STORE_BYTES_H
#define MOONSWEEP_STORE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* What the functions return beside 0 and the errno of the system: the file has fewer bytes. */
enum { MS_BYTES_END = -1 };

int ms_bytes_read(int descriptor, uint64_t offset, size_t count, void *to);
int ms_bytes_write(int descriptor, uint64_t offset, size_t count, const void *from);

/* Makes what was written durable (fdatasync). */
int ms_bytes_sync(int descriptor);

/* The reason in words. */
const char *ms_bytes_reason(int cause);

#endif
