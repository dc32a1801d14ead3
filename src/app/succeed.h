/* SPDX-License-Identifier: Apache-2.0
 *
 * A table goes on at a new host (docs/FORMAT.md section 11): the old one is gone, or not to be
 * trusted.
 *
 *     succeed_move(r, dir, ...)     the principal of each side: the record up to what every side has
 *                                   countersigned is brought there, his root signs the succession
 *     sync (app/sync.h)             every seat, once all have: what the old host noted behind that is
 *                                   given up, what is new is taken in
 *     succeed_refile(r, ...)        what of it was this seat's own is filed again
 *
 * DESIGN.  What goes along is what any side has countersigned: a host that hides the sides'
 * countersignatures from each other could else have each of them leave out what all of them had
 * signed.  Who has signed a succession countersigns nothing more of the old term.  What was final
 * stays: a replica follows nobody to a record that parts from its own below
 * the largest size that it has ever known to be countersigned by every side (its floor).  What is
 * given up is not lost: acts of this seat are kept in the notebook until they are filed again, the
 * old host's checkpoint is kept as evidence.
 */
#ifndef ENTENTE_APP_SUCCEED_H
#define ENTENTE_APP_SUCCEED_H

#include "app/replica.h"

/* ---- moving ---- */

struct succession_plan {
    uint64_t size; /* w: what goes along; all that any side has countersigned */
    struct root_hash root;
    uint64_t behind; /* acts held behind it, which do not */
    uint32_t term;   /* that begins */
};

/* What this replica would sign: that of the succession which has begun at the host of the folder, or
 * else as far as this side has countersigned.  ERR_STATE where not every side has countersigned anything, or what is there
 * does not fit what is held here. */
MUST_CHECK bool succeed_plan(struct replica *r, const char *dir, struct succession_plan *out,
                             struct err *err);

/* SUCCEED_INSTEAD: this root has signed a succession to another host that did not come about. */
enum succeed_how { SUCCEED_FIRST, SUCCEED_INSTEAD };

struct succeed_report {
    struct succession_plan plan;
    bool complete;    /* the new host signs: the replica's host is now there, and sync follows */
    uint32_t missing; /* bits: sides whose principals have still to do the same */
};

/* Brings the record to the host of the folder dir, made where it is missing, and posts this side's
 * succession there.  Doing it again changes nothing.  ERR_KEY without the root's key; ERR_STATE
 * where another record is there, or a succession of another size or host has begun, or another was
 * signed before (and SUCCEED_FIRST). */
MUST_CHECK bool succeed_move(struct replica *r, const char *dir, enum succeed_how how,
                             struct succeed_report *out, struct err *err);

/* Has this machine's root signed a succession that the record here does not have?  Then it
 * countersigns nothing: what every side has countersigned must not grow beyond w any more. */
MUST_CHECK bool succeed_signed(struct replica *r, bool *out, struct err *err);

/* ---- following: for app/sync ---- */

/* Does this checkpoint speak for a host that the record here does not know? */
bool succeed_due(const struct replica *r, const struct note *note, const struct checkpoint *cp);

/* Is the host that this replica is led to another than the one that its record names? */
bool succeed_elsewhere(const struct replica *r);

/* In a transaction: gives up what the record here has and that of the host of r->link, whose
 * checkpoint cp is, has not; afterwards the handle is at the last act that both have.  ERR_VERIFY
 * where they part below the floor. */
MUST_CHECK bool succeed_cut(struct replica *r, const struct checkpoint *cp, struct err *err);

/* ---- what was given up ---- */

struct refiled {
    uint32_t again; /* filed again */
    uint32_t left;  /* kept: they could not be */
    struct err why; /* of the first that is left */
};

/* How many acts of this seat wait to be filed again. */
MUST_CHECK bool succeed_waiting(struct replica *r, uint32_t *out, struct err *err);

/* Each of them in words, as act_words tells an act (the record's own acts: their names); in order. */
MUST_CHECK bool succeed_tell(struct replica *r, struct arena *mem, struct buf *out,
                             struct err *err);

/* REFILE_RECORD: only the record's own acts: seats admitted and revoked, witnesses named.  They are
 * nobody's new decision, and a revocation must not wait.  Each act is filed once, also where this is
 * interrupted and done again.  False: the host cannot be reached, and the like. */
enum refile_what { REFILE_RECORD, REFILE_ALL };
MUST_CHECK bool succeed_refile(struct replica *r, enum refile_what what, struct refiled *out,
                               struct err *err);

/* They are wanted no more. */
MUST_CHECK bool succeed_drop(struct replica *r, struct err *err);

#endif
