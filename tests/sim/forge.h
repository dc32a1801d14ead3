/* SPDX-License-Identifier: Apache-2.0
 *
 * A tampered client: signs with its seat's real keys what the program would never sign, and posts
 * it.  Only the record's form is kept, and that only where the forger wants it.
 */
#ifndef ENTENTE_TESTS_SIM_FORGE_H
#define ENTENTE_TESTS_SIM_FORGE_H

#include "sim/world.h"

struct forgery {
    const struct payload *p;    /* kind, room, items, what it answers */
    uint32_t epoch;             /* as the header says */
    const struct room_key *key; /* NULL: sealed to these identities */
    uint32_t identity_count;
    const uint8_t *identities;
    bool shown; /* with stanzas that say to whom */
    uint64_t seen_size;
    uint64_t claimed_time;
    bool has_state; /* claims this of the final state */
    uint64_t state_size;
    struct digest state_digest;
    bool wrong_n; /* the header's n is not the envelope's */
};

/* Signed and posted to the host as it is.  False: refused, or it could not be made (err). */
bool forge_sealed(struct world *w, uint32_t seat, const struct forgery *f, struct err *err);

/* A control act with this blob that says to have seen less than there is. */
bool forge_control(struct world *w, uint32_t seat, enum key_type author, enum control_kind kind,
                   struct bytes blob, uint64_t seen_size, struct err *err);

/* The least that an act of this author may say to have seen. */
uint64_t forge_least_seen(struct world *w, uint32_t seat, enum key_type author);

#endif
