/* SPDX-License-Identifier: Apache-2.0 */
#include "record/control.h"

#include "base/cbor.h"
#include "base/switch_off.h"
#include "record/cosign.h"

#define BLOB_VERSION 1u
#define RULES_VERSION 1u
#define GROUPS_LEAST 2u

/* ---- fields ---- */

static uint64_t take_between(struct cbor *in, uint64_t key, uint64_t least, uint64_t most,
                             const char *reason)
{
    cbor_expect_key(in, key);
    uint64_t v = cbor_uint(in);
    if (v < least || v > most) {
        cbor_refuse(in, reason);
        return 0;
    }
    return v;
}

static void take_hash(struct cbor *in, uint64_t key, uint8_t *out, size_t n)
{
    cbor_expect_key(in, key);
    cbor_bstr_into(in, out, n);
}

static void take_version(struct cbor *in)
{
    (void)take_between(in, 1, BLOB_VERSION, BLOB_VERSION, "it is not of version 1");
}

static void put_number(struct buf *out, uint64_t key, uint64_t v)
{
    cbor_put_uint(out, key);
    cbor_put_uint(out, v);
}

static void put_bytes(struct buf *out, uint64_t key, struct bytes v)
{
    cbor_put_uint(out, key);
    cbor_put_bstr(out, v);
}

/* ---- found ---- */

static bool found_decode(struct bytes blob, struct found *out, struct err *err)
{
    struct found f = {0};
    struct cbor in;
    cbor_init(&in, blob);
    cbor_map_n(&in, 11);
    take_version(&in);
    f.rules_version = (uint32_t)take_between(&in, 2, RULES_VERSION, RULES_VERSION,
                                             "its rules are of a version that is not known");
    take_hash(&in, 3, f.host.b, sizeof(f.host.b));
    take_hash(&in, 4, f.root.b, sizeof(f.root.b));
    f.stanza_multiple = (uint32_t)take_between(&in, 5, 1, STANZA_MULTIPLE_MAX,
                                               "its stanza multiple is not 1 to 16");
    f.blob_limit_bytes = (uint32_t)take_between(&in, 6, BLOB_LIMIT_LEAST, BLOB_LIMIT_MOST,
                                                "its blob limit is not 64 KiB to 64 MiB");
    f.grace_seconds = (uint32_t)take_between(&in, 7, GRACE_LEAST, GRACE_MOST,
                                             "its grace is not a minute to a year");
    take_hash(&in, 8, f.nonce, sizeof(f.nonce));
    take_hash(&in, 9, f.charter.b, sizeof(f.charter.b));
    f.groups = (uint32_t)take_between(&in, 10, GROUPS_LEAST, GROUPS_MAX,
                                      "its groups are not 2 to 20");
    f.convener_side = (uint32_t)take_between(&in, 11, 0, GROUPS_MAX - 1,
                                             "the convener's side has no group");
    if (f.convener_side >= f.groups) {
        cbor_refuse(&in, "the convener's side has no group");
    }
    if (!cbor_done(&in, "founding", err)) {
        return false;
    }
    *out = f;
    return true;
}

void found_encode(const struct found *f, struct buf *out)
{
    cbor_put_map(out, 11);
    put_number(out, 1, BLOB_VERSION);
    put_number(out, 2, f->rules_version);
    put_bytes(out, 3, ID_BYTES(f->host));
    put_bytes(out, 4, ID_BYTES(f->root));
    put_number(out, 5, f->stanza_multiple);
    put_number(out, 6, f->blob_limit_bytes);
    put_number(out, 7, f->grace_seconds);
    put_bytes(out, 8, bytes_of(f->nonce, sizeof(f->nonce)));
    put_bytes(out, 9, ID_BYTES(f->charter));
    put_number(out, 10, f->groups);
    put_number(out, 11, f->convener_side);
}

/* ---- keys ---- */

static bool keys_decode(struct bytes blob, struct control *out, struct err *err)
{
    struct cbor in;
    struct kid revoked = {0};
    struct bytes slip = {0};
    cbor_init(&in, blob);
    cbor_map_n(&in, 3);
    take_version(&in);
    enum keys_verb verb = (enum keys_verb)take_between(&in, 2, KEYS_ADMIT_SIDE, KEYS_NEW_ROOT,
                                                       "it does none of what is known");
    cbor_expect_key(&in, 3);
    if (verb == KEYS_REVOKE) {
        cbor_bstr_into(&in, revoked.b, sizeof(revoked.b));
    } else {
        slip = cbor_skip(&in);
    }
    if (!cbor_done(&in, "act of keys", err)) {
        return false;
    }
    switch (verb) {
    case KEYS_ADMIT_SIDE: {
        struct slip s;
        if (!slip_decode(slip, &s, err)) {
            return false;
        }
        out->as.slip = s;
        break;
    }
    case KEYS_ADMIT_SEAT: {
        struct seat_slip s;
        if (!seat_slip_decode(slip, &s, err)) {
            return false;
        }
        out->as.seat_slip = s;
        break;
    }
    case KEYS_REVOKE:
        out->as.revoked = revoked;
        break;
    case KEYS_NEW_ROOT: {
        struct new_root n;
        if (!new_root_decode(slip, &n, err)) {
            return false;
        }
        out->as.new_root = n;
        break;
    }
    }
    out->verb = verb;
    return true;
}

static void put_keys(enum keys_verb verb, struct buf *out)
{
    cbor_put_map(out, 3);
    put_number(out, 1, BLOB_VERSION);
    put_number(out, 2, (uint64_t)verb);
    cbor_put_uint(out, 3);
}

void keys_encode_side(struct bytes slip, struct buf *out)
{
    put_keys(KEYS_ADMIT_SIDE, out);
    buf_add(out, slip);
}

void keys_encode_seat(struct bytes seat_slip, struct buf *out)
{
    put_keys(KEYS_ADMIT_SEAT, out);
    buf_add(out, seat_slip);
}

void keys_encode_new_root(struct bytes new_root, struct buf *out)
{
    put_keys(KEYS_NEW_ROOT, out);
    buf_add(out, new_root);
}

void keys_encode_revoke(const struct kid *kid, struct buf *out)
{
    put_keys(KEYS_REVOKE, out);
    cbor_put_bstr(out, ID_BYTES(*kid));
}

/* ---- witnesses ---- */

static bool naming_decode(struct bytes blob, struct naming *out, struct err *err)
{
    struct naming n = {0};
    struct cbor in;
    cbor_init(&in, blob);
    cbor_map_n(&in, 3);
    take_version(&in);
    n.needed = (uint32_t)take_between(&in, 2, 1, GROUP_WITNESSES_MAX,
                                      "it needs no witness, or more than a group has");
    cbor_expect_key(&in, 3);
    n.count = (uint32_t)cbor_array(&in, GROUP_WITNESSES_MAX);
    for (uint32_t i = 0; i < n.count; i++) {
        cbor_bstr_into(&in, n.witnesses[i].b, sizeof(n.witnesses[i].b));
        for (uint32_t k = 0; k < i; k++) {
            if (CHECK_ON(NAMING_TWICE) && ID_EQ(n.witnesses[k], n.witnesses[i])) {
                cbor_refuse(&in, "it names a witness twice");
            }
        }
    }
    if (n.needed > n.count) {
        cbor_refuse(&in, "it needs more witnesses than it names");
    } else if (CHECK_ON(NAMING_MOST) && 2 * n.needed <= n.count) {
        cbor_refuse(&in, "it does not need more than half of its witnesses");
    }
    if (!cbor_done(&in, "naming of witnesses", err)) {
        return false;
    }
    *out = n;
    return true;
}

void naming_encode(const struct naming *n, struct buf *out)
{
    cbor_put_map(out, 3);
    put_number(out, 1, BLOB_VERSION);
    put_number(out, 2, n->needed);
    cbor_put_uint(out, 3);
    cbor_put_array(out, n->count);
    for (uint32_t i = 0; i < n->count; i++) {
        cbor_put_bstr(out, ID_BYTES(n->witnesses[i]));
    }
}

/* ---- proceed without ---- */

static bool proceed_decode(struct bytes blob, uint32_t *out, struct err *err)
{
    struct cbor in;
    cbor_init(&in, blob);
    cbor_map_n(&in, 2);
    take_version(&in);
    /* Any side: an act that names none of the groups is noted and does not count (FORMAT 9). */
    uint32_t side = (uint32_t)take_between(&in, 2, 0, UINT32_MAX,
                                           "the side is above what 32 bits hold");
    if (!cbor_done(&in, "proceed-without", err)) {
        return false;
    }
    *out = side;
    return true;
}

void proceed_encode(uint32_t side, struct buf *out)
{
    cbor_put_map(out, 2);
    put_number(out, 1, BLOB_VERSION);
    put_number(out, 2, side);
}

/* ---- succession ---- */

static bool succession_decode(struct bytes blob, struct succession *out, struct err *err)
{
    struct succession s = {0};
    struct cbor in;
    cbor_init(&in, blob);
    cbor_map_n(&in, 4);
    take_version(&in);
    s.size = take_between(&in, 2, 1, LEAVES_MAX, "its size is 0, or above what a log holds");
    take_hash(&in, 3, s.root.b, sizeof(s.root.b));
    take_hash(&in, 4, s.host.b, sizeof(s.host.b));
    if (!cbor_done(&in, "succession", err)) {
        return false;
    }
    *out = s;
    return true;
}

void succession_encode(const struct succession *s, struct buf *out)
{
    cbor_put_map(out, 4);
    put_number(out, 1, BLOB_VERSION);
    put_number(out, 2, s->size);
    put_bytes(out, 3, ID_BYTES(s->root));
    put_bytes(out, 4, ID_BYTES(s->host));
}

/* Each decoder writes its part of the union only when it succeeds, so out stays as it was
 * otherwise, and the large slip is not cleared for every countersignature. */
bool control_decode(enum control_kind kind, struct bytes blob, struct control *out, struct err *err)
{
    size_t most = kind == CONTROL_COUNTERSIGN ? COUNTERSIGN_BLOB_MAX : CONTROL_BLOB_MAX;
    if (blob.n > most) {
        return err_set(err, ERR_LIMIT, "the blob of a control act has %zu bytes, limit %zu", blob.n,
                       most);
    }
    bool ok = false;
    switch (kind) {
    case CONTROL_SEALED:
        return err_set(err, ERR_FORMAT, "a sealed act has no readable blob");
    case CONTROL_FOUND:
        ok = found_decode(blob, &out->as.found, err);
        break;
    case CONTROL_KEYS:
        ok = keys_decode(blob, out, err);
        break;
    case CONTROL_WITNESSES:
        ok = naming_decode(blob, &out->as.naming, err);
        break;
    case CONTROL_COUNTERSIGN:
        ok = countersign_parse(blob, &out->as.countersign, err);
        break;
    case CONTROL_PROCEED:
        ok = proceed_decode(blob, &out->as.without, err);
        break;
    case CONTROL_SUCCESSION:
        ok = succession_decode(blob, &out->as.succession, err);
        break;
    }
    if (ok) {
        out->kind = kind;
    }
    return ok;
}
