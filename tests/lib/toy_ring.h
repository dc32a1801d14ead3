/* SPDX-License-Identifier: Apache-2.0
 *
 * Keyrings for tests of rules and times alone: keys are patterns, nothing is signed, slips are
 * taken as stored.  Every side's root and seats are known by their numbers: the seat s of side p
 * is the s-th of that side's, revoked or not.
 */
#ifndef ENTENTE_TESTS_TOY_RING_H
#define ENTENTE_TESTS_TOY_RING_H

#include "record/keyring.h"

struct pubkey toy_key(enum key_type type, uint32_t side, uint32_t seat);

/* An envelope's author and nothing else. */
struct act toy_by_root(uint32_t side);
struct act toy_by_seat(uint32_t side, uint32_t seat);

/* Control acts as the decoder would give them. */
struct control toy_found(uint32_t groups, uint32_t convener, uint32_t grace);
struct control toy_slip(uint32_t side, uint32_t seats);
struct control toy_seat_slip(uint32_t side, uint32_t seat, uint32_t post);
struct control toy_revoke(uint32_t side, uint32_t seat);
struct control toy_naming(uint32_t needed, uint32_t side, const uint32_t *seats, uint32_t count);

/* Takes c in as an act of side's root; fails the test where it is refused. */
void toy_apply(struct keyring *ring, uint64_t index, uint32_t side, const struct control *c);

/* The sentence of the refusal, of which `why` must be a part. */
void toy_refused(struct keyring *ring, uint64_t index, const struct act *act,
                 const struct control *c, const char *why);

#endif
