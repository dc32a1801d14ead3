/* SPDX-License-Identifier: Apache-2.0
 *
 * What a member with a tampered program can post: epoch acts, grants and sealed acts of any shape, in
 * his own name, through the doors that every act goes through.  The test fails where the host does
 * not take them: then it is no attack on those who read.
 */
#ifndef ENTENTE_TESTS_HOSTILE_H
#define ENTENTE_TESTS_HOSTILE_H

#include "app/envelope.h"

/* The key that a room would have of this secret and number. */
void hostile_key(const struct replica *r, const char *room, uint32_t number,
                 const uint8_t secret[32], struct room_key *out);

/* An epoch act; whatever is zero is as the rules want it. */
struct hostile_epoch {
    const char *room;
    const char *header_room;
    uint32_t number;
    uint32_t previous;
    const uint8_t *secret;
    const uint32_t *to; /* seats to whom it is really sealed */
    uint32_t to_count;
    bool lists_to;  /* and lists as members; else the room's, whomever it is sealed to */
    bool other_key; /* shows a public key that is not its own */
};
uint64_t hostile_epoch(struct replica *r, const struct hostile_epoch *e, struct room_key *out_key);

/* Any payload in any room, sealed as told; epoch: of the header. */
uint64_t hostile_post(struct replica *r, const struct payload *p, uint32_t epoch,
                      const struct envelope_seal *to);
/* The same, sealed to seats' identities. */
uint64_t hostile_to(struct replica *r, const struct payload *p, const uint32_t *seats,
                    uint32_t count);

/* The number of the room's membership now, and its key as this seat holds it (the test fails without
 * one). */
uint32_t hostile_number(const struct replica *r, const char *room);
struct room_key hostile_held(const struct replica *r, const char *room);

#endif
