/* SPDX-License-Identifier: Apache-2.0 */
#include "record/token.h"

#include "base/cbor.h"
#include "record/cose_priv.h"
#include "record/limits.h"
#include "record/token_priv.h"

#define WHAT "read token"

bool token_payload_decode(struct bytes payload, struct token *out, struct err *err)
{
    struct token t = {0};
    struct cbor in;
    cbor_init(&in, payload);
    cbor_map_n(&in, 3);
    cbor_expect_key(&in, 1);
    cbor_bstr_into(&in, t.table.b, sizeof(t.table.b));
    cbor_expect_key(&in, 2);
    cbor_bstr_into(&in, t.host.b, sizeof(t.host.b));
    cbor_expect_key(&in, 3);
    t.not_after = cbor_uint(&in);
    if (t.not_after > SECONDS_MAX) {
        cbor_refuse(&in, "its time is beyond the year 9999");
    }
    if (!cbor_done(&in, WHAT, err)) {
        return false;
    }
    *out = t;
    return true;
}

static bool decode(struct bytes raw, struct cose *frame, struct token *out, struct err *err)
{
    if (raw.n > TOKEN_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the " WHAT " has %zu bytes, limit %u", raw.n,
                       TOKEN_BYTES_MAX);
    }
    return cose_decode(raw, WHAT, frame, err) && token_payload_decode(frame->payload, out, err);
}

bool token_table(struct bytes raw, struct table_id *out, struct err *err)
{
    struct cose frame;
    struct token t;
    if (!decode(raw, &frame, &t, err)) {
        return false;
    }
    *out = t.table;
    return true;
}

bool token_sign(const struct table_id *table, const struct pubkey *host, uint64_t not_after,
                const struct signer *seat, struct buf *out, struct err *err)
{
    uint8_t room[TOKEN_BYTES_MAX];
    struct buf payload;
    struct token again;
    if (signer_type(seat) != KEY_SEAT) {
        return err_set(err, ERR_KEY, "a " WHAT " is signed by a seat's key");
    }
    buf_over(&payload, room, sizeof(room));
    cbor_put_map(&payload, 3);
    cbor_put_uint(&payload, 1);
    cbor_put_bstr(&payload, ID_BYTES(*table));
    cbor_put_uint(&payload, 2);
    cbor_put_bstr(&payload, ID_BYTES(*host));
    cbor_put_uint(&payload, 3);
    cbor_put_uint(&payload, not_after);
    return buf_done(&payload, WHAT, err) &&
           token_payload_decode(buf_bytes(&payload), &again, err) &&
           cose_sign(buf_bytes(&payload), COSE_AAD_READ, seat, WHAT, out, err);
}

bool token_check(struct bytes raw, const struct keyring *ring, uint64_t at,
                 const struct pubkey *host, uint64_t now, uint32_t *out_seat, struct err *err)
{
    struct cose frame;
    struct token t;
    struct ring_author author;
    if (!decode(raw, &frame, &t, err)) {
        return false;
    }
    const struct table_id *table = keyring_table(ring);
    if (table == NULL || !ID_EQ(*table, t.table)) {
        return err_set(err, ERR_VERIFY, "the " WHAT " is for another table");
    }
    if (!ID_EQ(*host, t.host)) {
        return err_set(err, ERR_VERIFY, "the " WHAT " is for another host");
    }
    if (t.not_after < now) {
        return err_set(err, ERR_VERIFY, "the " WHAT " has run out") ||
               err_mend(err, "make a new one; if it was just made, compare the clocks");
    }
    if (t.not_after - now > TOKEN_SECONDS_MAX) {
        return err_set(err, ERR_VERIFY, "the " WHAT " is for longer than 24 hours") ||
               err_mend(err, "make one for less; if it was, compare the clocks");
    }
    if (!keyring_author(ring, at, &frame.kid, &author, err)) {
        return err_mend(err,
                        "a seat that was revoked stays so; its principal can invite to another");
    }
    if (author.type != KEY_SEAT) {
        return err_set(err, ERR_VERIFY, "the " WHAT " is not signed by a seat");
    }
    if (!cose_verify(&frame, COSE_AAD_READ, author.pk, WHAT, err)) {
        return false;
    }
    *out_seat = author.seat;
    return true;
}
