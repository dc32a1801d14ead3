/* SPDX-License-Identifier: Apache-2.0
 *
 * What a key may be asked to sign.  The messages are told apart by how they begin, which no two
 * share: a Sig_structure is a CBOR array, the others are text.
 */
#include "base/fixed.h"
#include "base/reader.h"
#include "record/act_priv.h"
#include "record/checkpoint.h"
#include "record/control_priv.h"
#include "record/cose_priv.h"
#include "record/limits.h"
#include "record/object_priv.h"
#include "record/signer.h"
#include "record/token_priv.h"

#define KEY_BIT(type) (1u << (type))

static const char *type_word(enum key_type type)
{
    switch (type) {
    case KEY_ROOT:
        return "root";
    case KEY_SEAT:
        return "seat";
    case KEY_WITNESS:
        return "witness";
    case KEY_HOST:
        return "host";
    }
    return "unknown"; /* the number came from outside */
}

/* Is a key of this type among those that sign such things? */
static bool allowed(enum key_type type, unsigned types, const char *what, struct err *err)
{
    if ((unsigned)type <= KEY_HOST && (KEY_BIT(type) & types) != 0) {
        return true;
    }
    return err_set(err, ERR_KEY, "a %s key is asked to sign a %s, which it never does",
                   type_word(type), what);
}

/* Takes the beginning off, when it is there; the NUL of a tag is part of it. */
static bool begins(struct bytes *message, const void *beginning, size_t n)
{
    if (!bytes_eq(bytes_slice(*message, 0, n), bytes_of(beginning, n))) {
        return false;
    }
    *message = bytes_slice(*message, n, message->n);
    return true;
}

static bool cosignature_ok(struct bytes rest, struct err *err)
{
    static const char word[] = "time ";
    struct reader r;
    struct checkpoint cp;
    uint64_t time;
    reader_init(&r, rest);
    struct bytes line = read_line(&r);
    struct bytes digits = line;
    struct text t = {0};
    bool is_time = begins(&digits, word, strlen(word));
    if (is_time) {
        t = (struct text){.p = (const char *)digits.p, .n = digits.n}; /* only digits pass */
    }
    if (!is_time || !u64_parse(t, &time) || time > SECONDS_MAX) {
        return err_set(err, ERR_FORMAT, "a countersignature without its time is to be signed");
    }
    return checkpoint_parse(read_bytes(&r, reader_left(&r)), &cp, err);
}

static bool slip_ok(struct bytes body, struct err *err)
{
    struct slip slip;
    return slip_body_decode(body, &slip, err);
}

static bool seat_slip_ok(struct bytes body, struct err *err)
{
    struct seat_slip slip;
    return seat_slip_body_decode(body, &slip, err);
}

static bool new_root_ok(struct bytes body, struct err *err)
{
    struct new_root paper;
    return new_root_body_decode(body, &paper, err);
}

/* The key types that sign acts of this kind, as bits. */
static unsigned authors(enum control_kind kind)
{
    unsigned bits = KEY_BIT(control_author(kind));
    return control_may_author(kind, KEY_SEAT) ? bits | KEY_BIT(KEY_SEAT) : bits;
}

static bool sig_structure_ok(enum key_type type, struct bytes message, struct err *err)
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
               allowed(type, authors(act.control), "act of this kind", err);
    }
    if (bytes_eq(asked.aad, bytes_str(COSE_AAD_READ))) {
        return allowed(type, KEY_BIT(KEY_SEAT), "read token", err) &&
               token_payload_decode(asked.payload, &token, err);
    }
    if (object_kind_of_aad(asked.aad, &kind)) {
        return allowed(type, KEY_BIT(KEY_ROOT), "principal's word", err) &&
               object_payload_decode(kind, asked.payload, NULL, &object, err);
    }
    return err_set(err, ERR_FORMAT, "something is to be signed for a purpose that is unknown");
}

bool signer_message_ok(enum key_type type, struct bytes message, struct err *err)
{
    static const char cosignature[] = "cosignature/v1\n";
    struct bytes rest = message;
    struct checkpoint cp;
    if (begins(&rest, cosignature, strlen(cosignature))) {
        return allowed(type, KEY_BIT(KEY_WITNESS), "countersignature", err) &&
               cosignature_ok(rest, err);
    }
    if (begins(&rest, SLIP_TAG, sizeof(SLIP_TAG))) {
        return allowed(type, KEY_BIT(KEY_ROOT) | KEY_BIT(KEY_SEAT) | KEY_BIT(KEY_WITNESS), "slip",
                       err) &&
               slip_ok(rest, err);
    }
    if (begins(&rest, SEAT_SLIP_TAG, sizeof(SEAT_SLIP_TAG))) {
        return allowed(type, KEY_BIT(KEY_SEAT) | KEY_BIT(KEY_WITNESS), "seat slip", err) &&
               seat_slip_ok(rest, err);
    }
    if (begins(&rest, NEW_ROOT_TAG, sizeof(NEW_ROOT_TAG))) {
        return allowed(type, KEY_BIT(KEY_ROOT) | KEY_BIT(KEY_SEAT) | KEY_BIT(KEY_WITNESS),
                       "new root's paper", err) &&
               new_root_ok(rest, err);
    }
    if (message.n > 0 && message.p[0] == 'e') {
        return allowed(type, KEY_BIT(KEY_HOST), "checkpoint", err) &&
               checkpoint_parse(message, &cp, err);
    }
    return sig_structure_ok(type, message, err);
}
