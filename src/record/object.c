/* SPDX-License-Identifier: Apache-2.0 */
#include "record/object.h"

#include "base/cbor.h"
#include "base/switch_off.h"
#include "record/cose_priv.h"
#include "record/limits.h"
#include "record/object_priv.h"

#define OBJECT_VERSION 1u
/* A text of the longest, and the other fields with the frame. */
#define OBJECT_BYTES_MAX (ITEM_TEXT_MAX + 1024u)

const char *object_word(enum object_kind kind)
{
    switch (kind) {
#define OBJECT_CASE(name, number, word)                                                            \
    case name:                                                                                     \
        return word;
        OBJECT_LIST(OBJECT_CASE)
#undef OBJECT_CASE
    }
    return "unknown";
}

/* "entente/v1/<kind>" */
static const char *object_aad(enum object_kind kind)
{
    switch (kind) {
#define OBJECT_CASE(name, number, word)                                                            \
    case name:                                                                                     \
        return COSE_AAD_PREFIX word;
        OBJECT_LIST(OBJECT_CASE)
#undef OBJECT_CASE
    }
    return COSE_AAD_PREFIX;
}

bool object_kind_of_aad(struct bytes aad, enum object_kind *out)
{
    static const enum object_kind kinds[] = {
#define OBJECT_ITEM(name, number, word) name,
        OBJECT_LIST(OBJECT_ITEM)
#undef OBJECT_ITEM
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (bytes_eq(aad, bytes_str(object_aad(kinds[i])))) {
            *out = kinds[i];
            return true;
        }
    }
    return false;
}

struct digest object_id(struct bytes raw)
{
    return digest_tagged("entente/v1/object", &raw, 1);
}

/* ---- reading ---- */

static void take_hash(struct cbor *in, uint64_t key, uint8_t *out, size_t n)
{
    cbor_expect_key(in, key);
    cbor_bstr_into(in, out, n);
}

static uint64_t take_up_to(struct cbor *in, uint64_t key, uint64_t most, const char *reason)
{
    cbor_expect_key(in, key);
    uint64_t v = cbor_uint(in);
    if (v > most) {
        cbor_refuse(in, reason);
        return 0;
    }
    return v;
}

static void take_version(struct cbor *in)
{
    if (take_up_to(in, 1, UINT64_MAX, "") != OBJECT_VERSION) {
        cbor_refuse(in, "it is not of version 1");
    }
}

/* Field 6 of a mandate; false where memory is short. */
static bool take_issues(struct cbor *in, struct arena *mem, struct object *o)
{
    cbor_expect_key(in, 6);
    o->all_issues = cbor_take_null(in);
    if (o->all_issues) {
        return true;
    }
    o->issue_count = (uint32_t)cbor_array(in, ISSUES_MAX);
    if (mem != NULL) {
        o->issues = ARENA_NEW(mem, struct text, o->issue_count);
        if (o->issues == NULL) {
            return false;
        }
    }
    for (uint32_t i = 0; i < o->issue_count && cbor_ok(in); i++) {
        struct bytes v = cbor_tstr(in);
        struct text id = {.p = (const char *)v.p, .n = v.n};
        if (cbor_ok(in) && !text_is_id(id)) {
            cbor_refuse(in, "an issue is not named by an identifier");
        } else if (o->issues != NULL) {
            o->issues[i] = id;
        }
    }
    return true;
}

static bool take_mandate(struct cbor *in, struct arena *mem, struct object *o)
{
    cbor_map_n(in, 9);
    take_version(in);
    take_hash(in, 2, o->principal.b, sizeof(o->principal.b));
    take_hash(in, 3, o->delegate.b, sizeof(o->delegate.b));
    take_hash(in, 4, o->table.b, sizeof(o->table.b));
    o->powers = (uint32_t)take_up_to(in, 5, POWERS_ALL, "it gives powers that are not known");
    if (!take_issues(in, mem, o)) {
        return false;
    }
    o->not_before = take_up_to(in, 7, SECONDS_MAX, "a time is beyond the year 9999");
    o->expires = take_up_to(in, 8, SECONDS_MAX, "a time is beyond the year 9999");
    cbor_expect_key(in, 9);
    o->has_commit = !cbor_take_null(in);
    if (o->has_commit) {
        cbor_bstr_into(in, o->commit.b, sizeof(o->commit.b));
    }
    return true;
}

/* The text is shown to people: its bytes through out_text. */
static void take_other(struct cbor *in, struct object *o, struct bytes *out_text)
{
    cbor_map_n(in, 5);
    take_version(in);
    take_hash(in, 2, o->principal.b, sizeof(o->principal.b));
    take_hash(in, 4, o->table.b, sizeof(o->table.b));
    take_hash(in, 5, o->digest.b, sizeof(o->digest.b));
    cbor_expect_key(in, 6);
    o->has_text = !cbor_take_null(in);
    if (o->has_text) {
        *out_text = cbor_tstr(in);
        if (out_text->n > ITEM_TEXT_MAX) {
            cbor_refuse(in, "its text is longer than 64 KiB");
        }
    }
}

bool object_payload_decode(enum object_kind kind, struct bytes payload, struct arena *mem,
                           struct object *out, struct err *err)
{
    struct object o = {.kind = kind};
    struct bytes text = {0};
    struct cbor in;
    cbor_init(&in, payload);
    switch (kind) {
    case OBJECT_MANDATE:
        if (!take_mandate(&in, mem, &o)) {
            return err_memory(err, "a mandate");
        }
        break;
    case OBJECT_SIGN_CHARTER:
    case OBJECT_REVOKE:
    case OBJECT_RATIFY:
    case OBJECT_DECIDE:
        take_other(&in, &o, &text);
        break;
    }
    if (!cbor_done(&in, object_word(kind), err) || (o.has_text && !text_from(text, &o.text, err))) {
        return false;
    }
    *out = o;
    return true;
}

/* The object and its frame. */
static bool decode(enum object_kind kind, struct bytes raw, struct arena *mem, struct object *out,
                   struct cose *frame, struct err *err)
{
    struct object o;
    const char *word = object_word(kind);
    if (raw.n > OBJECT_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the %s has %zu bytes, limit %u", word, raw.n,
                       OBJECT_BYTES_MAX);
    }
    if (!cose_decode(raw, word, frame, err) ||
        !object_payload_decode(kind, frame->payload, mem, &o, err)) {
        return false;
    }
    struct kid16 principal = kid_short(&o.principal);
    if (CHECK_ON(PAPER_PRINCIPAL) && !ID_EQ(principal, frame->kid)) {
        return err_set(err, ERR_FORMAT, "the %s is signed by another key than its principal's",
                       word);
    }
    *out = o;
    return true;
}

bool object_decode(enum object_kind kind, struct bytes raw, struct arena *mem, struct object *out,
                   struct err *err)
{
    struct cose frame;
    return decode(kind, raw, mem, out, &frame, err);
}

bool object_check(enum object_kind kind, struct bytes raw, const struct keyring *ring, uint64_t at,
                  struct arena *mem, struct verified_object *out, struct err *err)
{
    struct cose frame;
    struct object o;
    const char *word = object_word(kind);
    if (!decode(kind, raw, mem, &o, &frame, err)) {
        return false;
    }
    const struct table_id *table = keyring_table(ring);
    if (CHECK_ON(PAPER_TABLE) && (table == NULL || !ID_EQ(*table, o.table))) {
        return err_set(err, ERR_VERIFY, "the %s is for another table", word);
    }
    uint32_t side = keyring_find_root(ring, &o.principal, at);
    if (side == SIDE_NONE) {
        return err_set(err, ERR_VERIFY, "the %s is signed by no root that was admitted before it",
                       word);
    }
    if (CHECK_ON(PAPER_SIGNED) &&
        !cose_verify(&frame, object_aad(kind), &keyring_root(ring, side, at)->pk, word, err)) {
        return false;
    }
    *out = (struct verified_object){.object = o, .id = object_id(raw), .side = side};
    return true;
}

/* ---- writing ---- */

static void put_bytes(struct buf *out, uint64_t key, struct bytes v)
{
    cbor_put_uint(out, key);
    cbor_put_bstr(out, v);
}

static void put_number(struct buf *out, uint64_t key, uint64_t v)
{
    cbor_put_uint(out, key);
    cbor_put_uint(out, v);
}

static void put_mandate(const struct object *o, const struct kid *principal, struct buf *out)
{
    cbor_put_map(out, 9);
    put_number(out, 1, OBJECT_VERSION);
    put_bytes(out, 2, ID_BYTES(*principal));
    put_bytes(out, 3, ID_BYTES(o->delegate));
    put_bytes(out, 4, ID_BYTES(o->table));
    put_number(out, 5, o->powers);
    cbor_put_uint(out, 6);
    if (o->all_issues) {
        cbor_put_null(out);
    } else {
        cbor_put_array(out, o->issue_count);
        for (uint32_t i = 0; i < o->issue_count; i++) {
            cbor_put_tstr(out, o->issues[i]);
        }
    }
    put_number(out, 7, o->not_before);
    put_number(out, 8, o->expires);
    cbor_put_uint(out, 9);
    if (o->has_commit) {
        cbor_put_bstr(out, ID_BYTES(o->commit));
    } else {
        cbor_put_null(out);
    }
}

static void put_other(const struct object *o, const struct kid *principal, struct buf *out)
{
    cbor_put_map(out, 5);
    put_number(out, 1, OBJECT_VERSION);
    put_bytes(out, 2, ID_BYTES(*principal));
    put_bytes(out, 4, ID_BYTES(o->table));
    put_bytes(out, 5, ID_BYTES(o->digest));
    cbor_put_uint(out, 6);
    if (o->has_text) {
        cbor_put_tstr(out, o->text);
    } else {
        cbor_put_null(out);
    }
}

bool object_sign(const struct object *o, const struct signer *root, struct buf *out,
                 struct err *err)
{
    struct buf payload;
    struct object again;
    struct kid principal = signer_kid(root);
    const char *word = object_word(o->kind);
    if (signer_type(root) != KEY_ROOT) {
        return err_set(err, ERR_KEY, "the %s is signed by a root's key", word);
    }
    buf_init(&payload, OBJECT_BYTES_MAX - COSE_FRAME_MAX);
    if (o->kind == OBJECT_MANDATE) {
        put_mandate(o, &principal, &payload);
    } else {
        put_other(o, &principal, &payload);
    }
    /* What a reader would refuse is not signed. */
    bool ok = buf_done(&payload, word, err) &&
              object_payload_decode(o->kind, buf_bytes(&payload), NULL, &again, err) &&
              cose_sign(buf_bytes(&payload), object_aad(o->kind), root, word, out, err);
    buf_free(&payload);
    return ok;
}
