/* Encodes and decodes by one table of fields for each kind of message, so that both directions agree.
 * Decoding checks the kind, every length, the code of an error, and that nothing is left over.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "protocol.h"

#include <assert.h>
#include <string.h>

/* How a member of struct ms_message is encoded; integers and the bits of doubles are little-endian. */
enum field_type {
    FIELD_I32,
    FIELD_I64,
    FIELD_F64,
    FIELD_BOOL, /* a byte, 0 or 1 */
    FIELD_TEXT  /* a length of two bytes, then the text without NUL */
};

struct field {
    enum field_type type;
    size_t offset;
};

#define FIELD(type, member)                       \
    {                                             \
        type, offsetof(struct ms_message, member) \
    }
#define FIELDS(table) .fields = (table), .field_count = sizeof(table) / sizeof(table)[0]

static const struct field finish_fields[] = {
    FIELD(FIELD_I64, finish.lease),   FIELD(FIELD_F64, finish.work),       FIELD(FIELD_F64, finish.train_s),
    FIELD(FIELD_F64, finish.seconds), FIELD(FIELD_BOOL, finish.has_ended),
};

static const struct field totals_fields[] = {
    FIELD(FIELD_I64, totals.iterations),
    FIELD(FIELD_F64, totals.work_trained),
    FIELD(FIELD_F64, totals.work_spared),
    FIELD(FIELD_F64, totals.train_s),
    FIELD(FIELD_F64, totals.span_s),
    FIELD(FIELD_I64, totals.done),
    FIELD(FIELD_I64, totals.diverged),
    FIELD(FIELD_I64, totals.best.config),
    FIELD(FIELD_F64, totals.best.dev_accuracy),
    FIELD(FIELD_I64, totals.unrecorded),
    FIELD(FIELD_I64, totals.checkpoints),
    FIELD(FIELD_F64, totals.checkpoint_s),
    FIELD(FIELD_F64, totals.suspended_s),
    FIELD(FIELD_F64, totals.cpu_s),
    FIELD(FIELD_I64, totals.stopped),
    FIELD(FIELD_I64, totals.repeated),
    FIELD(FIELD_F64, totals.helped_s),
};

static const struct field error_fields[] = {
    FIELD(FIELD_I32, error.code),
    FIELD(FIELD_TEXT, error.text),
};

static const struct field lease_fields[] = {
    FIELD(FIELD_I64, lease.id),
    FIELD(FIELD_I64, lease.first_trajectory),
    FIELD(FIELD_I64, lease.count),
    FIELD(FIELD_I64, lease.from_iteration),
    FIELD(FIELD_I64, lease.to_iteration),
    FIELD(FIELD_I32, lease.slots[0]),
    FIELD(FIELD_I32, lease.slots[1]),
    FIELD(FIELD_BOOL, lease.is_slice),
    FIELD(FIELD_BOOL, lease.is_continued),
};

static const struct field leave_fields[] = {
    FIELD(FIELD_I64, leave_row),
};

/* A message is its kind (four bytes), then these fields, without padding. docs/protocol.md shows the layout. */
static const struct {
    const struct field *fields;
    size_t field_count;
} layouts[MS_MESSAGE_KIND_COUNT] = {
    [MS_MESSAGE_ASK] = {.field_count = 0},         [MS_MESSAGE_FINISH] = {FIELDS(finish_fields)},
    [MS_MESSAGE_TOTALS] = {FIELDS(totals_fields)}, [MS_MESSAGE_STOP] = {.field_count = 0},
    [MS_MESSAGE_ERROR] = {FIELDS(error_fields)},   [MS_MESSAGE_LEFT] = {FIELDS(totals_fields)},
    [MS_MESSAGE_LEASE] = {FIELDS(lease_fields)},   [MS_MESSAGE_LEAVE] = {FIELDS(leave_fields)},
    [MS_MESSAGE_ABORT] = {.field_count = 0},       [MS_MESSAGE_GOODBYE] = {.field_count = 0},
    [MS_MESSAGE_ALIVE] = {.field_count = 0},
};

enum { KIND_BYTES = 4, LENGTH_BYTES = 2, TEXT_BYTES = sizeof((struct ms_error *)NULL)->text };

static_assert(sizeof(enum ms_code) == 4, "an error's code is sent as FIELD_I32");

/* ---- numbers ------------------------------------------------------------------------------------------- */

static void put(unsigned char *bytes, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char *bytes, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

/* ---- encoding ------------------------------------------------------------------------------------------ */

/* Encodes one member; returns its length. */
static size_t encode_field(enum field_type type, const void *member, unsigned char *bytes)
{
    uint32_t bits32;
    uint64_t bits64;
    size_t length;

    switch (type) {
    case FIELD_I32:
        memcpy(&bits32, member, sizeof bits32);
        put(bytes, bits32, sizeof bits32);
        return sizeof bits32;
    case FIELD_I64:
    case FIELD_F64:
        memcpy(&bits64, member, sizeof bits64);
        put(bytes, bits64, sizeof bits64);
        return sizeof bits64;
    case FIELD_BOOL:
        bytes[0] = *(const bool *)member;
        return 1;
    case FIELD_TEXT:
        length = strnlen(member, TEXT_BYTES - 1);
        put(bytes, length, LENGTH_BYTES);
        memcpy(bytes + LENGTH_BYTES, member, length);
        return LENGTH_BYTES + length;
    }
    return 0;
}

size_t ms_protocol_encode(const struct ms_message *message, unsigned char *bytes)
{
    const struct field *fields = layouts[message->kind].fields;
    size_t count = KIND_BYTES;

    put(bytes, (uint64_t)message->kind, KIND_BYTES);
    for (size_t i = 0; i < layouts[message->kind].field_count; i++)
        count += encode_field(fields[i].type, (const char *)message + fields[i].offset, bytes + count);
    return count;
}

/* ---- decoding ------------------------------------------------------------------------------------------ */

/* The bytes that are not decoded yet. */
struct rest {
    const unsigned char *bytes;
    size_t count;
};

static bool take(struct rest *rest, size_t count, const unsigned char **bytes)
{
    if (rest->count < count)
        return false;
    *bytes = rest->bytes;
    rest->bytes += count;
    rest->count -= count;
    return true;
}

static bool decode_field(enum field_type type, struct rest *rest, void *member)
{
    const unsigned char *bytes;
    uint32_t bits32;
    uint64_t bits64;
    size_t length;

    switch (type) {
    case FIELD_I32:
        if (!take(rest, sizeof bits32, &bytes))
            return false;
        bits32 = (uint32_t)get(bytes, sizeof bits32);
        memcpy(member, &bits32, sizeof bits32);
        return true;
    case FIELD_I64:
    case FIELD_F64:
        if (!take(rest, sizeof bits64, &bytes))
            return false;
        bits64 = get(bytes, sizeof bits64);
        memcpy(member, &bits64, sizeof bits64);
        return true;
    case FIELD_BOOL:
        if (!take(rest, 1, &bytes) || bytes[0] > 1)
            return false;
        *(bool *)member = bytes[0] == 1;
        return true;
    case FIELD_TEXT:
        if (!take(rest, LENGTH_BYTES, &bytes))
            return false;
        length = get(bytes, LENGTH_BYTES);
        if (length >= TEXT_BYTES || !take(rest, length, &bytes))
            return false;
        memcpy(member, bytes, length);
        ((char *)member)[length] = '\0';
        return true;
    }
    return false;
}

bool ms_protocol_decode(const unsigned char *bytes, size_t count, struct ms_message *message)
{
    struct rest rest = {.bytes = bytes, .count = count};
    const unsigned char *kind_bytes;
    uint64_t kind;

    if (!take(&rest, KIND_BYTES, &kind_bytes))
        return false;
    kind = get(kind_bytes, KIND_BYTES);
    if (kind >= MS_MESSAGE_KIND_COUNT)
        return false;
    *message = (struct ms_message){.kind = (enum ms_message_kind)kind};
    for (size_t i = 0; i < layouts[kind].field_count; i++) {
        const struct field *field = &layouts[kind].fields[i];

        if (!decode_field(field->type, &rest, (char *)message + field->offset))
            return false;
    }
    if (message->kind == MS_MESSAGE_ERROR && (unsigned)message->error.code >= MS_CODE_COUNT)
        return false;
    return rest.count == 0;
}
