/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening sealed acts: which keys of rooms this seat holds, and what it could open with them.  An
 * act is opened once, when it comes in; what was in it is kept in the replica's private notebook,
 * sealed under a key of its own, and read from there afterwards.
 *
 * A key of a room comes from an epoch act sealed to this seat, or from a grant.  A grant may also
 * give the file key of one act.
 */
#ifndef ENTENTE_APP_OPENING_H
#define ENTENTE_APP_OPENING_H

#include "app/keys.h"
#include "crypto/age.h"
#include "os/entropy.h"
#include "record/tag.h"
#include "store/store.h"
#include "table/fold.h"
#include "table/payload.h"

struct room_key {
    struct text room; /* as the act that brought it says: believed only where the fold agrees */
    uint32_t number;
    uint64_t index; /* of the act that brought it */
    uint8_t secret[32];
    uint8_t public_key[32];
    struct tag_key tag;
    bool may_seal; /* of a seat without charter: brought by an epoch act that follows the rules */
};

struct openings {
    struct arena *mem; /* secret memory; the owner wipes it */
    struct store *store;
    struct keys *keys;
    struct chance chance;
    uint8_t notebook[32];
    uint32_t side; /* our own */
    struct text side_id;
    struct text role;
    uint32_t key_count;
    struct room_key *keys_held;
    uint32_t grant_count;
    struct grant_act *grants;
    bool news; /* a grant or a key of an older epoch came: acts passed over may open now */
};

/* What a seat has of one act. */
struct opened_act {
    bool open;
    uint8_t file_key[16];
    struct content content;
    struct opened how; /* what the fold wants to know; borrows content */
};

/* notebook: the key under which opened acts are kept.  side, side_id, role: our own, of the
 * invitation. */
struct openings_plan {
    struct store *store;
    struct keys *keys;
    struct chance chance;
    const uint8_t *notebook;
    uint32_t side;
    struct text side_id;
    struct text role;
};
MUST_CHECK bool openings_init(struct openings *o, struct arena *mem,
                              const struct openings_plan *plan, struct err *err);

/* Tries to open a sealed act; open is false where it is not for us.  Nothing is written.  Fails
 * where it could not be tried: no memory, no agent.  That is no verdict on the act. */
MUST_CHECK bool opening_try(struct openings *o, const struct keyring *ring,
                            const struct verified_act *va, struct bytes blob, struct arena *mem,
                            struct opened_act *out, struct err *err);

/* Keeps it in the notebook; takes it out again (open is false where it is not there). */
MUST_CHECK bool opening_keep(struct openings *o, uint64_t index, const struct opened_act *act,
                             struct err *err);
MUST_CHECK bool opening_recall(struct openings *o, uint64_t index, struct arena *mem,
                               struct opened_act *out, struct err *err);

/* Learns keys and grants from an opened act (kinds epoch and grant).  A grant is believed of seats of
 * our own side and of the convener's, where they may grant. */
MUST_CHECK bool opening_learn(struct openings *o, const struct keyring *ring,
                              const struct verified_act *va, const struct opened_act *act,
                              struct arena *mem, struct err *err);

/* The key with this public half; NULL where we have none. */
const struct room_key *opening_key(const struct openings *o, const uint8_t public_key[static 32]);

/* What a seat without charter seals to: the newest key of a room that came by the rules. */
const struct room_key *opening_seal_key(const struct openings *o, struct text room);

#endif
