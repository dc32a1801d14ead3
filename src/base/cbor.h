/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict deterministic CBOR (RFC 8949 section 4.2.1), the profile of docs/FORMAT.md section 1:
 * uint, nint (not below -2^63), bstr, tstr (valid UTF-8), array, map with ascending uint keys, false, true,
 * null, and tag 18 on top.  Definite lengths, shortest heads, no floats, no other tags, depth at
 * most 8, no bytes behind the end.  Whatever is accepted encodes again to the same bytes.
 *
 * The reader is sticky: the first fault stays, later reads give zero, and cbor_done asks once.
 *
 *     struct cbor in;
 *     cbor_init(&in, bytes);
 *     size_t n = cbor_map(&in, 3);              pairs; at most 3 or a fault
 *     cbor_expect_key(&in, 1);  v = cbor_uint(&in);
 *     ...
 *     if (!cbor_done(&in, "slip", err)) { return false; }
 */
#ifndef ENTENTE_BASE_CBOR_H
#define ENTENTE_BASE_CBOR_H

#include "base/buf.h"
#include "base/text.h"

#define CBOR_DEPTH_MAX 8u

enum cbor_type {
    CBOR_UINT,
    CBOR_NINT,
    CBOR_BSTR,
    CBOR_TSTR,
    CBOR_ARRAY,
    CBOR_MAP,
    CBOR_TAG,
    CBOR_FALSE,
    CBOR_TRUE,
    CBOR_NULL,
    CBOR_NOTHING, /* at the end, or after a fault */
};

struct cbor {
    struct bytes in;
    size_t at;
    const char *fault; /* NULL, or part of a sentence of ours: "a head is too long" */
    size_t fault_at;
    unsigned depth;
    struct {
        uint64_t left;     /* items still to be read in this container; map: 2 per pair */
        uint64_t last_key; /* map: the key read last */
        bool is_map, has_key;
    } level[CBOR_DEPTH_MAX + 1];
};

void cbor_init(struct cbor *c, struct bytes in);

/* What comes next, without taking it. */
enum cbor_type cbor_peek(const struct cbor *c);

uint64_t cbor_uint(struct cbor *c);
int64_t cbor_int(struct cbor *c); /* uint or nint that fits int64 */
struct bytes cbor_bstr(struct cbor *c);
struct bytes cbor_bstr_n(struct cbor *c, size_t n);          /* exactly n bytes, else a fault */
void cbor_bstr_into(struct cbor *c, uint8_t *out, size_t n); /* the same, copied */
struct bytes cbor_tstr(struct cbor *c); /* UTF-8 was checked; text_from before it is shown */
bool cbor_bool(struct cbor *c);
bool cbor_take_null(struct cbor *c); /* takes a null if one is next */

/* Open a container: its number of items (array) or pairs (map), at most max or a fault.
 * A container closes by itself when its last item was read. */
size_t cbor_array(struct cbor *c, size_t max);
void cbor_array_n(struct cbor *c, size_t n); /* exactly n */
size_t cbor_map(struct cbor *c, size_t max);
void cbor_map_n(struct cbor *c, size_t n);
uint64_t cbor_key(struct cbor *c); /* the next key of the open map; ascending or a fault */
void cbor_expect_key(struct cbor *c, uint64_t key);
void cbor_tag18(struct cbor *c);

/* Passes over one whole item, checked, and gives its bytes. */
struct bytes cbor_skip(struct cbor *c);

/* Plants a fault of the caller's (a value out of range); reason is a literal. */
void cbor_refuse(struct cbor *c, const char *reason);

static inline bool cbor_ok(const struct cbor *c)
{
    return c->fault == NULL;
}

/* True iff no fault and no byte left; else ERR_FORMAT: "<what>: <fault> (byte n)". */
MUST_CHECK bool cbor_done(const struct cbor *c, const char *what, struct err *err);

/* True iff v is exactly one item of the profile. */
bool cbor_valid(struct bytes v);

/* The writer: one function a type, onto a buf (sticky by itself).  The caller opens containers
 * with their exact counts and writes map keys in ascending order; cbor_valid in tests proves it. */
void cbor_put_uint(struct buf *b, uint64_t v);
void cbor_put_int(struct buf *b, int64_t v);
void cbor_put_bstr(struct buf *b, struct bytes v);
void cbor_put_tstr(struct buf *b, struct text t);
void cbor_put_array(struct buf *b, size_t n);
void cbor_put_map(struct buf *b, size_t n);
void cbor_put_bool(struct buf *b, bool v);
void cbor_put_null(struct buf *b);
void cbor_put_tag18(struct buf *b);

#endif
