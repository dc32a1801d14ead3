/* SPDX-License-Identifier: Apache-2.0
 *
 * Signing and posting one envelope.  The order that keeps a seat from ever signing two for one
 * number: check what is to be signed at our own door, sign, store in the outbox, move the guard on,
 * and only then send (PROTOCOL 3.2, 3.3, 8).  Each call ends with the act taken in from the host.
 *
 * A handle signs only after it has seen the host's log, and only when nothing of the same number
 * waits.  What fails after the act is in the outbox leaves it there: the next sync sends the same
 * bytes.  A number is signed anew only where the host has refused the first and the log lacks it.
 */
#ifndef ENTENTE_APP_ENVELOPE_H
#define ENTENTE_APP_ENVELOPE_H

#include "app/replica.h"

/* A control act of the root or of the seat.  On return the replica holds it. */
MUST_CHECK bool envelope_post_control(struct replica *r, enum key_type author,
                                      enum control_kind kind, struct bytes blob, struct err *err);

/* To whom a sealed act goes: a room's key, or seats' own identities. */
struct envelope_seal {
    const struct room_key *key; /* NULL: identities */
    uint32_t identity_count;
    const uint8_t *identities; /* X25519 keys, one behind the other */
};

/* A sealed act of the seat.  header's table, author, n and term are filled in here.  Gives its
 * index. */
MUST_CHECK bool envelope_post_sealed(struct replica *r, struct content_header *header,
                                     const struct content_item *items, size_t count,
                                     const struct envelope_seal *to, uint64_t *out_index,
                                     struct err *err);

/* An act that waits in the outbox. */
enum envelope_place {
    ENVELOPE_WAITS,     /* the log lacks it */
    ENVELOPE_NOTED,     /* the log has it */
    ENVELOPE_OVERTAKEN, /* the log has another of its number, or is in a later term */
};
enum envelope_place envelope_place(const struct replica *r, const struct act *a);

/* Sends it, once its author's guard stands at it.  False with ERR_HOST and the like: it is kept.
 * Refused by the host, and the log, looked at after that, lacks it: it is dropped, so that its
 * number can be used again, and err says why. */
MUST_CHECK bool envelope_deliver(struct replica *r, const struct door_item *item, struct err *err);

/* The founding act, before there is any record. */
MUST_CHECK bool envelope_found(struct bytes founding, const struct table_id *table,
                               const struct signer *root, struct buf *out, struct err *err);

#endif
