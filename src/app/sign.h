/* SPDX-License-Identifier: Apache-2.0
 *
 * A principal's one signature on a machine without a replica.  An envoy's replica writes a request,
 * the principal's machine shows in full what it means and signs, the signed paper goes back by hand
 * and any seat of that side posts it.
 *
 * What the principal reads follows from what is signed and from nothing that the envoy says: the
 * request carries the founding (whose hash is the table), the charter (whose salted hash the
 * founding names), and the act that is signed about, sealed, with its file key (its hash is what is
 * signed, its commit binds what it says).  Only a delegate's name is the envoy's word; his
 * fingerprint is shown beside it.
 *
 *     request: CBOR map
 *         1 version 1      2 kind of object    3 founding    4 salt     5 charter
 *         6 kid of the root that is asked      7 null, or [envelope, blob, file key]
 *         8 null, or the roster digest         9 null, or [kid, powers, null or [issue ...],
 *                                                not before, expires, name]
 *     signed:  CBOR [1, table, kind, object]
 */
#ifndef ENTENTE_APP_SIGN_H
#define ENTENTE_APP_SIGN_H

#include "base/arena.h"
#include "record/object.h"

struct sign_request {
    struct bytes founding;
    uint8_t salt[32];
    struct bytes charter;
    struct object object; /* its table, and a mandate's fields; principal as asked */
    bool has_act;         /* ratify, sign-charter */
    struct bytes envelope;
    struct bytes blob;
    uint8_t file_key[16];
    bool has_roster; /* sign-charter */
    struct digest roster;
    struct text name; /* of a mandate's delegate */
};

void sign_request_put(const struct sign_request *q, struct buf *out);

/* Form, and that all fits together: object is then what is to be signed.  Borrows content. */
MUST_CHECK bool sign_request_parse(struct bytes content, struct arena *mem,
                                   struct sign_request *out, struct err *err);

/* What a signature would mean, in full.  q comes from sign_request_parse. */
MUST_CHECK bool sign_request_words(const struct sign_request *q, struct arena *mem, struct buf *out,
                                   struct err *err);

void signed_put(const struct object *o, struct bytes object, struct buf *out);
/* ERR_USE where it is of another kind, ERR_VERIFY where it is for another table. */
MUST_CHECK bool signed_parse(struct bytes content, const struct table_id *table,
                             enum object_kind kind, struct bytes *out, struct err *err);

#endif
