/* SPDX-License-Identifier: Apache-2.0
 *
 * What a key of each type may be asked to sign (signer.h: signer_message_ok).  Every message names
 * its purpose at its very front, so the first bytes decide which of the readers must take it whole.
 */
#include "base/check.h"
#include "base/fixed.h"
#include "record/act_priv.h"
#include "record/checkpoint.h"
#include "record/control_priv.h"
#include "record/cose_priv.h"
#include "record/object_priv.h"
#include "record/token_priv.h"

static bool refuse(enum key_type type, const char *what, struct err *err)
{
    const char *word = NULL;
    switch (type) {
    case KEY_ROOT:
        word = "root";
        break;
    case KEY_SEAT:
        word = "seat";
        break;
    case KEY_WITNESS:
        word = "witness";
        break;
    case KEY_HOST:
        word = "host";
        break;
    }
    CHECK(word != NULL);
    return err_set(err, ERR_KEY, "a %s key does not sign %s", word, what);
}

/* Takes the head off v when it begins with it. */
static bool take_head(struct bytes *v, struct bytes head)
{
    if (!bytes_eq(bytes_slice(*v, 0, head.n), head)) {
        return false;
    }
    *v = bytes_slice(*v, head.n, v->n);
    return true;
}

static bool checkpoint_ok(struct bytes body, struct err *err)
{
    struct checkpoint cp;
    return checkpoint_parse(body, &cp, err);
}

/* Behind "cosignature/v1\ntime ": a decimal, LF, a checkpoint. */
static bool cosignature_ok(struct bytes rest, struct err *err)
{
    size_t n = 0;
    uint64_t time;
    while (n < rest.n && rest.p[n] != '\n') {
        n++;
    }
    struct text digits = {.p = (const char *)rest.p, .n = n}; /* only digits pass */
    if (!u64_parse(digits, &time) || time > SECONDS_MAX) {
        return err_set(err, ERR_FORMAT, "a cosignature has no time before the year 10000");
    }
    return checkpoint_ok(bytes_slice(rest, n + 1, rest.n), err);
}

static bool cose_ok(enum key_type type, struct bytes message, struct err *err)
{
    struct cose_asked asked;
    struct act act;
    struct token token;
    struct object object;
    enum object_kind kind;
    if (!cose_message_decode(message, &asked, err)) {
        return false;
    }
    if (bytes_eq(asked.aad, bytes_str(COSE_AAD_ACT))) {
        return act_payload_decode(asked.payload, &act, err) &&
               (type == control_author(act.control) || refuse(type, "acts of this kind", err));
    }
    if (bytes_eq(asked.aad, bytes_str(COSE_AAD_READ))) {
        return token_payload_decode(asked.payload, &token, err) &&
               (type == KEY_SEAT || refuse(type, "read tokens", err));
    }
    if (object_kind_of_aad(asked.aad, &kind)) {
        return object_payload_decode(kind, asked.payload, NULL, &object, err) &&
               (type == KEY_ROOT || refuse(type, "objects", err));
    }
    return err_set(err, ERR_FORMAT, "a message to be signed is for no known purpose");
}

bool signer_message_ok(enum key_type type, struct bytes message, struct err *err)
{
    struct bytes rest = message;
    struct slip slip;
    struct seat_slip seat_slip;
    /* The tags with the zero byte that ends each. */
    if (take_head(&rest, bytes_of(SLIP_TAG, sizeof(SLIP_TAG)))) {
        return slip_body_decode(rest, &slip, err) &&
               (type != KEY_HOST || refuse(type, "slips", err));
    }
    if (take_head(&rest, bytes_of(SEAT_SLIP_TAG, sizeof(SEAT_SLIP_TAG)))) {
        return seat_slip_body_decode(rest, &seat_slip, err) &&
               (type == KEY_SEAT || type == KEY_WITNESS || refuse(type, "seat slips", err));
    }
    if (take_head(&rest, bytes_str("cosignature/v1\ntime "))) {
        return cosignature_ok(rest, err) &&
               (type == KEY_WITNESS || refuse(type, "cosignatures", err));
    }
    if (take_head(&rest, bytes_str("entente/"))) {
        return checkpoint_ok(message, err) &&
               (type == KEY_HOST || refuse(type, "checkpoints", err));
    }
    return cose_ok(type, message, err);
}
