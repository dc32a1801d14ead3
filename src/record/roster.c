/* SPDX-License-Identifier: Apache-2.0 */
#include "record/roster.h"

#include "base/cbor.h"

void roster_at(const struct keyring *ring, uint64_t at, struct roster *out)
{
    out->count = 0;
    for (uint32_t i = 0; i < SIDES_MAX; i++) {
        const struct ring_side *side = keyring_side(ring, i);
        if (side->admitted_at >= at) {
            continue;
        }
        const struct ring_naming *n = keyring_naming(ring, i, at);
        struct roster_side *s = &out->sides[out->count++];
        *s = (struct roster_side){.side = i, .root = keyring_root(ring, i, at)->kid};
        if (n == NULL) {
            continue;
        }
        s->needed = n->needed;
        s->count = n->count;
        for (uint32_t w = 0; w < n->count; w++) {
            const struct ring_witness *k = keyring_witness(ring, n->witnesses[w]);
            s->witnesses[w] = keyring_seat(ring, k->seat)->keys.witness;
        }
    }
}

void roster_encode(const struct roster *r, struct buf *out)
{
    cbor_put_array(out, r->count);
    for (uint32_t i = 0; i < r->count; i++) {
        const struct roster_side *s = &r->sides[i];
        cbor_put_array(out, 4);
        cbor_put_uint(out, s->side);
        cbor_put_bstr(out, ID_BYTES(s->root));
        cbor_put_uint(out, s->needed);
        cbor_put_array(out, s->count);
        for (uint32_t w = 0; w < s->count; w++) {
            cbor_put_bstr(out, ID_BYTES(s->witnesses[w]));
        }
    }
}

static void take_side(struct cbor *c, uint32_t least, struct roster_side *s)
{
    cbor_array_n(c, 4);
    uint64_t side = cbor_uint(c);
    if (cbor_ok(c) && (side < least || side >= SIDES_MAX)) {
        cbor_refuse(c, "sides are not ascending");
    }
    cbor_bstr_into(c, s->root.b, sizeof(s->root.b));
    uint64_t needed = cbor_uint(c);
    s->count = (uint32_t)cbor_array(c, GROUP_WITNESSES_MAX);
    if (cbor_ok(c) && (needed > s->count || (needed == 0) != (s->count == 0))) {
        cbor_refuse(c, "a side needs more witnesses than it names");
    }
    for (uint32_t w = 0; w < s->count && cbor_ok(c); w++) {
        cbor_bstr_into(c, s->witnesses[w].b, sizeof(s->witnesses[w].b));
    }
    s->side = cbor_ok(c) ? (uint32_t)side : 0;
    s->needed = cbor_ok(c) ? (uint32_t)needed : 0;
}

bool roster_decode(struct bytes raw, struct roster *out, struct err *err)
{
    struct cbor c;
    uint32_t least = 0;
    cbor_init(&c, raw);
    *out = (struct roster){.count = (uint32_t)cbor_array(&c, SIDES_MAX)};
    for (uint32_t i = 0; i < out->count && cbor_ok(&c); i++) {
        take_side(&c, least, &out->sides[i]);
        least = out->sides[i].side + 1;
    }
    return cbor_done(&c, "the roster", err);
}

struct digest roster_digest(struct bytes raw)
{
    return digest_tagged("entente/v1/roster", &raw, 1);
}

bool roster_digest_at(const struct keyring *ring, uint64_t at, struct digest *out, struct err *err)
{
    struct roster r;
    struct buf b;
    buf_init(&b, ROSTER_BYTES_MAX);
    roster_at(ring, at, &r);
    roster_encode(&r, &b);
    bool ok = buf_done(&b, "the roster", err);
    if (ok) {
        *out = roster_digest(buf_bytes(&b));
    }
    buf_free(&b);
    return ok;
}
