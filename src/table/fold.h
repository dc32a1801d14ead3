/* SPDX-License-Identifier: Apache-2.0
 *
 * The fold: acts in log order in, the state of the table out.  A pure function: state after s acts
 * depends on the first s leaves (and, for rooms that only some can read, on what this seat could
 * open) and on nothing else.  At index j it reads nothing at or above j; a verdict that waits for
 * countersign acts is pending until the act that settles it.
 *
 *     fold_new(mem, ring, log, &f, err);
 *     for each act in order:  fold_step(f, &va, opened or NULL, err);
 *     state = fold_state(f);
 *
 * fold_step fails only where memory is short or the caller errs; an act that breaks a rule is
 * accepted as void and remembered so.
 * After a failure the fold is only to be dropped: every later step fails, too.
 */
#ifndef ENTENTE_TABLE_FOLD_H
#define ENTENTE_TABLE_FOLD_H

#include "record/door.h"
#include "table/refusal.h"
#include "table/state.h"

struct fold;

/* How this seat could open a sealed act; made by app, which holds the keys. */
struct opened {
    const struct content *content;
    bool by_identity; /* sealed to seats' own identities: tag of zeros */
    bool has_key;     /* else: opened with a room's key, this one.  Which room's it is, is for the
                           fold to say: by the epoch acts that it has found good */
    uint8_t key[32];  /* its public half */
    bool granted;     /* by a file key that a grant gave; counts only for acts by identity */
    bool epoch_key_holds;             /* of an epoch act: X25519(secret, 9) is its public key */
    uint8_t sealed_to[SEATS_MAX / 8]; /* of an epoch act: bit i: a good stanza to seat i is there */
    bool matches; /* content_match held; false: the act is void for all who can open it */
};

/* The ring and log may already hold more than the prefix: every question is asked as of a prefix.
 * All three must outlive it; its own memory grows in mem with the live state. */
MUST_CHECK bool fold_new(struct arena *mem, const struct keyring *ring,
                         const struct witness_log *log, struct fold **out, struct err *err);

/* For a seat that has no charter, or not yet: the sides of the table, as its invitation names them
 * (of `sides` the sides and their counts alone are read; it must outlive the fold).  By them it
 * judges which keys its rooms have; all else waits for the charter.  reads_charter false: it never
 * takes one (monitors, consulted sides: with the charter and without the plenary it would hold its
 * table for provisional for ever).  Before the first step. */
void fold_tell_sides(struct fold *f, const struct charter *sides, bool reads_charter);

/* The charter, or else the sides that the fold was told, or NULL. */
const struct charter *fold_sides(const struct fold *f);

/* The next act.  o is NULL where it is a control act, or this seat could not open it. */
MUST_CHECK bool fold_step(struct fold *f, const struct verified_act *va, const struct opened *o,
                          struct err *err);

uint64_t fold_size(const struct fold *f);
const struct table_state *fold_state(const struct fold *f);
const struct beside *fold_beside(const struct fold *f);
const struct private_state *fold_private(const struct fold *f);

/* Why the act at index is void, or NULL where it is not (or its room is not ours).  Of a side's void
 * acts but the newest 64 the words name the rule alone.  Holds until the next step. */
const struct void_note *fold_void(const struct fold *f, uint64_t index);

/* The desk's question: would this act, of that seat, signed now upon all that the fold has read,
 * be accepted?  Neither the fold nor its memory changes.  out says why not. */
MUST_CHECK bool fold_would_accept(const struct fold *f, uint32_t seat, const struct payload *p,
                                  struct arena *mem, struct refusal *out);

/* The newest good epoch of a room as of a size, or NULL: then it has no key yet. */
const struct epoch_state *fold_epoch(const struct fold *f, struct room room, uint64_t size);

/* The good epoch that the act at this index has given a room, or NULL. */
const struct epoch_state *fold_epoch_at(const struct fold *f, uint64_t index);

/* Have its members changed since? */
bool fold_epoch_stale(const struct fold *f, const struct epoch_state *e);

/* May this seat give the room a key? */
bool fold_may_rekey(const struct fold *f, struct room room, uint32_t seat);

/* Good epochs of plenary and monitors, for a seat that came at index `since` (of the act that
 * admitted it), which follow one that it was not given: from an act of before its time, so that it
 * reads nothing of what was sealed to that one.  False: none. */
struct missing_epoch {
    struct room room;
    uint32_t number;   /* of the key that is missing */
    uint64_t named_at; /* the act that says there was one */
};
bool fold_missing_epoch(const struct fold *f, uint64_t since, struct missing_epoch *out);

#endif
