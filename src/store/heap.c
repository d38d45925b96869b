/* HDF5 File Format Specification 1.1, III.E "Disk Format: Level 1E - Global Heap"; addresses and lengths have 8 bytes. */
#include "heap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "one_bit.h"

enum {
    COLLECTION_HEADER = 16, /* "GCOL", version, 3 reserved, size u64 */
    OBJECT_HEADER = 16, /* index u16, uses u16, 4 reserved, size u64; then the object, padded to 8 bytes */
    /* HDF5 makes collections of 4096 bytes, or as large as their largest text: that of the job, or the command. */
    LARGEST_COLLECTION = 16 << 20
};

/* Where texts are looked for. */
struct heap {
    int file;
    uint64_t file_bytes;
    unsigned char
        *collection; /* [bytes] owned: the one that was read last, which neighbours share; NULL: none */
    size_t bytes;
    uint64_t address; /* its place in the file */
};

static uint64_t little_endian(const unsigned char *bytes, int count)
{
    uint64_t number = 0;

    for (int i = count - 1; i >= 0; i--)
        number = number << 8 | bytes[i];
    return number;
}

/* False, with errno, unless all of them are there. */
static bool read_at(int file, uint64_t offset, size_t count, unsigned char *bytes)
{
    while (count > 0) {
        ssize_t got = pread(file, bytes, count, (off_t)offset);

        if (got == 0)
            errno = EIO;
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            bytes += got;
            offset += (uint64_t)got;
            count -= (size_t)got;
        }
    }
    return true;
}

/* What came of following a reference; FAILED: the system said no, and errno why. */
enum outcome { FOUND, NOTHING_THERE, FAILED };

/* Makes the collection at address the one that is in memory. */
static enum outcome load(struct heap *heap, uint64_t address)
{
    unsigned char header[COLLECTION_HEADER];
    uint64_t bytes;

    if (heap->collection != NULL && heap->address == address)
        return FOUND;
    free(heap->collection);
    heap->collection = NULL;
    if (address > heap->file_bytes || heap->file_bytes - address < sizeof header)
        return NOTHING_THERE;
    if (!read_at(heap->file, address, sizeof header, header))
        return FAILED;
    bytes = little_endian(header + 8, 8);
    if (memcmp(header, "GCOL\1", 5) != 0 || bytes < sizeof header || bytes > LARGEST_COLLECTION ||
        bytes > heap->file_bytes - address)
        return NOTHING_THERE;
    heap->collection = malloc((size_t)bytes);
    if (heap->collection == NULL)
        return FAILED;
    heap->bytes = (size_t)bytes;
    heap->address = address;
    if (read_at(heap->file, address, heap->bytes, heap->collection))
        return FOUND;
    free(heap->collection);
    heap->collection = NULL;
    return FAILED;
}

/* The object with this index in the collection in memory, and its size; NULL where there is none. */
static const unsigned char *find(const struct heap *heap, uint64_t index, uint64_t *size)
{
    size_t at = COLLECTION_HEADER;

    while (heap->bytes - at >= OBJECT_HEADER) {
        const unsigned char *object = heap->collection + at;
        uint64_t found = little_endian(object, 2), padded;
        size_t left = heap->bytes - at - OBJECT_HEADER;

        *size = little_endian(object + 8, 8);
        if (found == 0 || *size > left) /* 0: free space, up to the end */
            return NULL;
        if (found == index)
            return object + OBJECT_HEADER;
        padded = (*size + 7) / 8 * 8;
        if (padded > left)
            return NULL;
        at += OBJECT_HEADER + (size_t)padded;
    }
    return NULL;
}

/* Sets *found to the characters that reference leads to, *length of them, in the collection that is in memory then, if
 * that is a text of less than size. */
static enum outcome follow(struct heap *heap, const unsigned char *reference, size_t size,
                           const unsigned char **found, size_t *length)
{
    uint64_t claimed = little_endian(reference, 4), address = little_endian(reference + 4, 8);
    uint64_t index = little_endian(reference + 12, 4), stored;
    const unsigned char *object;
    enum outcome outcome = claimed < size ? load(heap, address) : NOTHING_THERE;

    if (outcome != FOUND)
        return outcome;
    object = find(heap, index, &stored);
    if (object == NULL || stored < claimed)
        return NOTHING_THERE;
    *found = object;
    *length = (size_t)claimed;
    return FOUND;
}

bool ms_heap_texts(int file, uint64_t file_bytes, uint64_t offset, size_t count, size_t size, char *texts)
{
    struct heap heap = {.file = file, .file_bytes = file_bytes};
    unsigned char *references = malloc(count * MS_HEAP_REFERENCE);
    bool is_read = references != NULL && read_at(file, offset, count * MS_HEAP_REFERENCE, references);

    for (size_t i = 0; is_read && i < count; i++) {
        const unsigned char *found = NULL;
        size_t length = 0;
        enum outcome outcome = follow(&heap, references + i * MS_HEAP_REFERENCE, size, &found, &length);

        if (outcome == FOUND)
            memcpy(texts + i * size, found, length);
        texts[i * size + length] = '\0';
        is_read = outcome != FAILED;
    }
    free(heap.collection);
    free(references);
    return is_read;
}

/* ---- mending ---------------------------------------------------------------------------------------- */

/* A reference that is to lead to a text. */
struct lead {
    struct heap *heap;
    const unsigned char *reference;
    const char *text;
    size_t length; /* of the text */
};

static bool leads(const void *context)
{
    const struct lead *lead = context;
    const unsigned char *found;
    size_t length;

    return follow(lead->heap, lead->reference, lead->length + 1, &found, &length) == FOUND &&
           length == lead->length && memcmp(found, lead->text, length) == 0;
}

/* The byte of found in which it differs from text by one bit, and in no other; length: there is no such byte. */
static size_t odd_byte(const unsigned char *found, const char *text, size_t length)
{
    size_t odd = length;
    int bits = 0;

    for (size_t i = 0; i < length; i++) {
        int wrong = __builtin_popcount((unsigned)found[i] ^ (unsigned char)text[i]);

        bits += wrong;
        odd = wrong > 0 ? i : odd;
    }
    return bits == 1 ? odd : length;
}

/* Bytes that are to be written to the file. */
struct repair {
    uint64_t offset;
    size_t count;
    unsigned char bytes[MS_HEAP_REFERENCE];
};

/* False (errno 0 where it is more than a bit): there is none. */
static bool find_repair(int file, uint64_t file_bytes, uint64_t offset, const char *text,
                        struct repair *repair)
{
    struct heap heap = {.file = file, .file_bytes = file_bytes};
    struct lead lead = {.heap = &heap, .reference = repair->bytes, .text = text, .length = strlen(text)};
    const unsigned char *found = NULL;
    size_t length = 0, byte;
    enum outcome outcome;
    bool is_found = true;

    errno = 0;
    if (!read_at(file, offset, sizeof repair->bytes, repair->bytes))
        return false;
    repair->offset = offset;
    repair->count = sizeof repair->bytes;
    outcome = follow(&heap, repair->bytes, lead.length + 1, &found, &length);
    byte = outcome == FOUND && length == lead.length ? odd_byte(found, text, length) : length;
    if (byte < length) {
        repair->offset = heap.address + (uint64_t)(found - heap.collection) + byte;
        repair->count = 1;
        repair->bytes[0] = (unsigned char)text[byte];
    } else {
        is_found = ms_one_bit_find(repair->bytes, sizeof repair->bytes, 0, leads, &lead, &byte);
    }
    free(heap.collection);
    return is_found;
}

bool ms_heap_can_mend(int file, uint64_t file_bytes, uint64_t offset, const char *text)
{
    struct repair repair;

    return find_repair(file, file_bytes, offset, text, &repair);
}

bool ms_heap_mend(int file, uint64_t file_bytes, uint64_t offset, const char *text)
{
    struct repair repair;

    return find_repair(file, file_bytes, offset, text, &repair) &&
           pwrite(file, repair.bytes, repair.count, (off_t)repair.offset) == (ssize_t)repair.count;
}
