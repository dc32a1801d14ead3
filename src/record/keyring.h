/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may write, and who has countersigned for whom: a fold of the control acts alone (kinds 1, 2,
 * 3, 6; docs/FORMAT.md sections 4, 6, 11).  Nothing is ever removed: every fact keeps the index
 * from which, and to which, it holds, so that each question can be asked "as of prefix s", that is
 * by the control acts at indexes below s.
 *
 * It checks rules, not envelopes: the caller (door, excerpt) has checked that the act is signed by
 * the author it names.  It says why it refuses.
 */
#ifndef ENTENTE_RECORD_KEYRING_H
#define ENTENTE_RECORD_KEYRING_H

#include "base/arena.h"
#include "record/act.h"
#include "record/control.h"

#define SEAT_NONE UINT32_MAX
#define SIDE_NONE UINT32_MAX
#define WITNESS_NONE UINT32_MAX

struct ring_seat {
    struct kid kid;
    struct kid witness_kid;
    struct seat_keys keys;
    uint32_t side;
    uint32_t witness;     /* number of its witness key, or WITNESS_NONE while nobody has named it */
    uint64_t admitted_at; /* index of the act that admitted it */
    uint64_t revoked_at;  /* index of the act that revoked it, or INDEX_NEVER */
};

struct ring_side {
    struct pubkey root; /* the newest; what it was before: keyring_root */
    struct kid root_kid;
    uint64_t admitted_at; /* INDEX_NEVER while it has not joined */
    uint64_t root_at;     /* index of the act that made its root its root: admitted_at, or a later
                             one by which successors replaced the former */
    uint64_t named_at; /* first naming of witnesses (the group exists above it), or INDEX_NEVER */
    uint32_t successor_count;
    uint32_t successors_needed;
    struct pubkey successors[SUCCESSORS_MAX];
};

/* A root of a side, and the acts by which it came and went. */
struct ring_root {
    struct pubkey pk;
    struct kid kid;
    uint32_t side;
    uint64_t from;  /* index of the act that made it so */
    uint64_t until; /* of the act that replaced it, or INDEX_NEVER */
};

/* One act of kind 3.  It holds above its index until the side's next one. */
struct ring_naming {
    uint64_t index;
    uint32_t side;
    uint32_t needed;                         /* k */
    uint32_t count;                          /* n */
    uint32_t witnesses[GROUP_WITNESSES_MAX]; /* numbers */
};

/* A witness key, numbered in the order in which naming acts first name it. */
struct ring_witness {
    uint32_t seat;
    uint64_t named_at;
};

struct ring_term {
    struct pubkey host;
    struct kid host_kid;
    uint64_t from; /* first leaf of the term: its w; 0 for term 0 */
};

/* Who signed an envelope. */
struct ring_author {
    enum key_type type; /* KEY_ROOT or KEY_SEAT; a new root's paper may come from either */
    uint32_t side;
    uint32_t seat; /* SEAT_NONE for a root */
    const struct kid *kid;
    const struct pubkey *pk;
};

struct keyring;

/* About 120 KiB in mem, which must outlive it; keyring_free gives back what grew. */
MUST_CHECK bool keyring_new(struct arena *mem, struct keyring **out, struct err *err);
void keyring_free(struct keyring *ring);

/* Whether signatures inside slips are checked, or were when these bytes were first taken in. */
enum trust { TRUST_NOTHING, TRUST_STORED };

/* Takes in the control act at index (kinds 1, 2, 3; of 6 the last of a succession makes the new
 * term, which the door calls by keyring_new_term).  Refused: ring unchanged, ERR_VERIFY. */
MUST_CHECK bool keyring_apply(struct keyring *ring, uint64_t index, const struct act *act,
                              struct bytes blob, const struct control *c, enum trust trust,
                              struct err *err);
MUST_CHECK bool keyring_new_term(struct keyring *ring, uint64_t from, const struct pubkey *host,
                                 struct err *err);

/* The rules that keyring_apply asks first, alone. */
MUST_CHECK bool keyring_allows(const struct keyring *ring, uint64_t index, const struct act *act,
                               const struct control *c, enum trust trust, struct err *err);

/* The founding. NULL before leaf 0. */
const struct found *keyring_found(const struct keyring *ring);
const struct table_id *keyring_table(const struct keyring *ring);

/* The author of an envelope at index: admitted below it and not revoked below it.  The convener's
 * root writes from index 0 on. */
MUST_CHECK bool keyring_author(const struct keyring *ring, uint64_t index, const struct kid16 *kid,
                               struct ring_author *out, struct err *err);

/* Seats and witnesses by number, in the order of admission and naming. */
uint32_t keyring_seats(const struct keyring *ring, uint64_t at); /* admitted below at */
const struct ring_seat *keyring_seat(const struct keyring *ring, uint32_t seat);
uint32_t keyring_find_seat(const struct keyring *ring, const struct kid *kid); /* or SEAT_NONE */
uint32_t keyring_witnesses(const struct keyring *ring, uint64_t at);
const struct ring_witness *keyring_witness(const struct keyring *ring, uint32_t witness);

static inline bool ring_seat_active(const struct ring_seat *s, uint64_t at)
{
    return s->admitted_at < at && s->revoked_at >= at;
}

/* Never NULL for side < SIDES_MAX. */
const struct ring_side *keyring_side(const struct keyring *ring, uint32_t side);

/* The root of a side as of at; NULL while it has not joined. */
const struct ring_root *keyring_root(const struct keyring *ring, uint32_t side, uint64_t at);

/* The side whose root has this kid, as of at, or SIDE_NONE; a root that was replaced below at is
 * nobody's any more. */
uint32_t keyring_find_root(const struct keyring *ring, const struct kid *kid, uint64_t at);

/* The naming of a side in force as of at; NULL while it has no group. */
const struct ring_naming *keyring_naming(const struct keyring *ring, uint32_t side, uint64_t at);

/* Was this witness named by its side below at, in any naming? */
bool keyring_named(const struct keyring *ring, uint32_t witness, uint64_t at);

/* All namings in log order.  Pointers to namings and terms hold until the next act is taken in. */
size_t keyring_namings(const struct keyring *ring);
const struct ring_naming *keyring_naming_at(const struct keyring *ring, size_t i);

uint32_t keyring_terms(const struct keyring *ring);
const struct ring_term *keyring_term(const struct keyring *ring, uint32_t term);

/* The term for which the checkpoint of this size speaks: that of leaf size - 1; 0 for size 0. */
uint32_t keyring_term_of_size(const struct keyring *ring, uint64_t size);

/* Bytes of memory that grow with the log. */
size_t keyring_memory(const struct keyring *ring);

/* A fingerprint that people compare aloud is the root's kid: id_spoken(side->root_kid.b). */

#endif
