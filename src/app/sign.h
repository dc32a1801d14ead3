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
 * fingerprint is shown beside it; so are those of the seats in 11, which come with the roster.
 * The hour of asking stands in what is signed, where that is not of a hour anyway: two requests for
 * one thing are two papers, and each counts once.
 *
 *     request: CBOR map
 *         1 version 1      2 kind of object    3 founding    4 salt     5 charter
 *         6 kid of the root that is asked      7 null, or [envelope, blob, file key]
 *         8 null, or the roster's bytes        9 null, or [kid, powers, null or [issue ...],
 *                                                not before, expires, name]
 *        10 when it was asked, in seconds     11 [[side, post, kid of the seat, name] ...]
 *        12 null, or the bytes of a decision (table/home.h)
 *     signed:  CBOR [1, table, kind, object], and behind it the bytes of a decision where it is one
 */
#ifndef ENTENTE_APP_SIGN_H
#define ENTENTE_APP_SIGN_H

#include "base/arena.h"
#include "record/object.h"

#define SIGN_HOUR_MAX 24u

struct sign_seat {
    uint32_t side;
    uint32_t post;
    struct kid kid;   /* of a side's first seat that of its root, which the roster has, too */
    struct text name; /* as whoever asks calls it; may be empty */
};

struct sign_request {
    struct bytes founding;
    uint8_t salt[32];
    struct bytes charter;
    struct object object; /* its table, and a mandate's fields; principal as asked */
    bool has_act;         /* ratify, sign-charter, decide */
    struct bytes envelope;
    struct bytes blob;
    uint8_t file_key[16];
    struct bytes roster; /* sign-charter: record/roster.h; else empty */
    uint32_t seat_count; /* sign-charter */
    struct sign_seat *seats;
    struct text name;      /* of a mandate's delegate */
    uint64_t asked;        /* when, in seconds */
    struct bytes decision; /* decide: the act in it is the memo; else empty */
};

/* "2026-03-09 18:00:07": the hour in a ratification makes it another paper than one that has counted
 * before. */
void sign_hour(uint64_t seconds, char out[static SIGN_HOUR_MAX]);

void sign_request_put(const struct sign_request *q, struct buf *out);

/* Form, and that all fits together: object is then what is to be signed.  Borrows content. */
MUST_CHECK bool sign_request_parse(struct bytes content, struct arena *mem,
                                   struct sign_request *out, struct err *err);

/* What a signature would mean, in full.  q comes from sign_request_parse. */
MUST_CHECK bool sign_request_words(const struct sign_request *q, struct arena *mem, struct buf *out,
                                   struct err *err);

/* decision: empty but for one of kind decide. */
void signed_put(const struct object *o, struct bytes object, struct bytes decision,
                struct buf *out);
/* ERR_USE where it is of another kind, ERR_VERIFY where it is for another table. */
MUST_CHECK bool signed_parse(struct bytes content, const struct table_id *table,
                             enum object_kind kind, struct bytes *out, struct err *err);
/* The same of a decision, with its bytes. */
MUST_CHECK bool signed_parse_decision(struct bytes content, const struct table_id *table,
                                      struct bytes *out, struct bytes *out_decision,
                                      struct err *err);

#endif
