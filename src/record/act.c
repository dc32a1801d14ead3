/* SPDX-License-Identifier: Apache-2.0 */
#include "record/act.h"

#include "base/cbor.h"
#include "base/switch_off.h"
#include "record/act_priv.h"
#include "record/cose_priv.h"
#include "record/limits.h"

#define ACT_VERSION 1u
#define ACT_FIELDS 12u

/* The ceiling of a blob by what the envelope says it is; F's own limit is the door's to know. */
static uint64_t blob_ceiling(enum control_kind kind)
{
    switch (kind) {
    case CONTROL_SEALED:
        return BLOB_LIMIT_MOST;
    case CONTROL_COUNTERSIGN:
        return COUNTERSIGN_BLOB_MAX;
    case CONTROL_FOUND:
    case CONTROL_KEYS:
    case CONTROL_WITNESSES:
    case CONTROL_PROCEED:
    case CONTROL_SUCCESSION:
        break;
    }
    return CONTROL_BLOB_MAX;
}

static uint64_t take_below(struct cbor *in, uint64_t key, uint64_t most, const char *reason)
{
    cbor_expect_key(in, key);
    uint64_t v = cbor_uint(in);
    if (v > most) {
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

bool act_payload_decode(struct bytes payload, struct act *out, struct err *err)
{
    struct act a = {.payload = payload};
    struct cbor in;
    cbor_init(&in, payload);
    cbor_map_n(&in, ACT_FIELDS);
    if (take_below(&in, 1, UINT64_MAX, "") != ACT_VERSION) {
        cbor_refuse(&in, "it is not of version 1");
    }
    take_hash(&in, 2, a.table.b, sizeof(a.table.b));
    a.n = take_below(&in, 3, LEAVES_MAX - 1, "n is above what a log holds");
    take_hash(&in, 4, a.prev.b, sizeof(a.prev.b));
    a.seen_size = take_below(&in, 5, LEAVES_MAX, "seen_size is above what a log holds");
    take_hash(&in, 6, a.seen_root.b, sizeof(a.seen_root.b));
    take_hash(&in, 7, a.blob.b, sizeof(a.blob.b));
    a.blob_length = take_below(&in, 8, BLOB_LIMIT_MOST, "the blob is longer than any may be");
    take_hash(&in, 9, a.commit.b, sizeof(a.commit.b));
    a.term = (uint32_t)take_below(&in, 10, UINT32_MAX, "the term is above what 32 bits hold");
    a.control = (enum control_kind)take_below(&in, 11, CONTROL_KINDS - 1,
                                              "its control kind is not known");
    take_hash(&in, 12, a.tag.b, sizeof(a.tag.b));
    if (CHECK_ON(PREV) && a.n == 0 && !ID_IS_ZERO(a.prev)) {
        cbor_refuse(&in, "n is 0 and prev is not zeros");
    }
    if (a.blob_length > blob_ceiling(a.control)) {
        cbor_refuse(&in, "the blob is longer than one of its kind may be");
    }
    if (CHECK_ON(COMMIT_CONTROL) && a.control != CONTROL_SEALED && !ID_EQ(a.commit, a.blob)) {
        cbor_refuse(&in, "it is a control act and its commit is not the digest of the blob");
    }
    if (CHECK_ON(TAG_CONTROL) && a.control != CONTROL_SEALED && !ID_IS_ZERO(a.tag)) {
        cbor_refuse(&in, "it is a control act and its tag is not zeros");
    }
    if (!cbor_done(&in, "envelope payload", err)) {
        return false;
    }
    *out = a;
    return true;
}

bool act_decode(struct bytes raw, struct act *out, struct err *err)
{
    struct cose frame;
    struct act a;
    if (raw.n > ENVELOPE_MAX) {
        return err_set(err, ERR_LIMIT, "the envelope has %zu bytes, limit %u", raw.n, ENVELOPE_MAX);
    }
    if (!cose_decode(raw, "envelope", &frame, err) || !act_payload_decode(frame.payload, &a, err)) {
        return false;
    }
    a.kid = frame.kid;
    a.raw = raw;
    a.signature = frame.signature;
    *out = a;
    return true;
}

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

void act_encode_payload(const struct act *a, struct buf *out)
{
    cbor_put_map(out, ACT_FIELDS);
    put_number(out, 1, ACT_VERSION);
    put_bytes(out, 2, ID_BYTES(a->table));
    put_number(out, 3, a->n);
    put_bytes(out, 4, ID_BYTES(a->prev));
    put_number(out, 5, a->seen_size);
    put_bytes(out, 6, ID_BYTES(a->seen_root));
    put_bytes(out, 7, ID_BYTES(a->blob));
    put_number(out, 8, a->blob_length);
    put_bytes(out, 9, ID_BYTES(a->commit));
    put_number(out, 10, a->term);
    put_number(out, 11, (uint64_t)a->control);
    put_bytes(out, 12, ID_BYTES(a->tag));
}

bool act_sign(const struct act *a, const struct signer *s, struct buf *out, struct err *err)
{
    uint8_t room[ENVELOPE_MAX];
    struct buf payload;
    struct act again;
    if (!control_may_author(a->control, signer_type(s))) {
        return err_set(err, ERR_KEY, "an act of kind \"%s\" is signed by a %s's key",
                       control_word(a->control),
                       control_author(a->control) == KEY_ROOT ? "root" : "seat");
    }
    buf_over(&payload, room, sizeof(room));
    act_encode_payload(a, &payload);
    /* What a reader would refuse is not signed. */
    return buf_done(&payload, "envelope", err) &&
           act_payload_decode(buf_bytes(&payload), &again, err) &&
           cose_sign(buf_bytes(&payload), COSE_AAD_ACT, s, "envelope", out, err);
}

bool act_signed_by(const struct act *a, const struct pubkey *pk)
{
    struct cose frame = {.kid = a->kid, .payload = a->payload, .signature = a->signature};
    return cose_small_signed_by(&frame, COSE_AAD_ACT, pk);
}
