/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening sealed acts: which keys of rooms this seat holds, and what it could open with them.  An
 * act is opened once, when it comes in; what was in it is kept in the replica's private notebook,
 * sealed under a key of its own, and read from there afterwards.
 *
 * A key of a room comes from an epoch act that the fold has found good (table/fold.h), and from
 * nowhere else: so a seat holds as many as its rooms have had memberships, whatever others send it.
 * A grant gives the file key of one act: it is used at once, and counts only where it opens an act
 * that was closed to this seat; nothing of it is held.
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
    uint64_t index; /* of the epoch act that brought it */
    uint8_t secret[32];
    uint8_t public_key[32];
    struct tag_key tag;
};

/* All good epochs that one seat can ever come to read: a seat of the table, coming or going, is a
 * change to at most five rooms (home, plenary, principals, monitors, shuttle or consultation), one
 * of the mediation to those of each other side, too.  Twice that: found good by the sides alone, and
 * again once the charter is there. */
#define ROOM_KEYS_MAX (2u * (2u * SEATS_MAX * 5u + 2u * SIDE_SEATS_MAX * SIDES_MAX))

struct openings {
    struct arena *mem; /* secret memory; the owner wipes it */
    struct store *store;
    struct keys *keys;
    struct chance chance;
    uint8_t notebook[32];
    uint32_t side; /* our own */
    uint32_t key_count;
    struct room_key *keys_held;
    /* Of each author the key last offered that no room has: what is sealed to it is told to people
     * instead of staying dark.  stray[i] is of seat stray_seat[i]. */
    uint32_t stray_count;
    struct room_key *stray;
    uint32_t *stray_seat;
    bool news; /* an act of before has opened: others may open now, and all is to be folded anew */
};

/* What a seat has of one act. */
struct opened_act {
    bool open;
    uint8_t file_key[16];
    struct content content;
    struct opened how; /* what the fold wants to know; borrows content */
};

/* notebook: the key under which opened acts are kept.  side: our own. */
struct openings_plan {
    struct store *store;
    struct keys *keys;
    struct chance chance;
    const uint8_t *notebook;
    uint32_t side;
};
MUST_CHECK bool openings_init(struct openings *o, struct arena *mem,
                              const struct openings_plan *plan, struct err *err);

/* Forgets all keys: they are learnt again with the record. */
void openings_forget(struct openings *o);

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

/* The content of an opened act as it was sealed (record/content.h decodes it); views of act. */
struct bytes opening_content(const struct opened_act *act);

/* The acts [from, to) are no longer of the record: what was in them is forgotten. */
MUST_CHECK bool opening_forget_from(struct openings *o, uint64_t from, uint64_t to,
                                    struct err *err);

/* Learns the key of an opened epoch act, which `fold` has just read. */
MUST_CHECK bool opening_learn(struct openings *o, const struct fold *fold,
                              const struct verified_act *va, const struct opened_act *act,
                              struct arena *mem, struct err *err);

/* Uses the file keys of an opened grant: the acts below it that were sealed to identities, and open
 * with one of them, are kept, and o->news is set.  A grant is believed of seats that may grant, of our
 * own side and of the convener's.  A grant that opens by a grant is not used in turn. */
MUST_CHECK bool opening_use_grants(struct openings *o, const struct door *door,
                                   const struct verified_act *va, const struct opened_act *act,
                                   struct arena *mem, struct err *err);

/* Do we hold the key that this act's tag names?  Without reading its blob. */
bool opening_knows(const struct openings *o, const struct verified_act *va);

/* The key of a room with this public half; NULL where we have none. */
const struct room_key *opening_key(const struct openings *o, const uint8_t public_key[static 32]);

#endif
