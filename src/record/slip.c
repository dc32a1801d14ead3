/* SPDX-License-Identifier: Apache-2.0
 *
 * Slips and seat slips: [body, [signature...]], docs/FORMAT.md section 6.  The signatures stand in
 * the order of the keys in the body, so their number follows from it, and each is an item of 66
 * bytes at a known place.
 */
#include "base/cbor.h"
#include "crypto/dh.h"
#include "crypto/sign.h"
#include "record/control_priv.h"
#include "record/signer_priv.h"

#define SLIP_VERSION 1u
#define SIGNATURES_MAX (1 + 2 * SIDE_SEATS_MAX + SUCCESSORS_MAX)

static uint32_t take_number(struct cbor *in, uint32_t most, const char *reason)
{
    uint64_t v = cbor_uint(in);
    if (v > most) {
        cbor_refuse(in, reason);
        return 0;
    }
    return (uint32_t)v;
}

static void take_version(struct cbor *in)
{
    cbor_expect_key(in, 1);
    if (cbor_uint(in) != SLIP_VERSION) {
        cbor_refuse(in, "it is not of version 1");
    }
}

static void take_key(struct cbor *in, struct pubkey *out)
{
    cbor_bstr_into(in, out->b, sizeof(out->b));
}

static void take_seat(struct cbor *in, struct seat_keys *out)
{
    cbor_array_n(in, 5);
    take_key(in, &out->sign);
    take_key(in, &out->seal);
    if (cbor_ok(in) && !dh_is_key(out->seal.b)) {
        /* One such seat in a room, and nobody could seal to the room's members any more. */
        cbor_refuse(in, "a key to seal to is none: low order, or not in its one spelling");
    }
    take_key(in, &out->witness);
    out->post = take_number(in, UINT32_MAX, "a post is above what 32 bits hold");
    out->flags = take_number(in, SEAT_MAY_GRANT, "a seat has flags that are not known");
}

/* Version, table and side: how both bodies begin. */
static void take_beginning(struct cbor *in, struct table_id *table, uint32_t *side)
{
    take_version(in);
    cbor_expect_key(in, 2);
    cbor_bstr_into(in, table->b, sizeof(table->b));
    cbor_expect_key(in, 3);
    *side = take_number(in, SIDES_MAX - 1, "the side is above what a table may have");
}

void slip_fields_take(struct cbor *in, struct slip *out)
{
    take_beginning(in, &out->table, &out->side);
    cbor_expect_key(in, 4);
    take_key(in, &out->root);
    cbor_expect_key(in, 5);
    out->seat_count = (uint32_t)cbor_array(in, SIDE_SEATS_MAX);
    for (uint32_t i = 0; i < out->seat_count; i++) {
        take_seat(in, &out->seats[i]);
    }
    cbor_expect_key(in, 6);
    out->successor_count = (uint32_t)cbor_array(in, SUCCESSORS_MAX);
    for (uint32_t i = 0; i < out->successor_count; i++) {
        take_key(in, &out->successors[i]);
    }
    cbor_expect_key(in, 7);
    out->successors_needed = take_number(in, out->successor_count,
                                         "it needs more successors than it names");
    if (out->successor_count > 0 && out->successors_needed == 0) {
        cbor_refuse(in, "it names successors and needs none of them");
    }
    out->signature_count = 1 + 2 * out->seat_count + out->successor_count;
}

bool slip_body_decode(struct bytes body, struct slip *out, struct err *err)
{
    struct slip s = {.body = body};
    struct cbor in;
    cbor_init(&in, body);
    cbor_map_n(&in, 7);
    slip_fields_take(&in, &s);
    if (!cbor_done(&in, "slip", err)) {
        return false;
    }
    *out = s;
    return true;
}

bool seat_slip_body_decode(struct bytes body, struct seat_slip *out, struct err *err)
{
    struct seat_slip s = {.body = body};
    struct cbor in;
    cbor_init(&in, body);
    cbor_map_n(&in, 4);
    take_beginning(&in, &s.table, &s.side);
    cbor_expect_key(&in, 4);
    take_seat(&in, &s.seat);
    if (!cbor_done(&in, "seat slip", err)) {
        return false;
    }
    *out = s;
    return true;
}

void slip_signed_take(struct cbor *in, struct bytes raw, struct bytes *body,
                      struct bytes *signatures, size_t *count)
{
    *body = cbor_bstr(in);
    *count = cbor_array(in, SIGNATURES_MAX);
    size_t from = in->at;
    for (size_t i = 0; i < *count; i++) {
        (void)cbor_bstr_n(in, SIGNATURE_BYTES);
    }
    *signatures = bytes_slice(raw, from, in->at - from);
}

/* The frame of both; the signatures stand in one stretch at its end. */
static bool frame_decode(struct bytes raw, const char *what, struct bytes *body,
                         struct bytes *signatures, size_t *count, struct err *err)
{
    struct cbor in;
    if (raw.n > CONTROL_BLOB_MAX) {
        return err_set(err, ERR_LIMIT, "the %s has %zu bytes, limit %u", what, raw.n,
                       CONTROL_BLOB_MAX);
    }
    cbor_init(&in, raw);
    cbor_array_n(&in, 2);
    slip_signed_take(&in, raw, body, signatures, count);
    return cbor_done(&in, what, err);
}

static bool wrong_count(const char *what, size_t count, size_t keys, struct err *err)
{
    return err_set(err, ERR_FORMAT, "the %s has %zu signatures for %zu keys", what, count, keys);
}

bool slip_decode(struct bytes raw, struct slip *out, struct err *err)
{
    struct bytes body, signatures;
    size_t count;
    struct slip s;
    if (!frame_decode(raw, "slip", &body, &signatures, &count, err) ||
        !slip_body_decode(body, &s, err)) {
        return false;
    }
    if (count != s.signature_count) {
        return wrong_count("slip", count, s.signature_count, err);
    }
    s.signatures = signatures;
    *out = s;
    return true;
}

bool seat_slip_decode(struct bytes raw, struct seat_slip *out, struct err *err)
{
    struct bytes body, signatures;
    size_t count;
    struct seat_slip s;
    if (!frame_decode(raw, "seat slip", &body, &signatures, &count, err) ||
        !seat_slip_body_decode(body, &s, err)) {
        return false;
    }
    if (count != 2) {
        return wrong_count("seat slip", count, 2, err);
    }
    s.signatures = signatures;
    *out = s;
    return true;
}

/* ---- signatures ---- */

void slip_message_put(const char *tag, struct bytes body, struct buf *out)
{
    buf_add_str(out, tag);
    buf_add_u8(out, 0);
    buf_add(out, body);
}

/* One key's; key names it in an error. */
static bool signature_holds(struct bytes signatures, size_t i, struct bytes message,
                            const struct pubkey *pk, const char *key, struct err *err)
{
    struct bytes item = bytes_slice(signatures, i * SIGNATURE_ITEM, SIGNATURE_ITEM);
    return (item.n == SIGNATURE_ITEM &&
            sign_verify(pk->b, message, item.p + SIGNATURE_ITEM - SIGNATURE_BYTES)) ||
           err_set(err, ERR_VERIFY, "the slip is not signed by %s that it names", key);
}

bool slip_keys_signed(const struct slip *s, const char *tag, struct err *err)
{
    struct buf message;
    buf_init(&message, CONTROL_BLOB_MAX);
    slip_message_put(tag, s->body, &message);
    struct bytes m = buf_bytes(&message);
    size_t at = 0;
    bool ok = buf_done(&message, "slip", err) &&
              signature_holds(s->signatures, at++, m, &s->root, "the root", err);
    for (uint32_t i = 0; ok && i < s->seat_count; i++) {
        ok = signature_holds(s->signatures, at++, m, &s->seats[i].sign, "a seat", err) &&
             signature_holds(s->signatures, at++, m, &s->seats[i].witness, "a witness key", err);
    }
    for (uint32_t i = 0; ok && i < s->successor_count; i++) {
        ok = signature_holds(s->signatures, at++, m, &s->successors[i], "a successor", err);
    }
    buf_free(&message);
    return ok;
}

bool slip_verify(const struct slip *s, struct err *err)
{
    return slip_keys_signed(s, SLIP_TAG, err);
}

bool seat_slip_verify(const struct seat_slip *s, struct err *err)
{
    struct buf message;
    buf_init(&message, CONTROL_BLOB_MAX);
    slip_message_put(SEAT_SLIP_TAG, s->body, &message);
    struct bytes m = buf_bytes(&message);
    bool ok = buf_done(&message, "seat slip", err) &&
              signature_holds(s->signatures, 0, m, &s->seat.sign, "the seat", err) &&
              signature_holds(s->signatures, 1, m, &s->seat.witness, "the witness key", err);
    buf_free(&message);
    return ok;
}

/* ---- writing ---- */

static void put_seat(const struct seat_keys *s, struct buf *out)
{
    cbor_put_array(out, 5);
    cbor_put_bstr(out, ID_BYTES(s->sign));
    cbor_put_bstr(out, ID_BYTES(s->seal));
    cbor_put_bstr(out, ID_BYTES(s->witness));
    cbor_put_uint(out, s->post);
    cbor_put_uint(out, s->flags);
}

static void put_beginning(size_t fields, const struct table_id *table, uint32_t side,
                          struct buf *out)
{
    cbor_put_map(out, fields);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, SLIP_VERSION);
    cbor_put_uint(out, 2);
    cbor_put_bstr(out, ID_BYTES(*table));
    cbor_put_uint(out, 3);
    cbor_put_uint(out, side);
}

void slip_fields_put(size_t fields, const struct slip *s, struct buf *out)
{
    put_beginning(fields, &s->table, s->side, out);
    cbor_put_uint(out, 4);
    cbor_put_bstr(out, ID_BYTES(s->root));
    cbor_put_uint(out, 5);
    cbor_put_array(out, s->seat_count);
    for (uint32_t i = 0; i < s->seat_count; i++) {
        put_seat(&s->seats[i], out);
    }
    cbor_put_uint(out, 6);
    cbor_put_array(out, s->successor_count);
    for (uint32_t i = 0; i < s->successor_count; i++) {
        cbor_put_bstr(out, ID_BYTES(s->successors[i]));
    }
    cbor_put_uint(out, 7);
    cbor_put_uint(out, s->successors_needed);
}

static bool take_signer(const struct signer *s, enum key_type type, const char *what,
                        struct pubkey *out, struct err *err)
{
    if (signer_type(s) != type) {
        return err_set(err, ERR_KEY, "a slip is to be signed by %s, and the key is of another type",
                       what);
    }
    *out = signer_pk(s);
    return true;
}

static bool put_signature(const struct signer *s, struct bytes message, struct buf *out,
                          struct err *err)
{
    struct signature sig;
    if (!signer_sign(s, message, &sig, err)) {
        return false;
    }
    cbor_put_bstr(out, ID_BYTES(sig));
    return true;
}

bool slip_fill(struct slip *s, const struct signer *root, const struct signer *const *seat_signers,
               const struct signer *const *witness_signers,
               const struct signer *const *successor_signers, struct err *err)
{
    if (s->seat_count > SIDE_SEATS_MAX || s->successor_count > SUCCESSORS_MAX) {
        return err_set(err, ERR_LIMIT, "a slip has at most %u seats and %u successors",
                       SIDE_SEATS_MAX, SUCCESSORS_MAX);
    }
    bool ok = take_signer(root, KEY_ROOT, "a root", &s->root, err);
    for (uint32_t i = 0; ok && i < s->seat_count; i++) {
        ok = take_signer(seat_signers[i], KEY_SEAT, "its seats", &s->seats[i].sign, err) &&
             take_signer(witness_signers[i], KEY_WITNESS, "its seats' witness keys",
                         &s->seats[i].witness, err);
    }
    for (uint32_t i = 0; ok && i < s->successor_count; i++) {
        ok = take_signer(successor_signers[i], KEY_ROOT, "its successors, roots to be",
                         &s->successors[i], err);
    }
    return ok;
}

bool slip_signatures_put(const struct slip *s, struct bytes message, const struct signer *root,
                         const struct signer *const *seat_signers,
                         const struct signer *const *witness_signers,
                         const struct signer *const *successor_signers, struct buf *out,
                         struct err *err)
{
    cbor_put_array(out, 1 + 2 * (size_t)s->seat_count + s->successor_count);
    bool ok = put_signature(root, message, out, err);
    for (uint32_t i = 0; ok && i < s->seat_count; i++) {
        ok = put_signature(seat_signers[i], message, out, err) &&
             put_signature(witness_signers[i], message, out, err);
    }
    for (uint32_t i = 0; ok && i < s->successor_count; i++) {
        ok = put_signature(successor_signers[i], message, out, err);
    }
    return ok;
}

bool slip_sign(struct slip *s, const struct signer *root, const struct signer *const *seat_signers,
               const struct signer *const *witness_signers,
               const struct signer *const *successor_signers, struct buf *out, struct err *err)
{
    struct slip filled = *s;
    if (!slip_fill(&filled, root, seat_signers, witness_signers, successor_signers, err)) {
        return false;
    }
    struct slip again; /* what a reader would refuse is not signed */
    struct buf body, message;
    buf_init(&body, CONTROL_BLOB_MAX);
    buf_init(&message, CONTROL_BLOB_MAX);
    slip_fields_put(7, &filled, &body);
    slip_message_put(SLIP_TAG, buf_bytes(&body), &message);
    bool ok = buf_done(&body, "slip", err) && buf_done(&message, "slip", err) &&
              slip_body_decode(buf_bytes(&body), &again, err);
    if (ok) {
        cbor_put_array(out, 2);
        cbor_put_bstr(out, buf_bytes(&body));
        ok = slip_signatures_put(&filled, buf_bytes(&message), root, seat_signers, witness_signers,
                                 successor_signers, out, err) &&
             buf_done(out, "slip", err);
    }
    buf_free(&message);
    buf_free(&body);
    if (ok) {
        filled.signature_count = again.signature_count;
        filled.body = filled.signatures = (struct bytes){0};
        *s = filled;
    }
    return ok;
}

bool seat_slip_sign(struct seat_slip *s, const struct signer *seat, const struct signer *witness,
                    struct buf *out, struct err *err)
{
    struct seat_slip filled = *s;
    struct seat_slip again;
    if (!take_signer(seat, KEY_SEAT, "the seat", &filled.seat.sign, err) ||
        !take_signer(witness, KEY_WITNESS, "its witness key", &filled.seat.witness, err)) {
        return false;
    }
    struct buf body, message;
    buf_init(&body, CONTROL_BLOB_MAX);
    buf_init(&message, CONTROL_BLOB_MAX);
    put_beginning(4, &filled.table, filled.side, &body);
    cbor_put_uint(&body, 4);
    put_seat(&filled.seat, &body);
    slip_message_put(SEAT_SLIP_TAG, buf_bytes(&body), &message);
    struct bytes m = buf_bytes(&message);
    bool ok = buf_done(&body, "seat slip", err) && buf_done(&message, "seat slip", err) &&
              seat_slip_body_decode(buf_bytes(&body), &again, err);
    if (ok) {
        cbor_put_array(out, 2);
        cbor_put_bstr(out, buf_bytes(&body));
        cbor_put_array(out, 2);
        ok = put_signature(seat, m, out, err) && put_signature(witness, m, out, err) &&
             buf_done(out, "seat slip", err);
    }
    buf_free(&message);
    buf_free(&body);
    if (ok) {
        filled.body = filled.signatures = (struct bytes){0};
        *s = filled;
    }
    return ok;
}
