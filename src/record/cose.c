/* SPDX-License-Identifier: Apache-2.0 */
#include "record/cose_priv.h"

#include "base/cbor.h"
#include "base/check.h"
#include "crypto/sign.h"
#include "record/limits.h"
#include "record/signer_priv.h"

#define SIGNATURE_BYTES 64u

/* {1: -8, 4: bstr 16} up to the kid: alg EdDSA, then the head of the kid. */
static const uint8_t protected_head[] = {0xa2, 0x01, 0x27, 0x04, 0x50};
#define PROTECTED_BYTES (sizeof(protected_head) + sizeof(struct kid16))

static const char context[] = "Signature1";

/* The protected map has one form, so it is compared rather than parsed. */
static void take_protected(struct cbor *c, struct kid16 *out)
{
    struct bytes v = cbor_bstr(c);
    if (!cbor_ok(c)) {
        return;
    }
    if (v.n != PROTECTED_BYTES || memcmp(v.p, protected_head, sizeof(protected_head)) != 0) {
        cbor_refuse(c, "its protected header is not {1: -8, 4: 16 bytes of a kid}");
        return;
    }
    memcpy(out->b, v.p + sizeof(protected_head), sizeof(out->b));
}

static void put_protected(const struct kid16 *kid, struct buf *out)
{
    uint8_t v[PROTECTED_BYTES];
    memcpy(v, protected_head, sizeof(protected_head));
    memcpy(v + sizeof(protected_head), kid->b, sizeof(kid->b));
    cbor_put_bstr(out, bytes_of(v, sizeof(v)));
}

bool cose_decode(struct bytes raw, const char *what, struct cose *out, struct err *err)
{
    struct cbor in;
    struct cose got = {0};
    cbor_init(&in, raw);
    cbor_tag18(&in);
    cbor_array_n(&in, 4);
    take_protected(&in, &got.kid);
    cbor_map_n(&in, 0);
    got.payload = cbor_bstr(&in);
    got.signature = cbor_bstr_n(&in, SIGNATURE_BYTES);
    if (!cbor_done(&in, what, err)) {
        return false;
    }
    *out = got;
    return true;
}

void cose_message(const struct kid16 *kid, const char *aad, struct bytes payload, struct buf *out)
{
    cbor_put_array(out, 4);
    cbor_put_tstr(out, text_str(context));
    put_protected(kid, out);
    cbor_put_bstr(out, bytes_str(aad));
    cbor_put_bstr(out, payload);
}

bool cose_message_decode(struct bytes message, struct cose_asked *out, struct err *err)
{
    struct cbor in;
    struct cose_asked got = {0};
    cbor_init(&in, message);
    cbor_array_n(&in, 4);
    struct bytes word = cbor_tstr(&in);
    if (cbor_ok(&in) && !bytes_eq(word, bytes_str(context))) {
        cbor_refuse(&in, "its context is not Signature1");
    }
    take_protected(&in, &got.kid);
    got.aad = cbor_bstr(&in);
    got.payload = cbor_bstr(&in);
    if (!cbor_done(&in, "Sig_structure", err)) {
        return false;
    }
    *out = got;
    return true;
}

bool cose_sign(struct bytes payload, const char *aad, const struct signer *s, const char *what,
               struct buf *out, struct err *err)
{
    struct kid whole = signer_kid(s);
    struct kid16 kid = kid_short(&whole);
    struct signature sig = {0};
    struct buf message;
    buf_init(&message, payload.n + COSE_FRAME_MAX);
    cose_message(&kid, aad, payload, &message);
    bool ok = buf_done(&message, what, err) && signer_sign(s, buf_bytes(&message), &sig, err);
    buf_free(&message);
    if (!ok) {
        return false;
    }
    cbor_put_tag18(out);
    cbor_put_array(out, 4);
    put_protected(&kid, out);
    cbor_put_map(out, 0);
    cbor_put_bstr(out, payload);
    cbor_put_bstr(out, ID_BYTES(sig));
    return buf_done(out, what, err);
}

static bool signed_by(const struct cose *c, const char *aad, const struct pubkey *pk,
                      struct buf *message)
{
    cose_message(&c->kid, aad, c->payload, message);
    return buf_ok(message) && c->signature.n == SIGNATURE_BYTES &&
           sign_verify(pk->b, buf_bytes(message), c->signature.p);
}

bool cose_small_signed_by(const struct cose *c, const char *aad, const struct pubkey *pk)
{
    uint8_t room[ENVELOPE_MAX + COSE_FRAME_MAX];
    struct buf message;
    CHECK(c->payload.n <= ENVELOPE_MAX);
    buf_over(&message, room, sizeof(room)); /* public bytes: not wiped */
    return signed_by(c, aad, pk, &message);
}

bool cose_verify(const struct cose *c, const char *aad, const struct pubkey *pk, const char *what,
                 struct err *err)
{
    struct buf message;
    buf_init(&message, c->payload.n + COSE_FRAME_MAX);
    bool ok = signed_by(c, aad, pk, &message);
    bool made = ok || buf_done(&message, what, err);
    buf_free(&message);
    return ok || (made && err_set(err, ERR_VERIFY, "the signature of the %s does not hold", what));
}
