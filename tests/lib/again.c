/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/again.h"

#include <stdlib.h>

#include "base/cbor.h"
#include "base/check.h"
#include "lib/prop.h"
#include "lib/test.h"
#include "record/content.h"
#include "record/fraud.h"
#include "record/object.h"

#define ROOM (1u << 16)
#define FLIPS_MAX 3000u

static void put_key(struct buf *out, uint64_t key, struct bytes v)
{
    cbor_put_uint(out, key);
    cbor_put_bstr(out, v);
}

/* The frame of RFC 9052, written anew. */
static void put_frame(const struct kid16 *kid, struct bytes payload, struct bytes signature,
                      struct buf *out)
{
    uint8_t room[64];
    struct buf head;
    buf_over(&head, room, sizeof(room));
    cbor_put_map(&head, 2);
    cbor_put_uint(&head, 1);
    cbor_put_int(&head, -8);
    put_key(&head, 4, ID_BYTES(*kid));
    cbor_put_tag18(out);
    cbor_put_array(out, 4);
    cbor_put_bstr(out, buf_bytes(&head));
    cbor_put_map(out, 0);
    cbor_put_bstr(out, payload);
    cbor_put_bstr(out, signature);
}

bool act_again(uint32_t sub, struct bytes in, struct buf *out)
{
    struct act a;
    struct err err;
    (void)sub;
    if (!act_decode(in, &a, &err)) {
        return false;
    }
    uint8_t room[ENVELOPE_MAX];
    struct buf payload;
    buf_over(&payload, room, sizeof(room));
    act_encode_payload(&a, &payload);
    put_frame(&a.kid, buf_bytes(&payload), a.signature, out);
    return true;
}

static void put_seat(const struct seat_keys *s, struct buf *out)
{
    cbor_put_array(out, 5);
    cbor_put_bstr(out, ID_BYTES(s->sign));
    cbor_put_bstr(out, ID_BYTES(s->seal));
    cbor_put_bstr(out, ID_BYTES(s->witness));
    cbor_put_uint(out, s->post);
    cbor_put_uint(out, s->flags);
}

static void put_head(size_t fields, const struct table_id *table, uint32_t side, struct buf *out)
{
    cbor_put_map(out, fields);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, 1);
    put_key(out, 2, ID_BYTES(*table));
    cbor_put_uint(out, 3);
    cbor_put_uint(out, side);
}

static void put_signed(const struct buf *body, size_t count, struct bytes signatures,
                       struct buf *out)
{
    cbor_put_array(out, 2);
    cbor_put_bstr(out, buf_bytes(body));
    cbor_put_array(out, count);
    buf_add(out, signatures);
}

static void put_slip_fields(size_t fields, const struct slip *s, struct buf *body)
{
    put_head(fields, &s->table, s->side, body);
    put_key(body, 4, ID_BYTES(s->root));
    cbor_put_uint(body, 5);
    cbor_put_array(body, s->seat_count);
    for (uint32_t i = 0; i < s->seat_count; i++) {
        put_seat(&s->seats[i], body);
    }
    cbor_put_uint(body, 6);
    cbor_put_array(body, s->successor_count);
    for (uint32_t i = 0; i < s->successor_count; i++) {
        cbor_put_bstr(body, ID_BYTES(s->successors[i]));
    }
    cbor_put_uint(body, 7);
    cbor_put_uint(body, s->successors_needed);
}

/* The sponsors' keys are read out of their items, which hold the signatures, too. */
static void put_new_root(const struct new_root *n, struct buf *out)
{
    struct buf body;
    buf_init(&body, ROOM);
    put_slip_fields(8, &n->slip, &body);
    put_key(&body, 8, ID_BYTES(n->replaced));
    cbor_put_array(out, 3);
    cbor_put_bstr(out, buf_bytes(&body));
    cbor_put_array(out, n->slip.signature_count);
    buf_add(out, n->slip.signatures);
    cbor_put_array(out, n->sponsor_count);
    buf_add(out, n->sponsor_items);
    buf_free(&body);
}

static void put_slip(const struct slip *s, struct buf *out)
{
    struct buf body;
    buf_init(&body, ROOM);
    put_slip_fields(7, s, &body);
    put_signed(&body, s->signature_count, s->signatures, out);
    buf_free(&body);
}

static void put_seat_slip(const struct seat_slip *s, struct buf *out)
{
    struct buf body;
    buf_init(&body, ROOM);
    put_head(4, &s->table, s->side, &body);
    cbor_put_uint(&body, 4);
    put_seat(&s->seat, &body);
    put_signed(&body, 2, s->signatures, out);
    buf_free(&body);
}

bool slip_again(uint32_t sub, struct bytes in, struct buf *out)
{
    struct err err;
    struct slip s;
    struct seat_slip seat;
    struct new_root root;
    if (sub == 2) {
        if (!new_root_decode(in, &root, &err)) {
            return false;
        }
        put_new_root(&root, out);
        return true;
    }
    if (sub == 0) {
        if (!slip_decode(in, &s, &err)) {
            return false;
        }
        put_slip(&s, out);
        return true;
    }
    if (!seat_slip_decode(in, &seat, &err)) {
        return false;
    }
    put_seat_slip(&seat, out);
    return true;
}

static void put_keys_again(const struct control *c, struct buf *out)
{
    struct buf slip;
    buf_init(&slip, ROOM);
    switch (c->verb) {
    case KEYS_ADMIT_SIDE:
        put_slip(&c->as.slip, &slip);
        keys_encode_side(buf_bytes(&slip), out);
        break;
    case KEYS_ADMIT_SEAT:
        put_seat_slip(&c->as.seat_slip, &slip);
        keys_encode_seat(buf_bytes(&slip), out);
        break;
    case KEYS_REVOKE:
        keys_encode_revoke(&c->as.revoked, out);
        break;
    case KEYS_NEW_ROOT:
        put_new_root(&c->as.new_root, &slip);
        keys_encode_new_root(buf_bytes(&slip), out);
        break;
    }
    buf_free(&slip);
}

bool control_again(uint32_t sub, struct bytes in, struct buf *out)
{
    static struct control c; /* large */
    struct err err;
    if (!control_decode((enum control_kind)sub, in, &c, &err)) {
        return false;
    }
    CHECK((uint32_t)c.kind == sub);
    switch (c.kind) {
    case CONTROL_SEALED:
        CHECK(false);
        break;
    case CONTROL_FOUND:
        found_encode(&c.as.found, out);
        break;
    case CONTROL_KEYS:
        put_keys_again(&c, out);
        break;
    case CONTROL_WITNESSES:
        naming_encode(&c.as.naming, out);
        break;
    case CONTROL_COUNTERSIGN:
        buf_add(out, in);
        break;
    case CONTROL_PROCEED:
        proceed_encode(c.as.without, out);
        break;
    case CONTROL_SUCCESSION:
        succession_encode(&c.as.succession, out);
        break;
    }
    return true;
}

bool content_again(uint32_t sub, struct bytes in, struct buf *out)
{
    static uint8_t room[ROOM];
    struct arena mem;
    struct content c;
    struct err err;
    struct buf salts;
    (void)sub;
    memset(room, 0, sizeof(room));
    arena_init(&mem, room, sizeof(room));
    if (!content_decode(in, &mem, &c, &err)) {
        return false;
    }
    buf_init(&salts, ROOM);
    for (uint32_t p = 0; p <= c.count; p++) {
        buf_add(&salts, bytes_slice(c.entries[p], 2, SALT_BYTES)); /* behind two heads */
    }
    CHECK(content_encode(&c.header, c.items, c.count, buf_bytes(&salts), out, &err));
    buf_free(&salts);
    return true;
}

bool object_again(uint32_t sub, struct bytes in, struct buf *out)
{
    static uint8_t room[ROOM];
    struct arena mem;
    struct object o;
    struct err err;
    struct buf payload;
    memset(room, 0, sizeof(room));
    arena_init(&mem, room, sizeof(room));
    if (!object_decode((enum object_kind)sub, in, &mem, &o, &err)) {
        return false;
    }
    buf_init(&payload, 2 * ROOM);
    cbor_put_map(&payload, o.kind == OBJECT_MANDATE ? 9 : 5);
    cbor_put_uint(&payload, 1);
    cbor_put_uint(&payload, 1);
    put_key(&payload, 2, ID_BYTES(o.principal));
    if (o.kind == OBJECT_MANDATE) {
        put_key(&payload, 3, ID_BYTES(o.delegate));
        put_key(&payload, 4, ID_BYTES(o.table));
        cbor_put_uint(&payload, 5);
        cbor_put_uint(&payload, o.powers);
        cbor_put_uint(&payload, 6);
        if (o.all_issues) {
            cbor_put_null(&payload);
        } else {
            cbor_put_array(&payload, o.issue_count);
        }
        for (uint32_t i = 0; i < o.issue_count; i++) {
            cbor_put_tstr(&payload, o.issues[i]);
        }
        cbor_put_uint(&payload, 7);
        cbor_put_uint(&payload, o.not_before);
        cbor_put_uint(&payload, 8);
        cbor_put_uint(&payload, o.expires);
        cbor_put_uint(&payload, 9);
        if (o.has_commit) {
            cbor_put_bstr(&payload, ID_BYTES(o.commit));
        } else {
            cbor_put_null(&payload);
        }
    } else {
        put_key(&payload, 4, ID_BYTES(o.table));
        put_key(&payload, 5, ID_BYTES(o.digest));
        cbor_put_uint(&payload, 6);
        if (o.has_text) {
            cbor_put_tstr(&payload, o.text);
        } else {
            cbor_put_null(&payload);
        }
    }
    struct kid16 kid = kid_short(&o.principal);
    put_frame(&kid, buf_bytes(&payload), bytes_slice(in, in.n - 64, 64), out);
    buf_free(&payload);
    return true;
}

bool fraud_again(uint32_t sub, struct bytes in, struct buf *out)
{
    static struct fraud f; /* large */
    struct err err;
    (void)sub;
    if (!fraud_decode(in, &f, &err)) {
        return false;
    }
    fraud_encode(&f, out);
    return true;
}

bool again_same(again_fn *again, uint32_t sub, struct bytes v)
{
    struct buf out;
    buf_init(&out, v.n + ROOM);
    bool ok = again(sub, v, &out);
    CHECK(!ok || (buf_ok(&out) && bytes_eq(buf_bytes(&out), v)));
    buf_free(&out);
    return ok;
}

void again_holds(again_fn *again, uint32_t sub, struct bytes v)
{
    uint8_t *p = malloc(v.n + 1);
    assert_non_null(p);
    memcpy(p, v.p, v.n);
    p[v.n] = 0;
    assert_true(again_same(again, sub, v));
    assert_false(again_same(again, sub, bytes_of(p, v.n + 1)));
    size_t step = v.n / 1000 + 1;
    for (size_t n = 0; n < v.n; n += step) {
        assert_false(again_same(again, sub, bytes_of(p, n)));
    }
    step = 8 * v.n / FLIPS_MAX + 1;
    for (size_t bit = 0; bit < 8 * v.n; bit += step) {
        p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        (void)again_same(again, sub, bytes_of(p, v.n)); /* stops where it is not the same */
        p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(p);
}
