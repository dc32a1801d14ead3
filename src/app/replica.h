/* SPDX-License-Identifier: Apache-2.0
 *
 * A seat's replica of one table: its folder, opened.  The whole record in a store, checked through
 * a door; what this seat could open, folded into the state of the table.
 *
 *     DIR/replica        the store          DIR/seat.key       the key file (crypto/keyfile)
 *     DIR/lock           one user at a time DIR/guard.seat, guard.root, guard.witness
 *
 * Without the keys one reads in it what the host sees too: who wrote when and how much, and of which
 * side the seat is, by number.  Names, role and the host's place are sealed (app/private.h).
 *
 * DESIGN.  replica_open brings door, openings and fold up to what is stored; sync (app/sync.h)
 * takes in what is new and posts what waits; act (app/act.h) makes one act.  A replica handle is
 * for one use case and is closed after it: the lock is never held for longer.
 */
#ifndef ENTENTE_APP_REPLICA_H
#define ENTENTE_APP_REPLICA_H

#include "app/keys.h"
#include "app/opening.h"
#include "host/link.h"
#include "os/clock.h"
#include "os/lock.h"
#include "os/pool.h"
#include "os/region.h"
#include "store/guard.h"
#include "table/fold.h"

#define REPLICA_PATH_MAX 3800u

/* Names of small things in the store: acts wait to be opened with keys that came after them; the
 * first act whose author takes another state for final. */
#define REPLICA_REOPEN "reopen"
#define REPLICA_ALARM "alarm"

struct replica {
    char dir[REPLICA_PATH_MAX];
    struct clock *clock;    /* borrowed; own_clock in a rehearsal */
    struct clock own_clock; /* goes on from where a rehearsal had come to */
    bool rehearsal;
    uint64_t day0; /* of a rehearsal: midnight of its day 0 */
    struct chance chance;
    struct lock lock;
    struct region memory;  /* door, openings and small things: as long as the handle */
    struct region folding; /* the fold, made anew when older acts open */
    struct region scratch; /* one act or one answer; wiped after each */
    struct store *store;
    struct keys *keys; /* borrowed; NULL: only the record can be looked at, nothing opened */
    struct door *door;
    struct openings openings;
    struct fold *fold;
    struct pool *pool;
    struct host_link link; /* {0} until it is needed */
    struct table_id table;
    uint32_t side; /* that this seat sits for */
    uint32_t post;
    struct charter sides;     /* as the invitation told them: sides and their counts alone */
    bool reads_charter;       /* of a side that negotiates */
    uint32_t seat;            /* its number in the keyring, SEAT_NONE until it is admitted */
    char host[FILE_PATH_MAX]; /* where the host is */
    bool synced;              /* this handle has seen the host's log: only then it signs */
    bool moved;               /* this handle has followed the table to a new host ... */
    uint64_t given_up;        /* ... and given up these many acts of the old one */
    uint64_t opened_size;     /* acts that it had when it was opened */
    bool spoiled;             /* it could not be brought back to what is stored */
    struct buf promise;       /* the host's note for the act posted last */
    uint64_t alarms;          /* acts found by this handle whose author sees another final state */
    uint64_t alarm_first;     /* the first ever found by this replica; INDEX_NEVER: none */
};

/* What a new replica is told. */
struct replica_setup {
    const char *dir;
    struct table_id table;
    uint32_t side;
    uint32_t post;
    const char *host;
    struct text role;      /* "party": for views of seats that cannot read the charter */
    struct bytes who;      /* CBOR of who is who: app/join.h */
    struct text name;      /* of the person, to be introduced by; may be empty */
    struct bytes founding; /* F */
};

/* Makes the folder, the store, the guards.  keys are already on disk (DIR/seat.key) or are to be
 * put there by the caller. */
MUST_CHECK bool replica_create(const struct replica_setup *setup, struct keys *keys,
                               const struct chance *chance, struct err *err);

/* Opens and loads.  keys may be NULL.  who: a short name for the lock ("sync"). */
MUST_CHECK bool replica_open(const char *dir, struct keys *keys, struct clock *clock,
                             const struct chance *chance, const char *who, struct replica *out,
                             struct err *err);
/* Lets go of the lock and keeps what was read in memory, for whoever opens the same folder next.  False:
 * something was done with it, or is still to be done; it is to be closed. */
bool replica_rest(struct replica *r);
/* Takes the lock again.  False: somebody has written meanwhile, or it cannot be had; it is to be closed. */
bool replica_wake(struct replica *r, struct clock *clock, const struct chance *chance,
                  const char *who);

void replica_close(struct replica *r); /* {0} is fine */

/* The link to its host, opened at the first call. */
MUST_CHECK bool replica_link(struct replica *r, struct err *err);

/* Door, openings and fold as stored again: after a failure has undone what they had taken in. */
MUST_CHECK bool replica_reload(struct replica *r, struct err *err);

/* Makes the fold anew from what is stored, and learns the keys that it finds good: after older acts
 * became readable. */
MUST_CHECK bool replica_refold(struct replica *r, struct err *err);

/* The fold over the final prefix alone, in r->scratch (so until the next use of it). */
MUST_CHECK bool replica_final_digest(struct replica *r, uint64_t *out_size, struct digest *out,
                                     struct err *err);

/* Folds the stored record up to size, leaving out one act (INDEX_NEVER: none): what a test of
 * inertness asks.  In r->scratch. */
MUST_CHECK bool replica_digest_without(struct replica *r, uint64_t size, uint64_t without,
                                       struct digest *out, struct err *err);

/* Each condition of a phase's gate, asked by somebody who holds the first `size` acts.  Words are in
 * r->scratch. */
struct gate_answer;
MUST_CHECK bool replica_gate_at(struct replica *r, uint64_t size, uint32_t phase,
                                struct gate_answer *out, struct err *err);

/* Shows the state as it was after the first `size` acts; it is gone when the visit returns. */
typedef bool replica_visit(void *ctx, const struct table_state *s, struct err *err);
MUST_CHECK bool replica_at(struct replica *r, uint64_t size, replica_visit *visit, void *ctx,
                           struct err *err);

/* Looks up again which seat of the keyring is ours: after acts came in. */
void replica_find_self(struct replica *r);

/* What this seat has of an act; views in mem. */
MUST_CHECK bool replica_act(struct replica *r, uint64_t index, struct arena *mem,
                            struct act *out_act, struct opened_act *out, struct err *err);

/* Small things that the store remembers by name. */
MUST_CHECK bool replica_value(struct replica *r, const char *name, struct arena *mem,
                              struct bytes *out, struct err *err);

/* The same of what only this seat reads; nothing without keys. */
MUST_CHECK bool replica_private(struct replica *r, const char *name, struct arena *mem,
                                struct bytes *out, struct err *err);

/* The folder is of a rehearsal: from now on its clock runs so many seconds ahead of the world's
 * (behind it, where negative), and says so. */
MUST_CHECK bool replica_rehearse(struct replica *r, int64_t ahead, uint64_t day0, struct err *err);

/* From now on the host is there. */
MUST_CHECK bool replica_move_host(struct replica *r, const char *host, struct err *err);

/* Does a charter let this seat judge?  (Monitors and consulted sides have none.) */
static inline bool replica_has_charter(const struct replica *r)
{
    return fold_state(r->fold)->has_charter;
}

/* Is there a key of plenary or monitors, of before this seat came, that it was not given?  Then it does
 * not read all that the others read, and its state may be another than theirs. */
bool replica_missing(const struct replica *r, struct missing_epoch *out);

/* Joins a folder and a name; false where it would be too long. */
MUST_CHECK bool replica_path(const char *dir, const char *name, char out[static FILE_PATH_MAX],
                             struct err *err);

#endif
