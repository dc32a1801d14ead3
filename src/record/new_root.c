/* SPDX-License-Identifier: Apache-2.0
 *
 * A new root's paper: [body, [signature...], [[successor pk, signature]...]], docs/FORMAT.md
 * section 6.  The first two parts are a slip's with the replaced root as field 8; the third grows as
 * the paper goes from one successor to the next, ascending by key, each signature over the same
 * message.
 */
#include "base/cbor.h"
#include "crypto/sign.h"
#include "record/control_priv.h"
#include "record/signer_priv.h"

#define WHAT "new root's paper"
#define KEY_BYTES 32u
#define KEY_ITEM 34u                                  /* its CBOR head and itself */
#define SPONSOR_ITEM (1u + KEY_ITEM + SIGNATURE_ITEM) /* an array of two in front */

bool new_root_body_decode(struct bytes body, struct new_root *out, struct err *err)
{
    struct new_root n = {.slip = {.body = body}};
    struct cbor in;
    cbor_init(&in, body);
    cbor_map_n(&in, 8);
    slip_fields_take(&in, &n.slip);
    cbor_expect_key(&in, 8);
    cbor_bstr_into(&in, n.replaced.b, sizeof(n.replaced.b));
    if (cbor_ok(&in) && ID_EQ(n.replaced, n.slip.root)) {
        cbor_refuse(&in, "it puts a root in its own place");
    }
    if (!cbor_done(&in, WHAT, err)) {
        return false;
    }
    *out = n;
    return true;
}

static void take_sponsors(struct cbor *in, struct bytes raw, struct new_root *n)
{
    n->sponsor_count = (uint32_t)cbor_array(in, SUCCESSORS_MAX);
    size_t from = in->at;
    for (uint32_t i = 0; i < n->sponsor_count; i++) {
        cbor_array_n(in, 2);
        cbor_bstr_into(in, n->sponsors[i].b, sizeof(n->sponsors[i].b));
        (void)cbor_bstr_n(in, SIGNATURE_BYTES);
        if (cbor_ok(in) && i > 0 && memcmp(n->sponsors[i - 1].b, n->sponsors[i].b, 32) >= 0) {
            cbor_refuse(in, "the successors that have signed are not ascending by key");
        }
    }
    n->sponsor_items = bytes_slice(raw, from, in->at - from);
}

bool new_root_decode(struct bytes raw, struct new_root *out, struct err *err)
{
    struct cbor in;
    struct bytes body, signatures;
    size_t count;
    struct new_root n, rest = {0};
    if (raw.n > CONTROL_BLOB_MAX) {
        return err_set(err, ERR_LIMIT, "the " WHAT " has %zu bytes, limit %u", raw.n,
                       CONTROL_BLOB_MAX);
    }
    cbor_init(&in, raw);
    cbor_array_n(&in, 3);
    slip_signed_take(&in, raw, &body, &signatures, &count);
    take_sponsors(&in, raw, &rest);
    if (!cbor_done(&in, WHAT, err) || !new_root_body_decode(body, &n, err)) {
        return false;
    }
    if (count != n.slip.signature_count) {
        return err_set(err, ERR_FORMAT, "the " WHAT " has %zu signatures for %u keys", count,
                       n.slip.signature_count);
    }
    n.slip.signatures = signatures;
    n.sponsor_count = rest.sponsor_count;
    n.sponsor_items = rest.sponsor_items;
    memcpy(n.sponsors, rest.sponsors, sizeof(n.sponsors));
    *out = n;
    return true;
}

bool new_root_verify(const struct new_root *n, struct err *err)
{
    struct buf message;
    if (!slip_keys_signed(&n->slip, NEW_ROOT_TAG, err)) {
        return false;
    }
    buf_init(&message, CONTROL_BLOB_MAX);
    slip_message_put(NEW_ROOT_TAG, n->slip.body, &message);
    bool ok = buf_done(&message, WHAT, err);
    for (uint32_t i = 0; ok && i < n->sponsor_count; i++) {
        struct bytes item = bytes_slice(n->sponsor_items, i * (size_t)SPONSOR_ITEM, SPONSOR_ITEM);
        ok = (item.n == SPONSOR_ITEM && sign_verify(n->sponsors[i].b, buf_bytes(&message),
                                                    item.p + SPONSOR_ITEM - SIGNATURE_BYTES)) ||
             err_set(err, ERR_VERIFY, "the " WHAT " is not signed by a successor that it shows");
    }
    buf_free(&message);
    return ok;
}

bool new_root_sign(struct slip *s, const struct pubkey *replaced, const struct signer *root,
                   const struct signer *const *seat_signers,
                   const struct signer *const *witness_signers,
                   const struct signer *const *successor_signers, struct buf *out, struct err *err)
{
    struct slip filled = *s;
    struct new_root again; /* what a reader would refuse is not signed */
    struct buf body, message;
    if (!slip_fill(&filled, root, seat_signers, witness_signers, successor_signers, err)) {
        return false;
    }
    buf_init(&body, CONTROL_BLOB_MAX);
    buf_init(&message, CONTROL_BLOB_MAX);
    slip_fields_put(8, &filled, &body);
    cbor_put_uint(&body, 8);
    cbor_put_bstr(&body, ID_BYTES(*replaced));
    slip_message_put(NEW_ROOT_TAG, buf_bytes(&body), &message);
    bool ok = buf_done(&body, WHAT, err) && buf_done(&message, WHAT, err) &&
              new_root_body_decode(buf_bytes(&body), &again, err);
    if (ok) {
        cbor_put_array(out, 3);
        cbor_put_bstr(out, buf_bytes(&body));
        ok = slip_signatures_put(&filled, buf_bytes(&message), root, seat_signers, witness_signers,
                                 successor_signers, out, err);
        cbor_put_array(out, 0);
        ok = ok && buf_done(out, WHAT, err);
    }
    buf_free(&message);
    buf_free(&body);
    if (ok) {
        filled.signature_count = again.slip.signature_count;
        filled.body = filled.signatures = (struct bytes){0};
        *s = filled;
    }
    return ok;
}

/* The place of one more key among those that have signed; false where it has already. */
static bool place_of(const struct new_root *n, const struct pubkey *pk, uint32_t *out)
{
    uint32_t at = 0;
    while (at < n->sponsor_count && memcmp(n->sponsors[at].b, pk->b, KEY_BYTES) < 0) {
        at++;
    }
    *out = at;
    return at == n->sponsor_count || !ID_EQ(n->sponsors[at], *pk);
}

bool new_root_sponsor(struct bytes raw, const struct signer *successor, struct buf *out,
                      struct err *err)
{
    struct new_root n;
    struct signature sig;
    struct buf message;
    uint32_t at;
    if (!new_root_decode(raw, &n, err) || !new_root_verify(&n, err)) {
        return false;
    }
    if (signer_type(successor) != KEY_ROOT) {
        return err_set(err, ERR_KEY, "a successor signs with a root's key");
    }
    struct pubkey pk = signer_pk(successor);
    if (!place_of(&n, &pk, &at)) {
        return err_set(err, ERR_STATE, "this successor has signed already");
    }
    if (n.sponsor_count == SUCCESSORS_MAX) {
        return err_set(err, ERR_LIMIT, "a side has at most %u successors", SUCCESSORS_MAX);
    }
    buf_init(&message, CONTROL_BLOB_MAX);
    slip_message_put(NEW_ROOT_TAG, n.slip.body, &message);
    bool ok = buf_done(&message, WHAT, err) &&
              signer_sign(successor, buf_bytes(&message), &sig, err);
    buf_free(&message);
    if (!ok) {
        return false;
    }
    size_t before = at * (size_t)SPONSOR_ITEM;
    cbor_put_array(out, 3);
    cbor_put_bstr(out, n.slip.body);
    cbor_put_array(out, n.slip.signature_count);
    buf_add(out, n.slip.signatures);
    cbor_put_array(out, n.sponsor_count + 1);
    buf_add(out, bytes_slice(n.sponsor_items, 0, before));
    cbor_put_array(out, 2);
    cbor_put_bstr(out, ID_BYTES(pk));
    cbor_put_bstr(out, ID_BYTES(sig));
    buf_add(out, bytes_slice(n.sponsor_items, before, n.sponsor_items.n - before));
    return buf_done(out, WHAT, err);
}
